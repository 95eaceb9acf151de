// For pages of the server that are not the client's: its style sheet, and its texts in the person's language.

/** Texts in the person's language, by their English text. */
let words = {};

/** The text in the person's language, once `borrow` has fetched it. */
export const translated = (text) => words[text] ?? text;

/** Names the page. What follows the dot is the brand's. */
export const entitle = (text) => {
  document.title = [text, ...document.title.split(" · ").slice(1)].join(" · ");
};

/** The client's page names the style sheet and the languages; it may be missing. */
export async function borrow() {
  const page = await (await fetch("/")).text();
  const file = (pattern) => page.match(pattern)[1];
  await Promise.allSettled([dress(file(/<link rel="stylesheet" href="(\/[^"]+)">/)), translate(file(/<script type="module" src="(\/[^"]+)"/))]);
}

/** The flow goes on in this tab: it may have begun in a page of another origin, or in another tab. */
export const take = ({ status, transaction }) => {
  try {
    if (status === "PENDING") sessionStorage.setItem("latchkey.flow", transaction);
  } catch {}
};

/** Marks this window, until it is closed, as one that an element has opened. */
export const markWindow = () => {
  try {
    sessionStorage.setItem("latchkey.window", "1");
  } catch {}
};

/** Goes on after a step elsewhere: to the return address of a finished flow, or to the sign-in page. */
export const goOn = ({ status, nextStep }) => {
  const finished = isWindow() ? "/login/window" : (nextStep?.href ?? "/");
  location.replace(status === "SUCCESS" ? finished : "/");
};

/** Whether an element has opened this window. */
export const isWindow = () => {
  try {
    return sessionStorage.getItem("latchkey.window") !== null;
  } catch {
    return false;
  }
};

async function dress(href) {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const dressed = new Promise((loaded) => ["load", "error"].forEach((end) => sheet.addEventListener(end, loaded)));
  document.head.append(sheet);
  await dressed;
}

async function translate(script) {
  const client = await import(script);
  const tag = client.language(navigator.languages);
  words = await client.words(tag);
  client.speak(document.documentElement, tag);
}
