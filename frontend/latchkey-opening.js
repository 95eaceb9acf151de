// What the element begins with, where it returns to, what becomes of it, and what a developer checks if it cannot begin.

/** The page of each flow at the server. */
const PATHS = { "sign-in": "/login", register: "/register", "recover-password": "/recover-password", "unlock-account": "/unlock-account" };

/**
 * The page of our server that begins the same flow as the element: by `requested`, or else by the attributes. With `begins`, the
 * flow begins although a person is signed in.
 */
export function openingPath(host, requested, begins) {
  const wanted = (name) => requested[name] ?? host[name];
  const flow = wanted("flow");
  const assurance = { acr_values: wanted("acrValues"), max_age: requested.maxAge };
  const isSignIn = !Object.hasOwn(PATHS, flow) || flow === "sign-in";
  const path = isSignIn && !assurance.acr_values && !assurance.max_age && !begins ? "/" : PATHS[isSignIn ? "sign-in" : flow];
  const hints = isSignIn ? { login_hint: wanted("username"), ...assurance } : {};
  const query = Object.entries({ ...hints, return_to: wanted("returnTo") }).filter(([, value]) => value);
  return `${path}?${new URLSearchParams(query)}`;
}

/** The most characters of an address that the server takes. */
const MAX_ADDRESS = 1024;

/** Whether the page says where people go after signing in. */
export function isReturnRequested(host, requested) {
  return Boolean(requested.returnTo ?? host.returnTo);
}

/** Where the browser returns to from an identity provider or a mailed link: where the page says, or to the page itself. */
export function returnAddress(host, requested) {
  const { href, origin, pathname } = location;
  const wanted = (requested.returnTo ?? host.returnTo) || href.split("#")[0];
  return [wanted, origin + pathname, origin].find(({ length }) => length <= MAX_ADDRESS);
}

/** The attributes that say what the sign-in begins with. */
export const OPENING = ["flow", "username", "acr-values", "return-to", "server"];

/** Their values, to be compared. */
export function openingOf(element) {
  return JSON.stringify(OPENING.map((name) => element.getAttribute(name)));
}

/** The origin of an address; none if it is none. */
export function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return undefined;
  }
}

/** Whether the person signs in: awaited once, however often a flow begins meanwhile. */
export class Outcome {
  #promise;
  #settle;

  get isAwaited() {
    return Boolean(this.#promise);
  }

  /** Resolves when it is known. */
  get promise() {
    return (this.#promise ??= new Promise((settle) => (this.#settle = settle)));
  }

  settle(isSignedIn) {
    this.#settle?.(isSignedIn);
    this.#promise = this.#settle = undefined;
  }
}

/** What a developer can do about an error, if anything; `origin` is the script's, and `server` is the one that is called. */
export async function adviceOn(code, origin, server) {
  // From a server that cannot be reached, no advice can be fetched either.
  if (code === "unreachable") return unreachable(server);
  const { advice } = await import("./latchkey-advice.js").catch(() => ({}));
  return advice?.(code, origin);
}

const unreachable = (server) =>
  `nothing can be fetched from ${server}. Is it running, does its LATCHKEY_ALLOWED_ORIGINS list ${location.origin}, and does the Content-Security-Policy of this page allow it in "script-src" and "connect-src"?`;
