//! Acceptance: elements that come and go in a page, what is typed into them, and dialogs around them.

import { button, heading, identify, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { element, fired, recordEvents, SHOP, shopWith, visitShop } from '../shop.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ policies: PASSWORD_ALONE });

test('a second element in a page says why it shows its own content, and follows when the first one goes', async ({ page }) => {
  const lines = [];
  page.on('console', (line) => lines.push(line.text()));
  await recordEvents(page);
  await visitShop(page, shopWith('', '').replace('</latchkey-sign-in>', '</latchkey-sign-in><latchkey-sign-in id="second"><p>The other sign-in is above.</p></latchkey-sign-in>'));
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(page.getByText('The other sign-in is above.')).toBeVisible();
  await expect.poll(() => fired(page, 'latchkey-error')).toEqual([{ code: 'duplicate', message: expect.stringContaining('one at a time') }]);
  expect(lines.filter((line) => line.includes('one at a time'))).toHaveLength(1);
  await username(page).fill(MARY.login);
  await page.evaluate(() => document.querySelector('latchkey-sign-in').remove());
  await expect(username(page)).toHaveValue(MARY.login);
  await expect(page.getByText('The other sign-in is above.')).toBeHidden();
});

test('an element that takes the place of another one begins what it names', async ({ page }) => {
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.evaluate(() => {
    const next = document.createElement('latchkey-sign-in');
    next.flow = 'register';
    document.querySelector('latchkey-sign-in').replaceWith(next);
  });
  await expect(heading(page, 'Sign Up')).toBeVisible();
});

test('properties that a page sets before the element is defined count', async ({ page }) => {
  const html = SHOP.replace('<script', '<script src="/early-properties.js"></script><script');
  await page.context().route('**/early-properties.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'document.querySelector("latchkey-sign-in").flow = "register";' }),
  );
  await visitShop(page, html);
  await expect(heading(page, 'Sign Up')).toBeVisible();
  await expect(element(page)).toHaveAttribute('flow', 'register');
});

test('attributes that change together begin one flow, and those of a removed element none', async ({ page }) => {
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  const begun = [];
  page.on('request', (request) => /\/api\/idx\/(authenticate|register|recover-password)$/.test(request.url()) && begun.push(new URL(request.url()).pathname));
  const removed = await page.evaluateHandle(() => document.querySelector('latchkey-sign-in'));
  await removed.evaluate((element) => Object.assign(element, { username: 'someone', flow: 'register', returnTo: '/orders' }));
  await expect(heading(page, 'Sign Up')).toBeVisible();
  await removed.evaluate((element) => element.remove());
  await removed.evaluate((element) => (element.flow = 'recover-password'));
  expect(begun).toEqual(['/api/idx/register']);
  await removed.evaluate((element) => document.body.append(element));
  await expect(heading(page, 'Reset password')).toBeVisible();
  expect(begun).toEqual(['/api/idx/register', '/api/idx/recover-password']);
});

test('a removed element loses the password that was typed into it', async ({ page }) => {
  await visitShop(page);
  await username(page).fill(MARY.login);
  await password(page).fill(MARY.password);
  const removed = await page.evaluateHandle(() => document.querySelector('latchkey-sign-in'));
  await removed.evaluate((element) => element.remove());
  const left = await removed.evaluate((element) => [...element.shadowRoot.querySelectorAll('input')].map(({ value }) => value));
  expect(left).not.toContain(MARY.password);
  await removed.evaluate((element) => document.body.append(element));
  await expect(username(page)).toHaveValue(MARY.login);
  await expect(password(page)).toHaveValue('');
  await button(page, 'Next').click();
  await expect(password(page)).toHaveAttribute('aria-invalid', 'true');
});

test('values that a password manager sets without an event are sent', async ({ page }) => {
  await visitShop(page);
  await expect(username(page)).toBeVisible();
  await username(page).evaluate((field, login) => (field.value = login), MARY.login);
  await password(page).evaluate((field, password) => (field.value = password), MARY.password);
  await button(page, 'Next').click();
  await expect(welcome(page)).toBeVisible();
});

test('a dialog that opens focuses the first field, whether the sign-in is drawn before or after', async ({ page }) => {
  const html = SHOP.replace('<latchkey-sign-in>', '<button id="open">Open</button><dialog><button>Close</button><latchkey-sign-in>').replace('</latchkey-sign-in>', '</latchkey-sign-in></dialog>');
  await visitShop(page, html);
  await expect(page.getByLabel('Search')).toBeFocused();
  await page.waitForFunction(() => document.querySelector('latchkey-sign-in').shadowRoot?.querySelector('section:not(.starting)'));
  await page.evaluate(() => document.querySelector('dialog').showModal());
  await expect(username(page)).toBeFocused();
  // Opened before the script has come.
  let release;
  await page.context().route('**/latchkey.js', async (route) => {
    await new Promise((resolve) => (release = resolve));
    await route.continue();
  });
  await page.goto('/shop', { waitUntil: 'commit' });
  await page.waitForFunction(() => document.querySelector('dialog'));
  await page.evaluate(() => document.querySelector('dialog').showModal());
  await expect.poll(() => Boolean(release)).toBe(true);
  release();
  await expect(username(page)).toBeFocused();
});

test('autofocus focuses the first field once it is drawn, and without it the page keeps its focus', async ({ page }) => {
  await visitShop(page, shopWith('autofocus').replace('<input id="search" autofocus>', '<input id="search">'));
  await expect(username(page)).toBeFocused();
  await identify(page);
  await expect(welcome(page)).toBeVisible();
});
