//! Acceptance: the sign-in as an element in another page, under the strictest possible policy.

import { button, chooseIfAsked, code, duplicate, enterCode, heading, identify, offer, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const SHOP = `<!doctype html><html lang="en"><title>Shop</title>
  <style nonce="n">latchkey-sign-in { --accent: rgb(0, 90, 60); } latchkey-sign-in::part(heading) { text-transform: uppercase; }</style>
  <h2>Shop</h2><label>Search <input id="search" autofocus></label>
  <latchkey-sign-in></latchkey-sign-in>
  <script type="module" src="/latchkey.js"></script>`;
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-n'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'";

/** A shop's page at the server's own origin. */
async function visitShop(page, html = SHOP) {
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html', headers: { 'content-security-policy': POLICY } }));
  await page.goto('/shop');
}

/** The events that the element fired, in order. */
function events(page) {
  return page.evaluate(() => globalThis.events);
}

test.beforeEach(({ page }) =>
  page.addInitScript(() => {
    globalThis.events = [];
    for (const name of ['latchkey-signed-in', 'latchkey-signed-out']) addEventListener(name, () => globalThis.events.push(name));
  }),
);

test('a person signs in, and the page keeps its address, title and focus', async ({ page, org }) => {
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(page.getByLabel('Search')).toBeFocused();
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await expect(page.getByLabel('Verification code')).toBeFocused();
  await page.reload();
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  expect(await events(page)).toEqual(['latchkey-signed-in']);
  await expect(page).toHaveURL(/\/shop$/);
  await expect(page).toHaveTitle('Shop');
  await button(page, 'Sign out').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  expect(await events(page)).toEqual(['latchkey-signed-in', 'latchkey-signed-out']);
});

test('a removed element sends no requests, and continues when it is added again', async ({ page, org }) => {
  await visitShop(page);
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await code(page).fill(await org.code(MARY.email));
  const other = await duplicate(page);
  const element = await page.evaluateHandle(() => document.querySelector('latchkey-sign-in'));
  await element.evaluate((element) => element.remove());
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  // Both tabs poll at the same interval, so two polls of the other tab would include one of this tab.
  for (let polls = 0; polls < 2; polls += 1) await other.waitForResponse('**/api/idx/poll');
  expect(requests).toEqual([]);
  const poll = page.waitForRequest('**/api/idx/poll');
  await element.evaluate((element) => document.body.append(element));
  await poll;
  await button(page, 'Submit').click();
  await expect(welcome(page)).toBeVisible();
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('it uses the colours and the language of the page, and a replaced element loses nothing', async ({ page }) => {
    await visitShop(page, SHOP.replace('lang="en"', 'lang="de-AT"'));
    await expect(heading(page, 'Anmelden')).toHaveCSS('text-transform', 'uppercase');
    await expect(offer(page, 'Registrieren')).toHaveCSS('color', 'rgb(0, 90, 60)');
    await page.getByLabel('Benutzername').fill(MARY.login);
    await page.evaluate(() => {
      const old = document.querySelector('latchkey-sign-in');
      old.replaceWith(document.createElement('latchkey-sign-in'));
    });
    await expect(page.getByLabel('Benutzername')).toHaveValue(MARY.login);
    await offer(page, 'Registrieren').click();
    await expect(page.getByLabel('Vorname')).toBeFocused();
    await expect(page).toHaveURL(/\/shop$/);
    await offer(page, 'Zurück zur Anmeldung').click();
    await expect(page.getByLabel('Benutzername')).toHaveValue(MARY.login);
  });

  test('in a narrow window it uses the whole width, or the inset that the page sets', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await visitShop(page);
    await expect(heading(page, 'Sign In')).toBeVisible();
    const inset = () =>
      page.locator('latchkey-sign-in').evaluate((element) => {
        const inside = element.shadowRoot.querySelector('h1').getBoundingClientRect();
        return inside.left - element.getBoundingClientRect().left;
      });
    expect(await inset()).toBe(0);
    await page.locator('latchkey-sign-in').evaluate((element) => element.style.setProperty('--inset', '20px'));
    expect(await inset()).toBe(20);
  });
});
