// The element <latchkey-sign-in>, for other pages. There is one program, so a page can have one element.
import { language, run, tellOfSight } from "./boot.js";

const { origin } = new URL(import.meta.url);
const at = (name) => new URL(name, import.meta.url).href;
const made = (name, about) => Object.assign(document.createElement(name), about);

const sheet = made("link", { rel: "stylesheet", href: at("./style/main.css"), crossOrigin: "anonymous" });
/** The screens; hidden until the first one is drawn. */
const frame = made("div", { className: "guest", hidden: true });
const container = made("div", { className: "card" });
container.part = "card";
frame.append(container);
/** Shows what stands between the tags of the element, until the first screen is drawn. */
const fallback = document.createElement("slot");

/** On this channel, every tab of the origin and the package @latchkey/client say that a person has signed in or out, by the event's name. */
const channel = new BroadcastChannel("latchkey");

const SIGNED_IN = "latchkey-signed-in";
const SIGNED_OUT = "latchkey-signed-out";

/** The page of each flow at the server; the program is opened at one of them. */
const PATHS = { "sign-in": "/login", register: "/register", "recover-password": "/recover-password", "unlock-account": "/unlock-account" };

/** Properties by the attributes that they reflect. */
const REFLECTED = {
  flow: "flow",
  username: "username",
  "acr-values": "acrValues",
  "return-to": "returnTo",
  theme: "theme",
  "heading-level": "headingLevel",
};
/** What a developer checks, by the code of an error. */
const ADVICE = {
  cookies: () => "the browser blocks the cookies of the sign-in server; a page of another site cannot embed it.",
  webassembly: () => `WebAssembly is switched off, or the Content-Security-Policy of this page lacks "script-src ${origin} 'wasm-unsafe-eval'".`,
  browser: () => "the browser is too old for the sign-in.",
  unreachable: () => `nothing can be fetched from ${origin}. Is it running, does its LATCHKEY_ALLOWED_ORIGINS list ${location.origin}, and does the Content-Security-Policy of this page allow it in "script-src" and "connect-src"?`,
};

/** The attributes that say what the sign-in begins with. */
const OPENING = ["flow", "username", "acr-values", "return-to"];

/** Follows the language of the page around the element. */
const languages = new MutationObserver(showLanguage);

let host;
/** The code of the last error that was reported. */
let lastError;
/** Who is signed in: an object, null for no person, and undefined before the server has said it. */
let session;
/** Whether the program shows a signed-in person. */
let isShownSignedIn = false;
/** Whether a person was signed in at the last event of each element. */
const announced = new WeakMap();
/** What `start` was called with, in place of the attributes. */
let requested = {};
/** The number of questions who is signed in; only the reply to the last one counts. */
let asked = 0;
/** The language of the page around the element. */
let pageLanguage = "";

class LatchkeySignIn extends HTMLElement {
  static observedAttributes = ["lang", "heading-level", ...OPENING];

  // A page that is redrawn may add a new element; the sign-in moves into it and continues.
  connectedCallback() {
    const isFirst = !host;
    host = this;
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).append(sheet, frame, ...(frame.hidden ? [fallback] : []));
    if (isFirst) {
      pageLanguage = nearestLanguage(this);
      frame.dataset.language = language([pageLanguage, ...navigator.languages]);
    } else showLanguage();
    watchLanguage(this);
    showHeadingLevel();
    if (isFirst) start();
    tellOfSight();
    refreshQuietly();
  }

  // A removed element sends no requests; typed values stay until an element is added again.
  disconnectedCallback() {
    tellOfSight();
  }

  attributeChangedCallback(name, before, now) {
    if (host !== this || before === now) return;
    if (name === "lang") showLanguage();
    else if (name === "heading-level") showHeadingLevel();
    else if (!session) this.restart();
  }

  /** Who is signed in: `{ user, expiresAt }`, or null. */
  get session() {
    return session ?? null;
  }

  /** Asks the server who is signed in, and shows that. */
  refresh() {
    return refresh();
  }

  /** Signs the person out: here and in every other tab, or everywhere. */
  async signOut({ everywhere = false } = {}) {
    if (everywhere) await call("/api/sessions", { method: "DELETE" });
    await call("/api/logout", { method: "POST", body: "{}" });
    await refresh();
  }

  /** Begins a flow: the one that the attributes name, or another one. */
  start(options = {}) {
    requested = options;
    tell("start");
  }

  /** Begins the flow that the attributes name. */
  restart() {
    this.start();
  }

  /** Cancels the flow. */
  cancel() {
    tell("cancel");
  }

  /** Focuses the first field of the screen. */
  focus(options) {
    const first = container.querySelector("[data-first], input, button") ?? container.querySelector("h1");
    if (first) first.focus(options);
    else super.focus(options);
  }
}

for (const [attribute, property] of Object.entries(REFLECTED)) {
  Object.defineProperty(LatchkeySignIn.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(attribute) ?? "";
    },
    set(value) {
      if (value == null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

Object.defineProperty(LatchkeySignIn.prototype, "noLanguageChooser", {
  configurable: true,
  enumerable: true,
  get() {
    return this.hasAttribute("no-language-chooser");
  },
  set(value) {
    this.toggleAttribute("no-language-chooser", Boolean(value));
  },
});

customElements.define("latchkey-sign-in", LatchkeySignIn);

function start() {
  addEventListener("focus", refreshQuietly);
  channel.onmessage = refreshQuietly;
  const drawing = new MutationObserver(() => {
    if (container.querySelector("section:not(.starting), [role=alert]")) reveal();
  });
  drawing.observe(container, { childList: true, subtree: true });
  run(at("./latchkey-frontend.js"), at("./latchkey-frontend_bg.wasm"), {
    host: () => host,
    root: () => frame,
    container: () => container,
    serverOrigin: () => origin,
    opening,
    step: (name, authenticator, screen) => fire("latchkey-step", { name, authenticator, screen }),
    notify,
  });

  function reveal() {
    drawing.disconnect();
    fallback.remove();
    frame.hidden = false;
    fire("latchkey-ready");
    if (host.autofocus) host.focus();
  }

  function notify(name, code) {
    if (name === SIGNED_IN || name === SIGNED_OUT) {
      isShownSignedIn = name === SIGNED_IN;
      refreshQuietly();
      return;
    }
    if (code === lastError) return;
    lastError = code;
    console.warn(`<latchkey-sign-in>: ${ADVICE[code]()}`);
    // What the page has for this case stays.
    if (code !== "unreachable" && frame.hidden && host.textContent.trim()) drawing.disconnect();
    fire(name, { code });
  }
}

/** The page of our server that begins the same as the element. With `begins`, it begins although a person is signed in. */
function opening(begins) {
  const wanted = (name) => requested[name] ?? host[name];
  const flow = wanted("flow");
  const acrValues = wanted("acrValues");
  const isSignIn = !Object.hasOwn(PATHS, flow) || flow === "sign-in";
  const path = isSignIn && !acrValues && !begins ? "/" : PATHS[isSignIn ? "sign-in" : flow];
  const hints = isSignIn ? { login_hint: wanted("username"), acr_values: acrValues } : {};
  const query = Object.entries({ ...hints, return_to: wanted("returnTo") }).filter(([, value]) => value);
  return `${path}?${new URLSearchParams(query)}`;
}

/** Fires the event of the session, unless this element has fired it. */
function announce() {
  const before = announced.get(host);
  const isSignedIn = Boolean(session);
  if (before === isSignedIn) return;
  announced.set(host, isSignedIn);
  if (before === undefined && !isSignedIn) return;
  const name = isSignedIn ? SIGNED_IN : SIGNED_OUT;
  if (before !== undefined) channel.postMessage(name);
  fire(name, session && { user: session.user });
}

function fire(name, detail = null) {
  host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}

/** Passes an event on to the program. */
function tell(name) {
  container.dispatchEvent(new Event(name));
}

async function call(path, about) {
  const headers = { "X-CSRF": "1", "Content-Type": "application/json" };
  const response = await fetch(at(path), { credentials: "include", headers, ...about });
  if (!response.ok) throw new Error(`The sign-in server refused ${path} (status ${response.status}).`);
  return response;
}

/** Asks the server who is signed in: another tab, or the page itself, may have changed that. */
async function refresh() {
  asked += 1;
  const question = asked;
  const { authenticated, user, expiresAt } = await (await call("/api/session")).json();
  if (question !== asked) return;
  const before = session;
  session = authenticated ? { user, expiresAt } : null;
  announce();
  // A flow that began although a person is signed in goes on; the program itself asks when it starts.
  const hasChanged = before !== undefined && authenticated !== Boolean(before);
  if (hasChanged && authenticated !== isShownSignedIn && host.isConnected) tell("session");
}

/** The same, where the next time will do if the server cannot be reached. */
function refreshQuietly() {
  if (host.isConnected) refresh().catch(() => {});
}

/** The language of the element, or of what it stands in, out of any shadow. */
function nearestLanguage(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) if (node.lang) return node.lang;
  return "";
}

/** Follows the language of the page, and of each shadow that the element stands in. */
function watchLanguage(element) {
  languages.disconnect();
  for (let root = element.getRootNode(); root; root = root.host?.getRootNode()) {
    languages.observe(root, { attributeFilter: ["lang"], subtree: true });
  }
}

/** Shows the language that the page now asks for, also to a person who has chosen another one before. */
function showLanguage() {
  const wanted = nearestLanguage(host);
  if (!wanted || wanted === pageLanguage) return;
  pageLanguage = wanted;
  frame.dataset.language = language([wanted], "");
  tell("languagechange");
}

function showHeadingLevel() {
  if (host.headingLevel) frame.dataset.level = host.headingLevel;
  else delete frame.dataset.level;
}
