// The languages, the texts and the brand of the element.
import { known, words } from "./boot.js";

/** The brand of each server; a server without one has an empty one. */
const brands = new Map();

/** The languages that the page allows; none if it allows all. */
function allowedLanguages(host) {
  return host.languages.split(/[\s,]+/).map(known).filter(Boolean);
}

/** The first of these languages that we have and that the page allows. */
export function choose(host, wanted) {
  const allowed = allowedLanguages(host);
  const isAllowed = (tag) => tag && (!allowed.length || allowed.includes(tag));
  return wanted.map((tag) => known(tag ?? "")).find(isAllowed) ?? allowed[0] ?? "en";
}

/**
 * The texts of a language: the server's, those of its brand, and the page's `own`, of which the English ones have no member around
 * them. Shows the brand in `place`, too.
 */
export async function textsOf(tag, server, own, place) {
  const [file, { text }] = await Promise.all([tag === "en" ? {} : words(tag, server), showBrand(server, place)]);
  return { ...file, ...text?.[tag], ...(tag === "en" && own), ...own[tag] };
}

/** What shows a brand, once a server has had one. */
let brandModule;

/** Shows the brand of a server, if it has one. Without it the sign-in can be used as well. */
async function showBrand(server, place) {
  if (!brands.has(server)) brands.set(server, fetchBrand(server));
  const brand = await brands.get(server);
  if (Object.keys({ ...brand.tokens, ...brand.links }).length || brand.name || brand.logo) brandModule ??= import("./latchkey-brand.js");
  await brandModule?.then(({ show }) => show(brand, server, place)).catch(console.warn);
  return brand;
}

async function fetchBrand(server) {
  try {
    return await (await fetch(`${server}/brand.json`)).json();
  } catch {
    return {};
  }
}

/** What offers a choice of the languages, once a page has had one. */
let menuModule;

/** Offers the languages that the page allows. Returns whether that of the screens is one of them. */
export async function offerLanguages(host, frame, container) {
  if (!menuModule && !host.languages) return true;
  menuModule ??= import("./latchkey-menu.js");
  return (await menuModule).offer(allowedLanguages(host), frame, container);
}
