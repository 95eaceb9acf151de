// The gallery: the list of screens, the knobs, and the code beside the screen. The address says what is shown.

const LANGUAGES = { "": "of the browser", en: "English", de: "Deutsch", es: "Español", fr: "Français", "pt-BR": "Português (Brasil)", ar: "العربية", he: "עברית", hi: "हिन्दी", ja: "日本語", ko: "한국어", "zh-CN": "简体中文", "en-XA": "longer texts" };

const { screens } = await (await fetch("./screens.json")).json();
const [list, frame, knobs, title, status] = ["nav", "iframe", "form", "main h2", "[role=status]"].map((it) => document.querySelector(it));
const [embed, drawn] = ["embed-code", "markup-code"].map((id) => document.getElementById(id));
const made = (name, about, ...children) => {
  const element = Object.assign(document.createElement(name), about);
  element.append(...children);
  return element;
};

knobs.elements.lang.append(...Object.entries(LANGUAGES).map(([tag, name]) => new Option(name, tag)));
for (const [group, members] of Map.groupBy(screens, ({ group }) => group)) {
  const links = members.map(({ name, title }) => made("li", {}, made("a", { href: `#${name}`, id: `screen-${name}` }, title)));
  list.append(made("h2", {}, group), made("ul", {}, ...links));
}

knobs.addEventListener("input", () => {
  const chosen = Object.entries(Object.fromEntries(new FormData(knobs))).filter(([, value]) => value);
  location.hash = `${current().name}?${new URLSearchParams(chosen)}`;
});
addEventListener("hashchange", show);
addEventListener("message", ({ data, source }) => {
  if (source === frame.contentWindow && data.screen === current().name) drawn.textContent = data.markup;
});
for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    status.textContent = "Copied.";
  });
}
show();

/** The name and the knobs in the address. */
function address() {
  const [name, query] = decodeURI(location.hash.slice(1)).split("?");
  return { name, options: new URLSearchParams(query) };
}

function current() {
  return screens.find(({ name }) => name === address().name) ?? screens[0];
}

function show() {
  const screen = current();
  const { options } = address();
  for (const { name } of knobs.elements) knobs.elements[name].value = options.get(name) ?? "";
  for (const link of list.querySelectorAll("a")) {
    const isCurrent = link.id === `screen-${screen.name}`;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    link.href = `#${link.id.slice("screen-".length)}?${options}`;
  }
  title.textContent = screen.title;
  document.querySelector(".stage").dataset.width = options.get("width") ?? "";
  drawn.textContent = "";
  status.textContent = "";
  embed.textContent = snippet(screen, options);
  const query = new URLSearchParams({ screen: screen.name });
  for (const name of ["lang", "theme", "dir"]) if (options.get(name)) query.set(name, options.get(name));
  // In place, so that the browser's own "back" goes from screen to screen.
  frame.contentWindow.location.replace(new URL(`./frame.html?${query}`, location.href));
}

/** The tags of a page that has the element with these attributes. */
function snippet({ flow }, options) {
  const attributes = Object.entries({ flow, lang: options.get("lang"), theme: options.get("theme") });
  const text = attributes.filter(([, value]) => value).map(([name, value]) => ` ${name}="${value}"`).join("");
  return `<script type="module" src="https://login.example.com/latchkey.js"></script>\n<latchkey-sign-in${text}></latchkey-sign-in>`;
}
