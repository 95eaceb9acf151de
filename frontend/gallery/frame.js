// One screen: `frame.html?screen=NAME&lang=de&theme=dark&dir=rtl`. The element, with fixed answers in place of a server.

import { answers } from "./answers.js";
import { markup } from "./markup.js";

const query = new URLSearchParams(location.search);
const { screens } = await (await fetch("./screens.json")).json();
const screen = screens.find(({ name }) => name === query.get("screen")) ?? screens[0];
/** The attributes of the element, as the page around it names them. */
const ATTRIBUTES = ["lang", "theme"];

forget(sessionStorage);
forget(localStorage);
globalThis.fetch = answers(screen, fetch);

document.title = screen.title;
document.documentElement.dataset.theme = query.get("theme") ?? "";
const element = document.createElement("latchkey-sign-in");
if (screen.flow) element.setAttribute("flow", screen.flow);
for (const name of ATTRIBUTES) if (query.get(name)) element.setAttribute(name, query.get(name));
element.addEventListener("latchkey-ready", drawn, { once: true });
document.querySelector("main").append(element);
await import("./latchkey.js");

/** What the program has stored for another screen. */
function forget(storage) {
  for (const name of Object.keys(storage)) if (name.startsWith("latchkey")) storage.removeItem(name);
}

async function drawn() {
  const { shadowRoot } = element;
  const container = shadowRoot.querySelector(".card");
  direct(shadowRoot.querySelector(".guest"));
  if (screen.submit) await submit(container);
  const tell = () => parent.postMessage({ screen: screen.name, markup: markup(container) }, location.origin);
  new MutationObserver(tell).observe(container, { childList: true, subtree: true, attributes: true });
  tell();
}

/** Keeps the direction that the gallery asks for, in every language. */
function direct(root) {
  const dir = query.get("dir");
  if (!dir) return;
  const set = () => root.dir === dir || (root.dir = dir);
  new MutationObserver(set).observe(root, { attributeFilter: ["dir"] });
  set();
}

/** Types what the screen says into its fields, by their names, and submits. */
async function submit(container) {
  const found = (selector) =>
    new Promise((resolve) => {
      const look = () => container.querySelector(selector);
      if (look()) return resolve(look());
      const drawing = new MutationObserver(() => look() && (drawing.disconnect(), resolve(look())));
      drawing.observe(container, { childList: true, subtree: true });
    });
  for (const [name, value] of Object.entries(screen.submit)) {
    const field = await found(`[name="${name}"]`);
    // The first of several choices is made already.
    if (field.type === "radio") continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  (await found("[type=submit]")).click();
}
