// The element <latchkey-sign-in>, for other pages. There is one program, so one element of a page shows the sign-in.
import { chosen, run, tellOfSight } from "./boot.js";
import { choose, offerLanguages, textsOf } from "./latchkey-languages.js";
import { adviceOn, isReturnRequested, OPENING, openingOf, openingPath, originOf, Outcome, returnAddress } from "./latchkey-opening.js";
import { reflectAttributes, takeEarlyProperties } from "./latchkey-properties.js";
import { SessionWatch } from "./latchkey-session.js";
import { focusIfWanted, hasFallback, isInModal, named, nearestLanguage, observeSurroundings, placeSlots, submitIfAllowed } from "./latchkey-surroundings.js";

const { origin } = new URL(import.meta.url);
const at = (name) => new URL(name, import.meta.url).href;
const made = (name, about) => Object.assign(document.createElement(name), about);

const sheet = made("link", { rel: "stylesheet", href: at("./style/main.css"), crossOrigin: "anonymous" });
/** The screens; hidden until the first one is drawn. */
const frame = made("div", { className: "guest", hidden: true });
const container = made("div", { className: "card" });
container.part = "card";
/** They have the brand of the server, unless the page fills them. */
const slots = { logo: named("logo"), footer: named("footer") };
container.append(slots.logo);
frame.append(container);
/** Shows what stands between the tags of the element, until the first screen is drawn. */
const fallback = document.createElement("slot");
/** The same while the sign-in loads, for a page that tells loading from failing. */
const loading = named("loading");
/** In place of the screen of a signed-in person. */
const signedIn = named("signed-in");
signedIn.onslotchange = showSignedIn;

/** On this channel, every tab of the origin and the package @latchkey/client say that a person has signed in or out, by the event's name. */
const channel = new BroadcastChannel("latchkey");
const SIGNED_IN = "latchkey-signed-in";
const SIGNED_OUT = "latchkey-signed-out";

/** Texts of a page that has none of its own. */
const NO_TEXTS = {};

/** Follows the language of the page around the element, and dialogs that open around it. */
const surroundings = new MutationObserver(followSurroundings);

/** The element that shows the sign-in, and those that wait for it to be removed. */
let host;
const waiting = new Set();
/** What the sign-in was last shown with: the values of the attributes that it begins with, the server, and the texts. */
const shown = {};
/** What `start` was called with, in place of the attributes. */
let requested = {};
/** The step on the screen, as events describe it. */
let step = null;
/** The code of the last error that was reported. */
let lastError;
/** Whether the program shows a signed-in person. */
let isShownSignedIn = false;
/** Whether a person was signed in at the last event of each element. */
const announced = new WeakMap();
/** The language of the page around the element. */
let pageLanguage = "";
/** Whether the first texts are there: no screen is seen in other words before. */
let hasTexts = false;
/** Whether the program runs, and whether its first screen is drawn. */
let isRunning = false, isReady = false;
/** The dialog of the mode `overlay`, once it has been opened. */
let overlay;
/** What `start` promises. */
const outcome = new Outcome();

const session = new SessionWatch(serverOrigin, sessionChanged, (seconds) => fire("latchkey-expiring", { in: seconds }));

class LatchkeySignIn extends HTMLElement {
  static observedAttributes = ["lang", "mode", "heading-level", "after-sign-in", "languages", ...OPENING];
  #text = NO_TEXTS;

  // A page that is redrawn may add a new element; the sign-in moves into it and continues.
  connectedCallback() {
    takeEarlyProperties(this);
    if (host === this || !host?.isConnected) return show(this);
    waiting.add(this);
    queueMicrotask(() => waiting.has(this) && report("duplicate", this));
  }

  // A removed element sends no requests. Typed values stay until an element is added again, but not passwords.
  disconnectedCallback() {
    waiting.delete(this);
    if (host !== this) return;
    for (const field of container.querySelectorAll("[autocomplete$=password]")) {
      field.value = "";
      field.dispatchEvent(new Event("input"));
    }
    overlay?.close();
    session.stop();
    tellOfSight();
    const [next] = waiting;
    if (next) show(next);
  }

  attributeChangedCallback(name, before, now) {
    // A removed element looks at its attributes when it is added again.
    if (host !== this || before === now || !this.isConnected) return;
    if (name === "lang") showLanguage();
    else if (name === "languages") showLanguages();
    else if (name === "mode") showMode();
    else if (name === "heading-level") showHeadingLevel();
    else if (name === "after-sign-in") showSignedIn();
    else queueMicrotask(beginIfOther);
  }

  /** Who is signed in: `{ user, expiresAt }`, or null. */
  get session() {
    return session.current ?? null;
  }

  /** Texts of the page in place of ours, by the English ones; those of another language than English are in a member named like it. */
  get text() {
    return this.#text;
  }

  set text(text) {
    this.#text = text ?? NO_TEXTS;
    if (host === this && this.isConnected) showTexts();
  }

  /** Asks the server who is signed in, and shows that. */
  refresh() {
    return session.refresh();
  }

  /** Signs the person out: here and in every other tab, or everywhere; and at the org, if the server is set up to do so. */
  signOut({ everywhere = false } = {}) {
    return session.signOut(everywhere);
  }

  /**
   * Begins a flow: the one that the attributes name, or another one; in the mode `overlay` over the page. Resolves to whether the
   * person has signed in, which is false for one who closes the dialog.
   */
  start(options = {}) {
    if (host !== this) return Promise.resolve(false);
    requested = options;
    this.mode === "overlay" ? openOverlay() : tell("start");
    return outcome.promise;
  }

  /** Begins the flow that the attributes name. */
  restart() {
    this.start();
  }

  /** Cancels the flow. */
  cancel() {
    if (host === this) tell("cancel");
  }

  /** Focuses the first field of the screen. */
  focus(options) {
    const first = host === this && (container.querySelector("[data-first], input, button") ?? container.querySelector("h1"));
    if (first) first.focus(options);
    else super.focus(options);
  }
}

reflectAttributes(LatchkeySignIn);
customElements.define("latchkey-sign-in", LatchkeySignIn);

/** Shows the sign-in in this element, and begins what the attributes say, unless the sign-in has begun with the same already. */
function show(element) {
  const isFirst = !host;
  waiting.delete(element);
  host = element;
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  root.append(sheet);
  observeSurroundings(surroundings, element);
  showHeadingLevel();
  if (isFirst) {
    pageLanguage = nearestLanguage(element);
    frame.dataset.language = choose(host, [chosen(), pageLanguage, ...navigator.languages]);
    Object.assign(shown, { opening: openingOf(host), server: serverOrigin(), text: host.text });
    listen();
  }
  showMode();
  if (!isFirst) {
    showLanguage();
    showLanguages();
    showTexts();
    beginIfOther();
    if (!frame.hidden) focusIfWanted(host, host.autofocus || overlay?.isOpen);
  }
  tellOfSight();
  refreshQuietly();
}

/** Begins what the attributes say, once for all that change together, unless a person is signed in, or the sign-in waits for its dialog. */
function beginIfOther() {
  if (!host.isConnected) return;
  const { opening, server } = shown;
  Object.assign(shown, { opening: openingOf(host), server: serverOrigin() });
  if (server !== shown.server) changeServer();
  else if (opening !== shown.opening && !session.current && host.mode !== "overlay") host.restart();
}

function showTexts() {
  if (shown.text !== host.text) tell("languagechange");
  shown.text = host.text;
}

/** Shows the screens in the element; in the mode `overlay` they wait for the dialog, and the program for the screens. */
function showMode() {
  overlay?.close();
  showSignedIn();
  if (host.mode === "overlay") return [frame, fallback, loading].forEach((one) => one.remove());
  host.shadowRoot.append(frame);
  if (frame.hidden) host.shadowRoot.append(host.querySelector(":scope > [slot=loading]") ? loading : fallback);
  runProgram();
}

/** Shows the sign-in over the page, which stays as it is. */
async function openOverlay() {
  const [{ Overlay }, words] = await Promise.all([import("./latchkey-overlay.js"), texts(frame.dataset.language)]);
  overlay ??= new Overlay(frame, { focus: () => host.focus(), closed: () => outcome.settle(false), returned: () => tell("pageshow") });
  overlay.open(host.shadowRoot, words);
  tellOfSight();
  isRunning ? tell("start") : runProgram();
}

function listen() {
  addEventListener("focus", refreshQuietly);
  channel.onmessage = refreshQuietly;
  new MutationObserver(follow).observe(container, { childList: true, subtree: true });
}

function runProgram() {
  if (isRunning) return;
  isRunning = true;
  run(at("./latchkey-frontend.js"), at("./latchkey-frontend_bg.wasm"), {
    host: () => host,
    root: () => frame,
    container: () => container,
    serverOrigin,
    opening: (begins) => openingPath(host, requested, begins),
    returnAddress: () => returnAddress(host, requested),
    // A page that names no return address stays.
    leave: (address) => (isReturnRequested(host, requested) ? location.assign(address) : queueMicrotask(() => tell("session"))),
    words: texts,
    submit,
    step: showStep,
    notify,
  });
}

/** Follows what the program draws. What the page has for a failure stays until the first screen. */
function follow() {
  placeSlots(container);
  if (isReady) return;
  const hasFailed = container.querySelector(".starting, [role=alert]");
  const saysWhy = (host.mode === "overlay" || !hasFallback(host)) && container.querySelector(".banner");
  isReady = !hasFailed && hasTexts && Boolean(container.querySelector("section"));
  if (frame.hidden && (isReady || (hasFailed && saysWhy))) reveal();
  if (!isReady) return;
  fire("latchkey-ready");
  focusIfWanted(host, host.autofocus || overlay?.isOpen);
}

function reveal() {
  for (const slot of [fallback, loading]) slot.remove();
  frame.hidden = false;
  container.append(named("after-form"));
  frame.append(slots.footer);
  showLanguages();
}

function showStep(name, authenticator, screen) {
  step = { name, authenticator, screen };
  lastError = undefined;
  fire("latchkey-step", step);
}

function submit(send) {
  const current = step;
  const fireSubmit = (waitUntil) => fire("latchkey-submit", current, { cancelable: true, waitUntil });
  submitIfAllowed({ container, step, isCurrent: () => step === current, fire: fireSubmit, send });
}

/** An error, or a person who has signed in or out by the program. */
function notify(name, code) {
  if (code) return report(code);
  isShownSignedIn = name === SIGNED_IN;
  showSignedIn();
  if (isShownSignedIn) {
    outcome.settle(true);
    overlay?.close();
  }
  refreshQuietly();
}

/** Fires the event of an error. The console has a line for those that a developer can mend. */
async function report(code, element = host) {
  if (element === host) {
    if (code === lastError) return;
    lastError = code;
    loading.replaceWith(fallback);
  }
  const line = await adviceOn(code, origin, serverOrigin());
  if (line) console.warn(`<latchkey-sign-in>: ${line}`);
  fire("latchkey-error", { code, message: line ?? `the sign-in server has answered with the error ${code}.` }, { element });
}

/** The origin of the Latchkey that is called: the script's, unless the page names another one. */
function serverOrigin() {
  return originOf(host.server) ?? origin;
}

/** Another server has other sessions, other flows and other texts. */
function changeServer() {
  session.forget();
  tell("languagechange");
  tell("session");
  refreshQuietly();
}

/** Fires the event of the session, unless this element has fired it. */
function sessionChanged(before, now) {
  const last = announced.get(host);
  const isSignedIn = Boolean(now);
  if (last !== isSignedIn) {
    announced.set(host, isSignedIn);
    const name = isSignedIn ? SIGNED_IN : SIGNED_OUT;
    if (last !== undefined) channel.postMessage(name);
    if (last !== undefined || isSignedIn) fire(name, now && { user: now.user });
  }
  // A flow that began although a person is signed in goes on; the program itself asks when it starts.
  const hasSignedIn = isSignedIn && before === null;
  if ((isShownSignedIn ? !isSignedIn : hasSignedIn) && host.isConnected) tell("session");
  const hasExpired = before && !now && before.expiresAt <= Math.ceil(Date.now() / 1000);
  if (hasExpired && host.mode === "overlay" && !outcome.isAwaited) host.start();
}

function fire(name, detail = null, { element = host, cancelable = false, ...members } = {}) {
  const event = Object.assign(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }), members);
  element.dispatchEvent(event);
  return event;
}

/** Passes an event on to the program. */
function tell(name) {
  container.dispatchEvent(new Event(name));
}

/** Asks who is signed in. If the server cannot be reached, the next call asks again. */
function refreshQuietly() {
  if (host.isConnected) session.refresh().catch(() => {});
}

/** A dialog that opens around the element focuses its first field, and the language follows the page. */
function followSurroundings(changes) {
  showLanguage();
  if (changes.some(({ attributeName, target }) => attributeName === "open" && isInModal(host, target))) focusIfWanted(host, host.autofocus || overlay?.isOpen);
}

/** Shows the language that the page now asks for, also to a person who has chosen another one before. */
function showLanguage() {
  const wanted = nearestLanguage(host);
  if (!wanted || wanted === pageLanguage) return;
  pageLanguage = wanted;
  speak(choose(host, [wanted]));
}

function speak(tag) {
  frame.dataset.language = tag;
  tell("languagechange");
}

/** Offers the languages that the page allows, and shows one of them. */
async function showLanguages() {
  if (!(await offerLanguages(host, frame, container))) speak(choose(host, [chosen(), pageLanguage, ...navigator.languages]));
}

/** The texts of a language for the program. The brand of its server comes with them. */
async function texts(tag) {
  try {
    return await textsOf(tag, serverOrigin(), host.text, { frame, slots });
  } finally {
    hasTexts = true;
  }
}

/** Shows what the page wants a signed-in person to see: our page about them, a welcome, nothing, or a slot. */
function showSignedIn() {
  if (!isShownSignedIn) signedIn.remove();
  else if (!signedIn.parentNode) frame.append(signedIn);
  const isOwn = signedIn.assignedNodes({ flatten: true }).length > 0;
  const wanted = host.mode === "overlay" ? host.mode : isOwn ? "nothing" : host.afterSignIn;
  const before = frame.dataset.signedIn;
  delete frame.dataset.signedIn;
  if (isShownSignedIn && ["nothing", "message", "overlay"].includes(wanted)) frame.dataset.signedIn = wanted;
  else if (isShownSignedIn && before) tell("session"); // The program has left the account out, and draws the screen again.
}

function showHeadingLevel() {
  if (host.headingLevel) frame.dataset.level = host.headingLevel;
  else delete frame.dataset.level;
}
