// Every call of Latchkey's API, for a page that draws the forms itself.

import type {
  Activate,
  Authenticate,
  Callback,
  CaptchaTask,
  OwnSession,
  Problem,
  RecoverPassword,
  Register,
  Session,
  UnlockAccount,
  User,
  Values,
} from "./api.js";
import { AccountClient } from "./account.js";
import { ConnectionError, ProblemError } from "./errors.js";
import { overlay, stepUp, type SignInRequest } from "./step-up.js";
import type { Transaction } from "./steps.js";

export type {
  Activate,
  AnswerValue,
  Authenticate,
  Authenticator,
  Callback,
  CaptchaTask,
  Choice,
  ChoiceValue,
  ConsentDetail,
  ConsentRequest,
  ConsentScope,
  ContextualData,
  Enrollment,
  Feature,
  Form,
  GracePeriod,
  Input,
  InputKind,
  JsonValue,
  Message,
  MessageClass,
  MessageLink,
  OwnSession,
  Problem,
  ProblemCode,
  RecoverPassword,
  Register,
  Session,
  SimpleValue,
  Status,
  UnlockAccount,
  User,
  Values,
} from "./api.js";
export { AccountClient } from "./account.js";
export { ConnectionError, ProblemError } from "./errors.js";
export { passkey, type CreatedPasskey, type UsedPasskey } from "./passkey.js";
export type { SignInRequest } from "./step-up.js";
export type { NamedStep, OtherStep, Step, StepName, Transaction } from "./steps.js";

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal;
}

export interface ClientOptions {
  /** The origin of the Latchkey server; the page's own without one. */
  server?: string;
  /** The language of the org's messages, such as `de`; the browser's without one. */
  language?: string;
  /**
   * Called when `fetch` finds that no person is signed in, or that an API asks for a stronger or fresher sign-in. When it resolves,
   * the held request is sent once more, unless it resolves to `false`. Without it, `<latchkey-sign-in mode="overlay">` in the page
   * is used.
   */
  signIn?: (request: SignInRequest) => Promise<unknown>;
}

/** Where a tab keeps its flow, so that a reload finds it. */
const FLOW = "latchkey.client.flow";
/** Where every tab of the origin and the element say that a person has signed in or out, by the name of the element's event. */
const CHANNEL = "latchkey";
/** The interval of a step that names none, and the shortest at which an org is polled. */
const DEFAULT_POLL_INTERVAL_MS = 4000;
const MIN_POLL_INTERVAL_MS = 1000;

interface Request extends CallOptions {
  body?: object;
  /** Whether the call names the flow. */
  inFlow?: boolean;
}

export class Client {
  /** The signed-in person's own account. */
  readonly account = new AccountClient((method, path, body) => this.#call(method, `account${path}`, body && { body }));
  readonly server: string;
  language: string | undefined;
  readonly #signIn: (request: SignInRequest) => Promise<unknown>;
  #signingIn: Promise<unknown> | undefined;
  #flow: string | undefined;
  #sent = 0;
  #kept = 0;

  constructor({ server = "", language, signIn = overlay }: ClientOptions = {}) {
    this.server = server.replace(/\/$/, "");
    this.language = language;
    this.#signIn = signIn;
    this.#flow = store((storage) => storage.getItem(FLOW)) ?? undefined;
  }

  /** Begins to sign in. */
  authenticate(values: Authenticate = {}, options?: CallOptions): Promise<Transaction> {
    return this.#step("authenticate", values, options);
  }

  /** Begins to sign up. */
  register(values: Register = {}, options?: CallOptions): Promise<Transaction> {
    return this.#step("register", values, options);
  }

  /** Begins to recover a password. */
  recoverPassword(values: RecoverPassword = {}, options?: CallOptions): Promise<Transaction> {
    return this.#step("recover-password", values, options);
  }

  /** Begins to unlock an account. */
  unlockAccount(values: UnlockAccount = {}, options?: CallOptions): Promise<Transaction> {
    return this.#step("unlock-account", values, options);
  }

  /** Begins to activate a device that shows a code. */
  activate(values: Activate = {}, options?: CallOptions): Promise<Transaction> {
    return this.#step("activate", values, options);
  }

  /** Answers the next step, by the names of its inputs; `{ skip: true }`, `{ resend: true }` or `{ step }` where it allows them. */
  proceed(values: Values, options?: CallOptions): Promise<Transaction> {
    return this.#step("proceed", values, options, true);
  }

  /** Ends the flow. */
  cancel(options?: CallOptions): Promise<Transaction> {
    return this.#step("cancel", {}, options, true);
  }

  /** Continues with the query that a browser came back with to `/login/callback`. */
  callback(values: Callback, options?: CallOptions): Promise<Transaction> {
    return this.#step("callback", values, options, true);
  }

  /** Where the flow stands, for instance after a reload; nothing if there is none. */
  async current(options?: CallOptions): Promise<Transaction | undefined> {
    return this.#keep(await this.#call("GET", "idx", { ...options, inFlow: true }));
  }

  /**
   * Asks once whether something has happened on another device. A mailed link that was opened in another tab ends the flow
   * there. This tab's call then finds no flow (404), or comes with the session from before that sign-in (401): if a person is
   * signed in by then, the answer is `SUCCESS`.
   */
  async poll(options?: CallOptions): Promise<Transaction> {
    const flow = this.#flow;
    try {
      return await this.#step("poll", {}, options, true);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.transaction) return error.transaction;
      const isOver = error.code === "no_transaction" || error.code === "not_signed_in";
      if (!isOver || !(await this.session({ touch: false, ...options })).authenticated) throw error;
      return this.#keep({ transaction: flow ?? "", status: "SUCCESS", availableSteps: [], enabledFeatures: [], messages: [] });
    }
  }

  /**
   * Polls as often as the org asks (`pollInterval`), and returns the first transaction that has another step, a message or an
   * end.
   */
  async wait(transaction: Transaction, options: CallOptions = {}): Promise<Transaction> {
    const before = JSON.stringify(transaction.nextStep);
    let now = transaction;
    do {
      await pause(pollInterval(now) ?? DEFAULT_POLL_INTERVAL_MS, options.signal);
      now = await this.poll(options);
    } while (now.status === "PENDING" && !now.messages.length && JSON.stringify(now.nextStep) === before);
    return now;
  }

  /** How the token for the input `captchaVerify` is made, when the transaction has a CAPTCHA. */
  captcha(options?: CallOptions): Promise<CaptchaTask> {
    return this.#call("POST", "idx/captcha", { ...options, body: {}, inFlow: true });
  }

  /** Who is signed in. With `touch: false` the question does not prolong the session. */
  session({ touch = true, ...options }: CallOptions & { touch?: boolean } = {}): Promise<Session> {
    return this.#call("GET", touch ? "session" : "session?touch=0", options);
  }

  /** The person's claims as the org has them now. */
  userinfo(options?: CallOptions): Promise<User> {
    return this.#call("GET", "userinfo", options);
  }

  /** The person's sessions, the newest first. */
  async sessions(options?: CallOptions): Promise<OwnSession[]> {
    return (await this.#call<{ sessions: OwnSession[] }>("GET", "sessions", options)).sessions;
  }

  /** Ends one of the person's sessions. */
  endSession(id: string, options?: CallOptions): Promise<void> {
    return this.#call("DELETE", `sessions/${encodeURIComponent(id)}`, options);
  }

  /** Ends the person's other sessions. */
  endOtherSessions(options?: CallOptions): Promise<void> {
    return this.#call("DELETE", "sessions", options);
  }

  /** Signs out. If the answer has a `signOutHref`, the browser has to go there to end the org's session as well. */
  async logout(options?: CallOptions): Promise<Session> {
    const session = await this.#call<Session>("POST", "logout", { ...options, body: {} });
    announce("latchkey-signed-out");
    return session;
  }

  /** The API as OpenAPI. */
  openapi(options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#call("GET", "openapi.json", options);
  }

  /**
   * Calls an API that the server lists under `[proxy]`: `fetch("orders/1")` is `/api/proxy/orders/1`. The answer is that of the
   * API, or a problem of the server. Without a session, or if the API asks for a stronger or fresher sign-in (RFC 9470), the person
   * signs in (see `ClientOptions.signIn`), and the request is sent once more.
   */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const url = `${this.server}/api/proxy/${path.replace(/^\//, "")}`;
    const headers = new Headers(init.headers);
    headers.set("X-CSRF", "1");
    const request = new globalThis.Request(url, { ...init, headers, credentials: "include" });
    const held = request.clone();
    const response = await fetch(request);
    const hasEnded = await isSignedOut(response);
    const asked = hasEnded ? {} : stepUp(response);
    if (!asked) return response;
    if (hasEnded) announce("latchkey-signed-out");
    // Requests that are held at the same time wait for one sign-in.
    this.#signingIn ??= this.#signIn(asked).finally(() => (this.#signingIn = undefined));
    return (await this.#signingIn) === false ? response : fetch(held);
  }

  /**
   * Calls `listener` with the session now, and whenever a person has signed in or out: here, with this client or the element, in
   * another tab of this origin, or elsewhere by the time that the window is used again. Returns the function that ends it.
   */
  watch(listener: (session: Session) => void): () => void {
    let last: string | undefined;
    let latest = 0;
    const check = async () => {
      const number = ++latest;
      // A server that cannot be reached has not signed the person out.
      const session = await this.session({ touch: false }).catch(() => undefined);
      const now = session && String(session.authenticated && session.user?.sub);
      if (!session || number !== latest || now === last) return;
      last = now;
      listener(session);
    };
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = check;
    addEventListener("focus", check);
    check();
    return () => {
      latest = -1;
      channel.close();
      removeEventListener("focus", check);
    };
  }

  async #step(name: string, body: object, options?: CallOptions, inFlow = false): Promise<Transaction> {
    const sent = ++this.#sent;
    try {
      return this.#keep(await this.#call<Transaction>("POST", `idx/${name}`, { ...options, body, inFlow }), sent);
    } catch (error) {
      if (error instanceof ProblemError && error.transaction) this.#keep(error.transaction, sent);
      throw error;
    }
  }

  /** Keeps the name of the flow and its step for the next call, unless a later call has been answered already. */
  #keep<Answer extends Transaction | undefined>(transaction: Answer, sent = ++this.#sent): Answer {
    if (!transaction || sent < this.#kept) return transaction;
    this.#kept = sent;
    const over = transaction.status !== "PENDING";
    this.#flow = over ? undefined : transaction.transaction;
    store((storage) => (over ? storage.removeItem(FLOW) : storage.setItem(FLOW, transaction.transaction)));
    if (transaction.status === "SUCCESS") announce("latchkey-signed-in");
    return transaction;
  }

  async #call<Answer>(method: string, path: string, { body, signal, inFlow }: Request = {}): Promise<Answer> {
    const headers: Record<string, string> = { "X-CSRF": "1", Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (this.language) headers["Accept-Language"] = this.language;
    if (inFlow && this.#flow) headers["X-Transaction"] = this.#flow;
    const init = { method, headers, credentials: "include", ...(body && { body: JSON.stringify(body) }), ...(signal && { signal }) } as const;
    let response, answer;
    try {
      response = await fetch(`${this.server}/api/${path}`, init);
      if (response.status === 204) return undefined as Answer;
      answer = await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      const why = response ? `What answered is not Latchkey (status ${response.status})` : "Latchkey cannot be reached";
      throw new ConnectionError(`${why}: ${response?.url || this.server || "this page's origin"}`, { cause });
    }
    if (response.ok) return answer;
    if (!answer?.code) throw new ConnectionError(`What answered is not Latchkey (status ${response.status}): ${response.url}`);
    throw new ProblemError(answer as Problem);
  }
}

/** Milliseconds until the next poll; nothing if no other device can continue the flow. */
export function pollInterval({ nextStep, availableSteps }: Transaction): number | undefined {
  const waiting = [nextStep, ...availableSteps].find((step) => step?.poll || step?.name.endsWith("-poll"));
  return waiting && Math.max(waiting.poll?.refresh ?? DEFAULT_POLL_INTERVAL_MS, MIN_POLL_INTERVAL_MS);
}

/** Whether Latchkey has refused a call because no person is signed in; an API may answer 401 for reasons of its own. */
async function isSignedOut(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body = await response.clone().json().catch(() => undefined);
  return body?.code === "not_signed_in";
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Says to the element and to every tab of this origin, this one included, that a person has signed in or out. */
function announce(event: string) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(event);
  channel.close();
}

/** The storage of the tab; without one, or where it is refused, nothing is kept. */
function store<Value>(use: (storage: Storage) => Value): Value | undefined {
  try {
    return globalThis.window && use(window.sessionStorage);
  } catch {
    return undefined;
  }
}
