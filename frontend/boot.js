// Starts the client: in the page that names its parts here, or in an element of somebody else's page (latchkey.js).
// It is a file of its own because the page's policy takes no inline script.

/** Every language: its tag, its own name, and `rtl` where it is read from the right. `/text/TAG.json` has its words. */
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
// The pseudo language of the tests is known, and not offered.
const TAGS = [...LANGUAGES.map(([tag]) => tag), "en-XA"];
const base = (tag) => tag.split("-")[0];
// Simplified characters are no help to readers of traditional ones: the language that they name next is.
const near = (tag) => TAGS.find((one) => base(one) === base(tag) && !/^zh-(Hant|TW|HK|MO)/.test(tag));
const known = (tag) => TAGS.find((one) => one === tag) ?? near(tag);

/** The language that was chosen here; none, also where the browser refuses the storage itself. */
function chosen() {
  try {
    return localStorage.getItem("latchkey.language");
  } catch {}
}

/** The language to speak: the one that was chosen here, else the first of these that there is. */
export function language(wanted) {
  return [chosen() ?? "", ...wanted].map(known).find(Boolean) ?? "en";
}

/** The words of a language by what they are in English; none for English itself. */
export async function words(tag) {
  return tag === "en" ? {} : (await fetch(new URL(`/text/${tag}.json`, import.meta.url))).json();
}

/** Tells browsers and screen readers which language stands in an element, and from which side it is read. */
export function speak(element, tag) {
  element.lang = tag;
  element.dir = LANGUAGES.find(([own]) => own === tag)?.[2] ?? "ltr";
}

/**
 * Runs the program. `world` is what it knows of where it is: the element that speaks for it to the outside, the one that
 * screens are put into, where its server is, and who is to hear what has happened.
 */
export async function run(glue, wasm, world) {
  // Only who has a passkey pays for the script that asks the device for it.
  const passkey = async (question) => (await import("./passkey.js")).default(JSON.parse(question));
  globalThis.latchkey = { ...world, passkey, languages: () => LANGUAGES.map(([tag, name]) => `${tag} ${name}`).join("\n"), speak: (tag) => speak(world.host(), tag) };
  // For a page of our own, the browser says beforehand whether it keeps cookies.
  if (!world.serverOrigin() && !navigator.cookieEnabled) return sayWhatIsMissing("cookies");
  addEventListener("visibilitychange", tellOfSight);
  // The page as it was left, brought back by the browser: what it shows may be over.
  addEventListener("pageshow", ({ persisted }) => persisted && tell("pageshow"));
  while (!(await isStarted(glue, wasm))) {
    world.container().querySelector("[data-early] [role=alert]")?.removeAttribute("hidden");
    await new Promise((again) => {
      addEventListener("online", again, { once: true });
      setTimeout(again, 3000);
    });
  }
}

/** Tells the program that its screens have come into sight or gone out of it. */
export function tellOfSight() {
  tell("visibilitychange");
}

/** Tells the program of an event of the page around its screens. */
function tell(name) {
  globalThis.latchkey.container().dispatchEvent(new Event(name));
}

/** Whether the program runs; what cannot be fetched is tried again later. */
async function isStarted(glue, wasm) {
  try {
    const { default: start } = await import(glue);
    await start({ module_or_path: wasm });
  } catch (error) {
    if (error instanceof TypeError) return false;
    // A program that stops by itself had started: that is our fault, and not something that the browser lacks.
    if (error.name === "RuntimeError") throw error;
    await sayWhatIsMissing();
  }
  return true;
}

/** Says in the person's language what the browser lacks; without a name, the script finds out. */
function sayWhatIsMissing(name) {
  globalThis.latchkey.missing = name;
  return import("./unsupported.js");
}

const parts = document.querySelector("script[data-glue]")?.dataset;
if (parts) {
  const root = document.documentElement;
  root.dataset.language = language(navigator.languages);
  if (root.dataset.language !== "en") translate(root);
  // The form that came with the page is seen, and takes what is typed, before the program has the processor to itself.
  if (!document.hidden) await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
  const container = document.querySelector("main");
  run(parts.glue, parts.wasm, { host: () => root, container: () => container, serverOrigin: () => "", notify() {} });
}

/** Translates the form that came with the page, unless the program was sooner. */
async function translate(root) {
  const tag = root.dataset.language;
  const translated = await words(tag);
  const form = document.querySelector("[data-early]");
  if (!form) return;
  const texts = document.createTreeWalker(form, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = translated[texts.currentNode.data] ?? texts.currentNode.data;
  speak(root, tag);
}
