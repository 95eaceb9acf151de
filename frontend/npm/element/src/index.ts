// Loads the element's script from a Latchkey server. Importing this module does nothing, so a server can render with it.

export type * from "./elements.js";

const TAG = "latchkey-sign-in";
const loads = new Map<string, Promise<void>>();

/**
 * Loads the element from the Latchkey server at `origin`, or from the page's own origin without one. The script is loaded once,
 * however often this is called. Resolves when the element is defined, and on a server, which has no elements, at once. Rejects
 * with an error that says what to check; the next call tries again.
 */
export function load(origin?: string): Promise<void> {
  if (!globalThis.customElements || customElements.get(TAG)) return Promise.resolve();
  const script = new URL("/latchkey.js", origin ?? location.href).href;
  let loading = loads.get(script);
  if (!loading) {
    loading = fetchAndDefine(script).catch((cause) => {
      loads.delete(script);
      throw new Error(advice(script), { cause });
    });
    loads.set(script, loading);
  }
  return loading;
}

/** An import, unlike a script element, needs no exception where the page's policy requires trusted types. */
async function fetchAndDefine(script: string): Promise<void> {
  await import(/* @vite-ignore */ /* webpackIgnore: true */ script);
  await customElements.whenDefined(TAG);
}

function advice(script: string): string {
  const { origin } = new URL(script);
  const checks = [`a Latchkey server runs there: ${script} can be opened in a tab of its own`];
  if (origin !== location.origin) checks.push(`its LATCHKEY_ALLOWED_ORIGINS lists ${location.origin}`);
  checks.push(`the Content-Security-Policy of this page has "script-src ${origin} 'wasm-unsafe-eval'"`);
  return `The sign-in cannot be loaded from ${script}. Check that ${checks.join("; that ")}.`;
}
