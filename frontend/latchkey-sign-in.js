// The sign-in of <latchkey-sign-in>. There is one program, so one element of a page shows it.
import { chosen, run, tellOfSight } from "./boot.js";
import { choose, offerLanguages, textsOf } from "./latchkey-languages.js";
import { adviceOn, isReturnRequested, OPENING, openingOf, openingPath, originOf, Outcome, returnAddress } from "./latchkey-opening.js";
import { SessionWatch } from "./latchkey-session.js";
import { focusIfWanted, hasFallback, isInModal, named, nearestLanguage, observeSurroundings, placeSlots, submitIfAllowed } from "./latchkey-surroundings.js";

const { origin } = new URL(import.meta.url);
const at = (name) => new URL(name, import.meta.url).href;
const made = (name, about) => Object.assign(document.createElement(name), about);

const sheet = made("link", { rel: "stylesheet", href: at("./style/main.css"), crossOrigin: "anonymous" });
/** The screens; hidden until the first one is drawn. */
const frame = made("div", { className: "guest", hidden: true });
export const container = made("div", { className: "card", part: "card" });
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

/** Follows the language of the page around the element, and dialogs that open around it. */
const surroundings = new MutationObserver(followSurroundings);

/** The element that shows the sign-in, and those that wait for it to be removed. */
export let host;
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

/** Who is signed in at the server. */
export const session = new SessionWatch(serverOrigin, sessionChanged, (seconds) => fire("latchkey-expiring", { in: seconds }));

/** What follows a changed attribute. Any other one says what the sign-in begins with. */
const FOLLOWS = {
  lang: showLanguage,
  mode: showMode,
  "heading-level": showHeadingLevel,
  "after-sign-in": showSignedIn,
  languages: showLanguages,
};
/** The attributes that change something while the sign-in is shown. */
export const OBSERVED = [...Object.keys(FOLLOWS), ...OPENING];

/** Shows what a changed attribute says now. */
export function follow(attribute) {
  FOLLOWS[attribute] ? FOLLOWS[attribute]() : queueMicrotask(beginIfOther);
}

/** Shows the sign-in in an element that was added: a page that is redrawn may add a new one. Beside another one it waits. */
export function connect(element) {
  if (host === element || !host?.isConnected) return show(element);
  waiting.add(element);
  queueMicrotask(() => waiting.has(element) && report("duplicate", element));
}

/** A removed element sends no requests. Typed values stay until an element is added again, but not passwords. */
export function disconnect(element) {
  waiting.delete(element);
  if (host !== element) return;
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

/** Begins the flow that the attributes name, or another one. Resolves to whether the person has signed in. */
export function start(options = {}) {
  requested = options;
  host.mode === "overlay" ? openOverlay() : tell("start");
  return outcome.promise;
}

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
    addEventListener("focus", refreshQuietly);
    channel.onmessage = refreshQuietly;
    new MutationObserver(followProgram).observe(container, { childList: true, subtree: true });
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
  else if (opening !== shown.opening && !session.current && host.mode !== "overlay") start();
}

export function showTexts() {
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

function runProgram() {
  if (isRunning) return;
  isRunning = true;
  run(at("./latchkey-frontend.js"), at("./latchkey-frontend_bg.wasm"), {
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
function followProgram() {
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
  [fallback, loading].forEach((one) => one.remove());
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
  if (hasExpired && host.mode === "overlay" && !outcome.isAwaited) start();
}

function fire(name, detail = null, { element = host, cancelable = false, ...members } = {}) {
  const event = Object.assign(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }), members);
  element.dispatchEvent(event);
  return event;
}

/** Passes an event on to the program. */
export function tell(name) {
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
    const words = await textsOf(tag, serverOrigin(), host.text, { frame, slots });
    overlay?.say(words);
    return words;
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
