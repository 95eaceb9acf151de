// Elements of the account page. A class is also the `part` of its element, for the style sheets of a page around it.

/** An element with attributes, listeners (`onclick`) and children; a child that is null or false is left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  if (attributes.class) element.setAttribute("part", attributes.class);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const HEADINGS = { 1: "heading", 2: "settings__heading", 3: "settings__subheading" };

/** A heading that can be focused. */
export function heading(level, text) {
  return el(`h${level}`, { class: HEADINGS[level], tabindex: "-1" }, text);
}

/** The place of announcements for screen readers. */
export function status() {
  return el("p", { class: "unseen", role: "status" });
}

/** A button that looks like a link. Its name for screen readers says what it is about. */
export function action(label, about, onclick) {
  return el("button", { class: "link", type: "button", "aria-label": about ? `${label} ${about}` : undefined, onclick }, label);
}

/** A text of the person or of the org, whose direction is its own. */
export function bdi(text) {
  return el("bdi", {}, text);
}

/** A row: what it is about, details under it, and actions. */
export function row({ icon, title, details = [], actions = [] }) {
  const lines = details.filter(Boolean).map((detail) => el("span", { class: "settings__detail" }, detail));
  return el(
    "li",
    { class: "settings__row" },
    el("div", { class: "settings__what", "data-icon": icon }, el("span", { class: "settings__title" }, title), lines),
    el("div", { class: "settings__actions" }, actions),
  );
}
