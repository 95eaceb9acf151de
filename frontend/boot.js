// Starts the client. It is a file of its own because the page's policy takes no inline script.

// The person's language: the one chosen on the page, else the first of theirs that there is. English stands in the page.
const LANGUAGES = ["en", "ar", "de", "es", "fr", "he", "hi", "ja", "ko", "pt-BR", "zh-CN", "en-XA"];
const root = document.documentElement;
const base = (tag) => tag.split("-")[0];
// Who reads traditional characters is better served by the language they name next.
const near = (tag) => LANGUAGES.find((one) => base(one) === base(tag) && !/^zh-(Hant|TW|HK|MO)/.test(tag));
const known = (tag) => LANGUAGES.find((one) => one === tag) ?? near(tag);
const wanted = [localStorage.getItem("latchkey.language") ?? "", ...navigator.languages];
const language = wanted.map(known).find(Boolean) ?? "en";
root.dataset.language = language;
if (language !== "en") translate();

// What the program asks of the device. Only who has a passkey pays for the script that does it.
globalThis.latchkey = { passkey: async (question) => (await import("./passkey.js")).default(JSON.parse(question)) };

// The form that came with the page is seen, and takes what is typed, before the program has the processor to itself.
if (!document.hidden) await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
const { glue, wasm } = document.querySelector("script[data-glue]").dataset;
while (!(await isStarted())) {
  document.querySelector("[data-early] [role=alert]")?.removeAttribute("hidden");
  await new Promise((again) => {
    addEventListener("online", again, { once: true });
    setTimeout(again, 3000);
  });
}

/** Whether the program runs; what cannot be fetched is tried again later. */
async function isStarted() {
  try {
    const { default: start } = await import(glue);
    await start({ module_or_path: wasm });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Translates the form that came with the page, unless the program was sooner. */
async function translate() {
  const words = await (await fetch(`/text/${language}.json`)).json();
  const form = document.querySelector("[data-early]");
  if (!form) return;
  const texts = document.createTreeWalker(form, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = words[texts.currentNode.data] ?? texts.currentNode.data;
  root.lang = language;
  root.dir = ["ar", "he"].includes(language) ? "rtl" : "ltr";
}
