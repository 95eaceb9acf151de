//! Acceptance: the events of the element, and what a page can do with them.

import { button, chooseIfAsked, enterCode, heading, identify, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, passwordAnd } from '../policies.mjs';
import { element, fired, recordEvents, shopWith, visitShop } from '../shop.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const WRONG = 'Wrong-Horse-1';

test.beforeEach(({ page }) => recordEvents(page));

/** The answers that the page has sent. */
function answers(page) {
  const sent = [];
  page.on('request', (request) => request.url().endsWith('/api/idx/proceed') && sent.push(request.url()));
  return sent;
}

test.describe('with a code by e-mail', () => {
  test.use({ policies: passwordAnd('okta_email') });

  test('no event has a secret or anything typed in it', async ({ page, org }) => {
    await visitShop(page);
    await identify(page, { ...MARY, password: WRONG });
    await expect(page.getByText('Unable to sign in. Check your username and password, and try again.')).toBeVisible();
    await identify(page);
    await chooseIfAsked(page, 'Email');
    const code = await org.code(MARY.email);
    await enterCode(page, code);
    await expect(welcome(page)).toBeVisible();
    await button(page, 'Sign out').click();
    await expect(heading(page, 'Sign In')).toBeVisible();
    const every = ['ready', 'step', 'submit', 'signed-in', 'signed-out'].map((name) => `latchkey-${name}`);
    await expect.poll(async () => (await fired(page)).map(({ type }) => type)).toEqual(expect.arrayContaining(every));
    const all = await fired(page);
    for (const secret of [WRONG, MARY.password, code]) expect(JSON.stringify(all)).not.toContain(secret);
    const others = all.filter(({ type }) => type !== 'latchkey-signed-in');
    expect(JSON.stringify(others)).not.toContain(MARY.login);
  });
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('a page holds an answer, and it is sent when the page lets it', async ({ page }) => {
    await visitShop(page);
    await page.evaluate(() => addEventListener('latchkey-submit', (event) => event.waitUntil(new Promise((release) => (globalThis.release = release)))));
    const sent = answers(page);
    await identify(page);
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'true');
    await password(page).press('Enter');
    expect(await fired(page, 'latchkey-submit')).toEqual([{ name: 'identify', screen: '/login' }]);
    expect(sent).toEqual([]);
    await page.evaluate(() => globalThis.release());
    await expect(welcome(page)).toBeVisible();
    expect(sent).toHaveLength(1);
  });

  test('a page vetoes an answer, and the person reads why beside the button', async ({ page }) => {
    await visitShop(page);
    await page.evaluate(() => {
      globalThis.veto = (event) => event.waitUntil(Promise.reject(new Error('Orders are closed today.')));
      addEventListener('latchkey-submit', globalThis.veto);
    });
    const sent = answers(page);
    await identify(page);
    await expect(page.getByText('Orders are closed today.')).toBeVisible();
    await expect(button(page, 'Next')).toHaveAccessibleDescription('Orders are closed today.');
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'false');
    await expect(password(page)).toHaveValue(MARY.password);
    await page.evaluate(() => {
      removeEventListener('latchkey-submit', globalThis.veto);
      addEventListener('latchkey-submit', (event) => event.preventDefault(), { once: true });
    });
    await button(page, 'Next').click();
    await expect(page.getByText('Orders are closed today.')).toBeHidden();
    expect(sent).toEqual([]);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('an answer that a page still holds is not sent to a later step', async ({ page }) => {
    await visitShop(page);
    await page.evaluate(() => addEventListener('latchkey-submit', (event) => event.waitUntil(new Promise((release) => (globalThis.release = release))), { once: true }));
    const sent = answers(page);
    await identify(page);
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'true');
    await element(page).evaluate((element) => void element.start({ flow: 'recover-password' }));
    await expect(heading(page, 'Reset password')).toBeVisible();
    await page.evaluate(() => globalThis.release());
    await element(page).getByRole('textbox').fill(MARY.login);
    expect(sent).toEqual([]);
    await button(page, 'Next').click();
    await expect.poll(() => sent.length).toBe(1);
  });

  test('an error of the server has its code and a message', async ({ page }) => {
    await visitShop(page);
    await expect(username(page)).toBeVisible();
    const problem = { code: 'store_unavailable', status: 503, title: 'The store is unavailable.' };
    await page.route('**/api/idx/proceed', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }), { times: 1 });
    await identify(page);
    await expect.poll(() => fired(page, 'latchkey-error')).toEqual([{ code: 'store_unavailable', message: expect.stringContaining('store_unavailable') }]);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(welcome(page)).toBeVisible();
  });

  test('a return address that the server does not list is an error that names the setting', async ({ page }) => {
    const lines = [];
    page.on('console', (line) => lines.push(line.text()));
    await visitShop(page, shopWith('return-to="https://orders.example.com/"'));
    await expect.poll(() => fired(page, 'latchkey-error')).toEqual([{ code: 'invalid_request', message: expect.stringContaining('LATCHKEY_RETURN_TO') }]);
    expect(lines.filter((line) => line.includes('LATCHKEY_RETURN_TO'))).toHaveLength(1);
  });

  test('while the server cannot be reached what stands between the tags stays, and the form comes when it can', async ({ page }) => {
    await page.route('**/api/session', (route) => route.abort());
    await visitShop(page, shopWith('', '<p>Call us to sign in.</p>'));
    await expect.poll(() => fired(page, 'latchkey-error')).toEqual([{ code: 'unreachable', message: expect.stringContaining('LATCHKEY_ALLOWED_ORIGINS') }]);
    await expect(page.getByText('Call us to sign in.')).toBeVisible();
    await expect(page.getByText('You seem to be offline.')).toBeHidden();
    await page.unroute('**/api/session');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect(username(page)).toBeVisible();
    await expect(page.getByText('Call us to sign in.')).toBeHidden();
  });

  test('without content of its own the element says what is wrong, and it is ready when the form is drawn', async ({ page }) => {
    await page.route('**/api/session', (route) => route.abort());
    await visitShop(page);
    await expect(page.getByText('You seem to be offline.')).toBeVisible();
    await expect.poll(() => fired(page, 'latchkey-error')).toEqual([{ code: 'unreachable', message: expect.stringContaining('LATCHKEY_ALLOWED_ORIGINS') }]);
    expect(await fired(page, 'latchkey-ready')).toEqual([]);
    await page.unroute('**/api/session');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(username(page)).toBeVisible();
    expect(await fired(page, 'latchkey-ready')).toHaveLength(1);
  });

  test('a session that ends soon is announced, and its end is shown', async ({ page }) => {
    // Without the account page, whose calls would find the end of the session first.
    await visitShop(page, shopWith('after-sign-in="message"'));
    await identify(page);
    await expect(welcome(page)).toBeVisible();
    let session = { authenticated: true, user: {}, expiresAt: Math.floor(Date.now() / 1000) + 40 };
    const looks = [];
    await page.route(({ pathname }) => pathname === '/api/session', (route) => {
      const { search } = new URL(route.request().url());
      if (search) looks.push(search);
      return route.fulfill({ json: session });
    });
    await element(page).evaluate((element) => element.refresh());
    await expect.poll(() => fired(page, 'latchkey-expiring')).toEqual([{ in: expect.any(Number) }]);
    const [{ in: seconds }] = await fired(page, 'latchkey-expiring');
    expect(seconds).toBeGreaterThanOrEqual(20);
    // Now it ends in a second, and the element looks then by itself.
    session = { ...session, expiresAt: Math.floor(Date.now() / 1000) + 1 };
    await element(page).evaluate((element) => element.refresh());
    session = { authenticated: false };
    await page.context().clearCookies();
    await expect(heading(page, 'Sign In')).toBeVisible();
    expect(new Set(looks)).toEqual(new Set(['?touch=0']));
    await expect.poll(async () => (await fired(page, 'latchkey-signed-out')).length).toBe(1);
  });

  test('our own page says to the elements of its origin that a person has signed in', async ({ page }) => {
    await visitShop(page);
    await expect(username(page)).toBeVisible();
    const own = await page.context().newPage();
    await own.goto('/login');
    await identify(own);
    await expect(welcome(own)).toBeVisible();
    await expect(welcome(page)).toBeVisible();
    await button(own, 'Sign out').click();
    await expect(username(page)).toBeVisible();
  });

  test('the mark of a signed-in person is written when that changes and at no other event', async ({ page }) => {
    await page.addInitScript(() => {
      globalThis.writes = [];
      for (const name of ['setItem', 'removeItem']) {
        const write = Storage.prototype[name];
        Storage.prototype[name] = function (key, ...value) {
          if (key === 'latchkey.here') globalThis.writes.push(name);
          return write.call(this, key, ...value);
        };
      }
    });
    await visitShop(page);
    await identify(page, { ...MARY, password: WRONG });
    await expect(page.getByText('Unable to sign in. Check your username and password, and try again.')).toBeVisible();
    const before = await page.evaluate(() => globalThis.writes.length);
    await element(page).evaluate((element) => element.text = { Next: 'Go on' });
    await username(page).fill('m');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    expect(await page.evaluate(() => globalThis.writes.length)).toBe(before);
    expect(before).toBe(1);
  });
});
