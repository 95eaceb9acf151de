//! Acceptance: what a person is told whose browser keeps no cookies, refuses storage, has no WebAssembly or is too old.

import { button, chooseIfAsked, enterCode, heading, identify, link, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const NO_COOKIE = /^Your browser does not keep this site's cookies\. Allow cookies for this site/;

const SHOP = `<!doctype html><html lang="en"><title>Shop</title>
  <latchkey-sign-in>The sign-in cannot be shown here.</latchkey-sign-in><script type="module" src="/latchkey.js"></script>`;

/** The sign-in as an element, in a page that notes the errors it is told of. */
async function visitShop(page) {
  await page.addInitScript(() => {
    globalThis.errors = [];
    addEventListener('latchkey-error', ({ detail }) => globalThis.errors.push(detail.code));
  });
  await page.context().route('**/shop', (route) => route.fulfill({ body: SHOP, contentType: 'text/html' }));
  await page.goto('/shop');
}

const errors = (page) => page.evaluate(() => globalThis.errors);

/** From now on, no call brings a cookie. */
function forgetCookies(page) {
  return page.route('**/api/**', async (route) => {
    await page.context().clearCookies();
    await route.continue();
  });
}

test('a cookie that does not come back at the second call is named, and one click starts again', async ({ page }) => {
  await forgetCookies(page);
  await page.goto('/');
  await identify(page);
  await expect(heading(page, 'That cannot go on')).toBeVisible();
  await expect(link(page, 'Start again')).toBeFocused();
  await expect(link(page, 'Start again')).toHaveAccessibleDescription(NO_COOKIE);
  await expect(page.getByText('took too long')).toBeHidden();
  await page.unroute('**/api/**');
  await link(page, 'Start again').click();
  await expect(username(page)).toHaveValue(MARY.login);
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test('the page around the element is told that no cookie is kept', async ({ page }) => {
  await forgetCookies(page);
  await visitShop(page);
  await identify(page);
  await expect(page.getByText(NO_COOKIE)).toBeVisible();
  expect(await errors(page)).toEqual(['cookies']);
});

test('a browser that says itself that it keeps no cookies is told before anything is typed', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'cookieEnabled', { value: false }));
  await page.goto('/');
  await expect(page.getByRole('alert')).toHaveText(NO_COOKIE);
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('a browser that refuses storage signs in to the end', async ({ page, org }) => {
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

  test('without WebAssembly the page says what to do, in the language of the person', async ({ page }) => {
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await page.goto('/');
    await expect(page.getByRole('alert')).toHaveText(/^Diese Seite braucht WebAssembly, .* Blockierungsmodus/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.getByRole('textbox')).toHaveCount(0);
  });

  test('a browser too old for the other scripts says so, in the language of the person', async ({ page }) => {
    await page.addInitScript(() => delete window.structuredClone);
    // Nor would it read the script that starts the program.
    await page.route(/boot[-\w]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.goto('/');
    await expect(page.getByRole('alert')).toHaveText(/^Ihr Browser ist zu alt für diese Seite\./);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

test('the element says in the page around it that there is no WebAssembly, and tells that page', async ({ page }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await visitShop(page);
  await expect(page.getByRole('alert')).toHaveText(/^This page needs WebAssembly/);
  expect(await errors(page)).toEqual(['webassembly']);
});

test('a program that the browser cannot read says that the browser is too old', async ({ page }) => {
  const broken = { contentType: 'text/javascript', body: 'export default this is newer syntax' };
  await page.route(/latchkey-frontend[-\w]*\.js$/, (route) => route.fulfill(broken));
  await page.goto('/');
  await expect(page.getByRole('alert')).toHaveText(/^Your browser is too old for this page\./);
});

test('a module that the browser cannot compile says that the browser is too old', async ({ page }) => {
  // The number of a section that no browser has yet.
  const newer = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 99, 0]);
  await page.route(/\.wasm$/, (route) => route.fulfill({ contentType: 'application/wasm', body: newer }));
  await page.goto('/');
  await expect(page.getByRole('alert')).toHaveText(/^Your browser is too old for this page\./);
});
