// Starts the client: in our own page, which names the parts, or in an element of another page (latchkey.js).
// It is a separate file because the page's policy allows no inline script.

/** Every language: its tag, its own name, and `rtl` if it is read from right to left. `/text/TAG.json` has its texts. */
const LANGUAGES = [
  ["en", "English"],
  ["de", "Deutsch"],
  ["es", "Español"],
  ["fr", "Français"],
  ["pt-BR", "Português (Brasil)"],
  ["ar", "العربية", "rtl"],
  ["he", "עברית", "rtl"],
  ["hi", "हिन्दी"],
  ["ja", "日本語"],
  ["ko", "한국어"],
  ["zh-CN", "简体中文"],
];
// The pseudo language is for tests; the list does not offer it.
const TAGS = [...LANGUAGES.map(([tag]) => tag), "en-XA"];
const base = (tag) => tag.split("-")[0];
// Readers of traditional Chinese get their next language, not simplified Chinese.
const near = (tag) => TAGS.find((one) => base(one) === base(tag) && !/^zh-(Hant|TW|HK|MO)/.test(tag));
export const known = (tag) => TAGS.find((one) => one === tag) ?? near(tag);

/** The language chosen on this page, if any. */
export const chosen = () => stored("localStorage", "latchkey.language");

/** A stored value. Reading it throws in a browser that blocks storage. */
function stored(storage, name) {
  try {
    return globalThis[storage].getItem(name);
  } catch {}
}

/** The language to show: the preferred one, by default the one chosen on this page; else the first supported one of `wanted`. */
export function language(wanted, preferred = chosen()) {
  return [preferred ?? "", ...wanted].map(known).find(Boolean) ?? "en";
}

/** The texts of a language by their English text. English has a file only if the server's brand has texts in it, which marks the page. */
export async function words(tag, server = import.meta.url) {
  if (tag === "en" && !("texts" in document.documentElement.dataset)) return {};
  const file = await fetch(new URL(`/text/${tag}.json`, server));
  if (!file.ok) throw file;
  return file.json();
}

/** Sets the language and direction of an element for browsers and screen readers. */
export function speak(element, tag) {
  element.lang = tag;
  element.dir = LANGUAGES.find(([own]) => own === tag)?.[2] ?? "ltr";
}

/** What the program uses of the page: here, what it needs whatever it shows. */
globalThis.latchkey = {
  // The scripts for passkeys and for Okta Verify on this device are fetched only when they are needed.
  async ask(question) {
    const asked = JSON.parse(question);
    return (await (asked.device ? import("./device.js") : import("./passkey.js"))).default(asked);
  },
  accountSheet: new URL("./style/account.css", import.meta.url).href,
};

/**
 * Shows the sign-in by the program. `world` has the root that has the language, the container of the screens, the server's origin,
 * and the functions that fire events.
 */
export async function run(glue, wasm, world) {
  Object.assign(globalThis.latchkey, { submit: (send) => send(), words: (tag) => words(tag), ...world, lateSheet: () => (sheet ??= lateSheet(world.container())), languages: () => LANGUAGES.map(([tag, name]) => `${tag} ${name}`).join("\n"), speak: (tag) => speak(world.root(), tag) });
  // In a page of our own, the browser reports blocked cookies in advance.
  if (!world.serverOrigin() && !navigator.cookieEnabled) return sayWhatIsMissing("cookies");
  addEventListener("visibilitychange", tellOfSight);
  // A page restored from the back-forward cache may be out of date.
  addEventListener("pageshow", ({ persisted }) => persisted && tell("pageshow"));
  addEventListener("online", () => tell("online"));
  while (!(await isStarted(glue, wasm))) {
    world.container().querySelector("[data-early] [role=alert]")?.removeAttribute("hidden");
    world.notify("latchkey-error", "unreachable");
    await new Promise((again) => {
      addEventListener("online", again, { once: true });
      setTimeout(again, 3000);
    });
  }
  // Screens follow each other without motion if its script cannot be loaded.
  import("./motion.js").then(({ follow }) => follow(world.container()), () => {});
}

let sheet;
/** Adds the style sheet of the late part beside the screens. Without it they can be used as well. */
function lateSheet(container) {
  return new Promise((done) => {
    const href = new URL("./style/late.css", import.meta.url).href;
    container.before(Object.assign(document.createElement("link"), { rel: "stylesheet", href, crossOrigin: "anonymous", onload: done, onerror: done }));
  });
}

/** Notifies the program that its screens became visible or hidden. */
export function tellOfSight() {
  tell("visibilitychange");
}

/** Passes an event of the page on to the program. */
function tell(name) {
  globalThis.latchkey.container?.().dispatchEvent(new Event(name));
}

let program;
/** The functions of the program, which is loaded once for all that a page shows with it. A failed download can be repeated. */
export function load(glue, wasm) {
  return (program ??= start(glue, wasm).catch((error) => {
    program = undefined;
    throw error;
  }));
}

async function start(glue, wasm) {
  const functions = await import(glue);
  const file = await fetch(wasm);
  // A server in trouble answers with an error page.
  if (!file.ok) throw new TypeError(file.status);
  await functions.default({ module_or_path: file });
  return functions;
}

/** Whether the program shows the sign-in; after a failed download the caller tries again. */
async function isStarted(glue, wasm) {
  try {
    (await load(glue, wasm)).showSignIn();
  } catch (error) {
    if (error instanceof TypeError) return false;
    // A trap means that the program had started, so the browser lacks nothing.
    if (error.name === "RuntimeError") throw error;
    await sayWhatIsMissing();
  }
  return true;
}

/** Shows in the person's language what the browser lacks; without a name, the script finds out. */
function sayWhatIsMissing(name) {
  globalThis.latchkey.missing = name;
  return import("./unsupported.js");
}

let returnTo;
const parts = document.querySelector("script[data-glue]")?.dataset;
if (parts) {
  const root = document.documentElement;
  root.dataset.language = language(navigator.languages);
  if (root.dataset.language !== "en" || "texts" in root.dataset) translate(root);
  // Lets the browser paint the early form, before the program keeps the processor busy.
  if (!document.hidden) await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
  const container = document.querySelector("main");
  returnTo = new URLSearchParams(location.search).get("return_to");
  // A window that an element has opened for a sign-in elsewhere ends at a page that closes it.
  const leave = (address) => location.assign(stored("sessionStorage", "latchkey.window") ? "/login/window" : address);
  run(parts.glue, parts.wasm, { root: () => root, container: () => container, serverOrigin: () => "", returnAddress: () => returnTo, leave, step() {}, notify });
}

/** Says to the other tabs of the origin that a person has signed in or out. An error has a code, and concerns this page only. */
function notify(event, code) {
  // A return address that was refused is not requested again.
  if (code === "invalid_request") returnTo = null;
  if (code) return;
  const channel = new BroadcastChannel("latchkey");
  channel.postMessage(event);
  channel.close();
}

/** Translates the early form, unless the program has replaced it already. */
async function translate(root) {
  const tag = root.dataset.language;
  const translated = await words(tag);
  const form = document.querySelector("[data-early]");
  if (!form) return;
  const texts = document.createTreeWalker(form, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = translated[texts.currentNode.data] ?? texts.currentNode.data;
  speak(root, tag);
}
