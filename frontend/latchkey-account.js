// The element <latchkey-account>, for other pages: the account of the signed-in person, which the program of the sign-in shows.
import { language, load, speak } from "./boot.js";
import { textsOf } from "./latchkey-languages.js";
import { named, nearestLanguage, observeSurroundings } from "./latchkey-surroundings.js";

const { origin } = new URL(import.meta.url);
const at = (name) => new URL(name, import.meta.url).href;
const made = (name, about, ...children) => {
  const element = Object.assign(document.createElement(name), about);
  if (about.className) element.part = about.className;
  element.append(...children);
  return element;
};

/** On this channel, every tab of the origin says that a person has signed in or out, by the name of the event. */
const channel = new BroadcastChannel("latchkey");
const SIGNED_OUT = "latchkey-signed-out";

/** What is said if the program cannot be loaded. The texts of the program have it in other languages. */
const NOT_LOADED = "Part of this page could not be loaded. Check your connection.";
const TRY_AGAIN = "Try again";

async function call(path, about) {
  const response = await fetch(origin + path, { credentials: "include", headers: { "X-CSRF": "1", "Content-Type": "application/json" }, ...about });
  if (!response.ok) throw new Error(`The sign-in server refused ${path} (status ${response.status}).`);
  return response;
}

class LatchkeyAccount extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  /** The host of the program and the place of the screens, while an account is shown. */
  #shown;
  #surroundings = new MutationObserver(() => this.#followLanguage());

  connectedCallback() {
    observeSurroundings(this.#surroundings, this);
    this.refresh();
  }

  disconnectedCallback() {
    this.#surroundings.disconnect();
  }

  /** The language of the element. */
  get #language() {
    return language([nearestLanguage(this), ...navigator.languages], "");
  }

  /** Asks the server who is signed in, and shows their account. */
  async refresh() {
    const tag = this.#language;
    this.#shown = undefined;
    const session = await call("/api/session?touch=0").then((response) => response.json(), () => ({}));
    const sheets = ["./style/main.css", "./style/late.css"].map((name) => made("link", { rel: "stylesheet", href: at(name), crossOrigin: "anonymous" }));
    const stage = made("div", { className: "stage" });
    const slots = { logo: named("logo"), footer: named("footer") };
    const frame = made("div", { className: "guest" }, made("div", { className: "card" }, stage));
    speak(frame, tag);
    this.#root.replaceChildren(...sheets, frame);
    if (!session.authenticated) return stage.append(made("slot", {}));
    stage.before(slots.logo);
    frame.append(slots.footer);
    await this.#show({ stage, frame, slots }, tag, session.user ?? {});
  }

  /** Signs the person out, here and in every other tab. */
  async signOut() {
    const { signOutHref } = await (await call("/api/logout", { method: "POST", body: "{}" })).json();
    channel.postMessage(SIGNED_OUT);
    this.#signedOut();
    if (signOutHref) location.assign(signOutHref);
  }

  async #show(place, tag, user) {
    const { stage } = place;
    const texts = await textsOf(tag, origin, {}, place).catch(() => ({}));
    const username = user.preferred_username ?? user.email ?? "";
    const host = {
      server: origin,
      language: tag,
      texts,
      username,
      name: user.name ?? username,
      signOut: () => this.signOut(),
      signedOut: () => this.#signedOut(),
      stepUp: (needed) => this.#stepUp(needed, username),
    };
    this.#shown = { host, place };
    const failed = () => this.#failed(stage, texts, () => this.#show(place, tag, user));
    stage.replaceChildren();
    try {
      const { showAccount } = await load(at("./latchkey-frontend.js"), at("./latchkey-frontend_bg.wasm"));
      showAccount(stage, host, failed);
    } catch (error) {
      console.warn(error);
      failed();
    }
  }

  /** Shows the same in another language, once the page has one. What is typed stays. */
  async #followLanguage() {
    const tag = this.#language;
    if (!this.#shown || tag === this.#shown.host.language) return;
    const { host, place } = this.#shown;
    const texts = await textsOf(tag, origin, {}, place).catch(() => ({}));
    if (tag !== this.#language) return;
    Object.assign(host, { language: tag, texts });
    speak(place.frame, tag);
    place.stage.dispatchEvent(new Event("languagechange"));
  }

  /** A message with a button that loads the program again. */
  #failed(stage, texts, again) {
    const retry = made("button", { className: "link", type: "button", onclick: again }, texts[TRY_AGAIN] ?? TRY_AGAIN);
    stage.replaceChildren(made("p", { className: "banner banner--error", role: "alert" }, texts[NOT_LOADED] ?? NOT_LOADED, " ", retry));
  }

  #signedOut() {
    this.dispatchEvent(new CustomEvent(SIGNED_OUT, { bubbles: true, composed: true }));
    this.refresh();
  }

  /** A page that signs people in itself cancels the event; else the browser goes to the sign-in page and comes back. */
  #stepUp(needed, username) {
    const event = new CustomEvent("latchkey-step-up", { bubbles: true, composed: true, cancelable: true, detail: needed });
    if (!this.dispatchEvent(event)) return;
    const query = { acr_values: needed.acrValues, max_age: needed.maxAge, login_hint: username, return_to: location.href };
    const given = Object.entries(query).filter(([, value]) => value);
    location.assign(`${origin}/login?${new URLSearchParams(given)}`);
  }
}

customElements.define("latchkey-account", LatchkeyAccount);
