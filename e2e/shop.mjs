//! A shop's page with the sign-in in it, at the server's own origin, under the strictest policy that the element can work with.

export const SHOP = `<!doctype html><html lang="en"><title>Shop</title>
  <style nonce="n">latchkey-sign-in { --accent: rgb(0, 90, 60); } latchkey-sign-in::part(heading) { text-transform: uppercase; }</style>
  <h2>Shop</h2><label>Search <input id="search" autofocus></label>
  <latchkey-sign-in></latchkey-sign-in>
  <script type="module" src="/latchkey.js"></script>`;

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-n'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'";

/** The same for axe, which adds styles of its own. */
export const POLICY_OF_AXE = POLICY.replace("'nonce-n'", "'unsafe-inline'");

/** The shop's page with these attributes on the element and these children in it. */
export const shopWith = (attributes, children = '') => SHOP.replace('<latchkey-sign-in>', `<latchkey-sign-in ${attributes}>${children}`);

export async function visitShop(page, html = SHOP, policy = POLICY) {
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html', headers: { 'content-security-policy': policy } }));
  await page.goto('/shop');
}

/** The element. */
export const element = (page) => page.locator('latchkey-sign-in');

/** Resolves once the page has been painted. */
export const painted = (page) => page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(painted)))));

/** Records the events of the elements of every page, with their details. */
export function recordEvents(page) {
  return page.addInitScript(() => {
    globalThis.fired = [];
    const dispatch = EventTarget.prototype.dispatchEvent;
    EventTarget.prototype.dispatchEvent = function (event) {
      if (event.type.startsWith('latchkey-')) globalThis.fired.push({ type: event.type, detail: event.detail });
      return dispatch.call(this, event);
    };
  });
}

/** The recorded events, of one type or of all. */
export async function fired(page, type) {
  const all = await page.evaluate(() => globalThis.fired);
  return type ? all.filter((event) => event.type === type).map(({ detail }) => detail) : all;
}
