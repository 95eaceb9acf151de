// The languages and the texts of the element.
import { known, words } from "./boot.js";

/** The brand of each server; a server without one has an empty one. */
const brands = new Map();

/** The languages that the page allows; none if it allows all. */
export function allowedLanguages(host) {
  return host.languages.split(/[\s,]+/).map(known).filter(Boolean);
}

/** The first of these languages that we have and that the page allows. */
export function choose(host, wanted) {
  const allowed = allowedLanguages(host);
  const isAllowed = (tag) => tag && (!allowed.length || allowed.includes(tag));
  return wanted.map((tag) => known(tag ?? "")).find(isAllowed) ?? allowed[0] ?? "en";
}

/** The texts of a language: the server's, those of its brand, and the page's `own`, of which the English ones have no member around them. */
export async function textsOf(tag, server, own) {
  const [file, { text }] = await Promise.all([tag === "en" ? {} : words(tag, server), brandOf(server)]);
  return { ...file, ...text?.[tag], ...(tag === "en" && own), ...own[tag] };
}

/** The brand of a server. */
export function brandOf(server) {
  if (!brands.has(server)) brands.set(server, fetchBrand(server));
  return brands.get(server);
}

async function fetchBrand(server) {
  try {
    return await (await fetch(`${server}/brand.json`)).json();
  } catch {
    return {};
  }
}

/** The list of languages below the screens, and all of its options. */
let menu;
let options = [];

/** Offers the languages that the page allows; a single one is no choice. Returns whether that of the screens is one of them. */
export function offerLanguages(host, frame, container) {
  menu ??= frame.querySelector("footer");
  if (!menu) return true;
  const select = menu.querySelector("select");
  if (!options.length) options = [...select.options];
  const allowed = allowedLanguages(host);
  const offered = options.filter(({ value }) => !allowed.length || allowed.includes(value));
  select.replaceChildren(...offered);
  select.value = frame.lang;
  if (offered.length > 1) container.after(menu);
  else menu.remove();
  return !allowed.length || allowed.includes(frame.dataset.language);
}
