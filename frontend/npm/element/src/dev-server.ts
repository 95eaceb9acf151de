// For the development server of an app: passes the addresses of Latchkey on, so that both have one origin.

/** The addresses that are Latchkey's: its API, the ways back to it, and the files of the client. */
const PREFIXES = ["/api/", "/login/", "/account/authenticators/", "/account/text/", "/text/", "/style/", "/brand.json", "/brand.css", "/brand/logo.svg"];
const FILES =
  "(?:(?:latchkey|unsupported)\\.js|(?:latchkey|__wasm_split|boot|chunk|device|motion|passkey|split)[-_][^/]+\\.(?:js|wasm)|(?:account|late|main)-[^/]+\\.css)";

/** The Latchkey of `cargo xtask run`. */
const SERVER = "http://localhost:8080";

/** Rules for Vite and what is built on it: `server: { proxy: latchkeyProxy() }`, and the same for `preview`. */
export function latchkeyProxy(server: string = SERVER): Record<string, { target: string }> {
  const rules = [...PREFIXES, `^/${FILES}$`].map((path) => [path, { target: server }] as const);
  return Object.fromEntries(rules);
}
