// What a developer can do about an error of the element.

/** What to check, by the code of an error. */
const ADVICE = {
  cookies: () => "the browser blocks the cookies of the sign-in server; a page of another site cannot embed it.",
  webassembly: (origin) => `WebAssembly is switched off, or the Content-Security-Policy of this page lacks "script-src ${origin} 'wasm-unsafe-eval'".`,
  browser: () => "the browser is too old for the sign-in.",
  invalid_request: () => "the server refuses how the sign-in begins, and its answer says why. Does its LATCHKEY_RETURN_TO or LATCHKEY_ALLOWED_ORIGINS list the origin of \"return-to\"?",
  duplicate: () => "another one in this page shows the sign-in, and there can be one at a time. This one shows its own content until the other one is removed.",
};

/** What a developer can do about an error, if anything; `origin` is the script's. */
export function advice(code, origin) {
  return ADVICE[code]?.(origin);
}
