//! Acceptance: what the page says in a browser that blocks cookies or storage, has no WebAssembly or is too old.

import { button, chooseIfAsked, enterCode, heading, identify, link, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const NO_COOKIE = /^Your browser does not keep this site's cookies\. Allow cookies for this site/;

const SHOP = `<!doctype html><html lang="en"><title>Shop</title>
  <latchkey-sign-in>The sign-in cannot be shown here.</latchkey-sign-in><script type="module" src="/latchkey.js"></script>`;

/** The sign-in as an element, in a page that records `latchkey-error` events. */
async function visitShop(page, html = SHOP) {
  await page.addInitScript(() => {
    globalThis.errors = [];
    addEventListener('latchkey-error', ({ detail }) => globalThis.errors.push(detail.code));
  });
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
  await page.goto('/shop');
}

const errors = (page) => page.evaluate(() => globalThis.errors);

/** From now on, no call has a cookie. */
function forgetCookies(page) {
  return page.route('**/api/**', async (route) => {
    await page.context().clearCookies();
    await route.continue();
  });
}

test('if the second call has no cookie, the page says so, and one click starts again', async ({ page }) => {
  await forgetCookies(page);
  await page.goto('/');
  await identify(page);
  await expect(heading(page, 'You cannot continue')).toBeVisible();
  await expect(link(page, 'Start again')).toBeFocused();
  await expect(link(page, 'Start again')).toHaveAccessibleDescription(NO_COOKIE);
  await expect(page.getByText('took too long')).toBeHidden();
  await page.unroute('**/api/**');
  await link(page, 'Start again').click();
  await expect(username(page)).toHaveValue(MARY.login);
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test('the element fires latchkey-error if cookies are blocked', async ({ page }) => {
  await forgetCookies(page);
  await visitShop(page);
  await identify(page);
  await expect(page.getByText(NO_COOKIE)).toBeVisible();
  await expect.poll(() => errors(page)).toEqual(['cookies']);
});

test('if navigator.cookieEnabled is false, the page says so instead of showing a form', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'cookieEnabled', { value: false }));
  await page.goto('/');
  await expect(page.getByRole('alert')).toHaveText(NO_COOKIE);
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('a browser that blocks storage signs in', async ({ page, org }) => {
  await page.addInitScript(() => {
    const get = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const storage of ['localStorage', 'sessionStorage']) Object.defineProperty(window, storage, { get });
  });
  await page.goto('/');
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  await button(page, 'Sign out').click();
  await expect(username(page)).toBeVisible();
});

test.describe('in German', () => {
  test.use({ locale: 'de-AT' });

  test('without WebAssembly the page says what to do, in the language of the browser', async ({ page }) => {
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await page.goto('/');
    await expect(page.getByRole('alert')).toHaveText(/^Diese Seite braucht WebAssembly, .* Blockierungsmodus/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.getByRole('textbox')).toHaveCount(0);
  });

  test('in a browser that is too old for the scripts, the page says so in its language', async ({ page }) => {
    await page.addInitScript(() => delete window.structuredClone);
    // Such a browser does not parse the start script either.
    await page.route(/boot[-\w]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.goto('/');
    await expect(page.getByRole('alert')).toHaveText(/^Ihr Browser ist zu alt für diese Seite\./);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

test('without WebAssembly an empty element says so and fires latchkey-error', async ({ page }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await visitShop(page, SHOP.replace('The sign-in cannot be shown here.', ''));
  await expect(page.getByRole('alert')).toHaveText(/^This page needs WebAssembly/);
  await expect.poll(() => errors(page)).toEqual(['webassembly']);
});

test('without WebAssembly the element keeps the content that the page has for this case, and fires latchkey-error', async ({ page }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await visitShop(page);
  await expect.poll(() => errors(page)).toEqual(['webassembly']);
  await expect(page.getByText('The sign-in cannot be shown here.')).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('if the browser cannot parse the program, the page says that it is too old', async ({ page }) => {
  const broken = { contentType: 'text/javascript', body: 'export default this is newer syntax' };
  await page.route(/latchkey-frontend[-\w]*\.js$/, (route) => route.fulfill(broken));
  await page.goto('/');
  await expect(page.getByRole('alert')).toHaveText(/^Your browser is too old for this page\./);
});

test('if the browser cannot compile the module, the page says that it is too old', async ({ page }) => {
  // A section number that no browser knows.
  const newer = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 99, 0]);
  await page.route(/\.wasm$/, (route) => route.fulfill({ contentType: 'application/wasm', body: newer }));
  await page.goto('/');
  await expect(page.getByRole('alert')).toHaveText(/^Your browser is too old for this page\./);
});
