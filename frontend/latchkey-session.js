// Who is signed in at the server: asked for, and watched until the session ends.

/** How long before its end the page is warned of it. */
const WARNING_MS = 60_000;
/** The shortest and the longest time between two looks at a session that ends. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 2 ** 31 - 1;
/** A look that does not extend the session. */
const LOOK = "?touch=0";

export class SessionWatch {
  /** An object, null for no person, and undefined before the server has said it. */
  current;
  /** The number of questions who is signed in; only the reply to the last one counts. */
  #questions = 0;
  #timer;
  /** The end of which the page was warned. */
  #warnedOf;

  /** `changed` is called with the session before and after each reply, `expires` with the seconds that are left. */
  constructor(serverOrigin, changed, expires) {
    this.serverOrigin = serverOrigin;
    this.changed = changed;
    this.expires = expires;
  }

  /** Calls the server. */
  async call(path, about) {
    const headers = { "X-CSRF": "1", "Content-Type": "application/json" };
    const response = await fetch(this.serverOrigin() + path, { credentials: "include", headers, ...about });
    if (!response.ok) throw new Error(`The sign-in server refused ${path} (status ${response.status}).`);
    return response;
  }

  /** Signs the person out, and goes on to the page of the org that the server names, if it names one. */
  async signOut(everywhere) {
    if (everywhere) await this.call("/api/sessions", { method: "DELETE" });
    const { signOutHref } = await (await this.call("/api/logout", { method: "POST", body: "{}" })).json();
    await this.refresh();
    if (signOutHref) location.assign(signOutHref);
  }

  /** Asks who is signed in: another tab, or the page itself, may have changed that. */
  async refresh(query = "") {
    this.#questions += 1;
    const question = this.#questions;
    const { authenticated, user, expiresAt } = await (await this.call(`/api/session${query}`)).json();
    if (question !== this.#questions) return;
    const before = this.current;
    this.current = authenticated ? { user, expiresAt } : null;
    this.changed(before, this.current);
    this.#watch();
  }

  /** Forgets the session, and the replies that are still to come. */
  forget() {
    this.#questions += 1;
    this.current = undefined;
    this.stop();
  }

  /** Stops watching. */
  stop() {
    clearTimeout(this.#timer);
  }

  /** Looks again before the end, which another tab may have moved, and at the end. */
  #watch() {
    this.stop();
    if (!this.current) return;
    const { expiresAt } = this.current;
    const left = expiresAt * 1000 - Date.now();
    const isNear = left <= WARNING_MS;
    const delay = Math.min(Math.max(isNear ? left : left - WARNING_MS, MIN_DELAY_MS), MAX_DELAY_MS);
    this.#timer = setTimeout(() => this.refresh(LOOK).catch(() => this.#watch()), delay);
    if (!isNear || this.#warnedOf === expiresAt) return;
    this.#warnedOf = expiresAt;
    this.expires(Math.max(0, Math.round(left / 1000)));
  }
}
