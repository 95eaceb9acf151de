//! Acceptance: the sign-in over a page, when a session has ended and when an API asks for more. The page stays as it is.

import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';

import { barriers } from '../axe.mjs';
import { button, chooseIfAsked, identify, password, typeCode, username } from '../person.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { DOMAIN, sites } from '../world/sibling-sites.mjs';
import { MARY } from '../world/org.mjs';

const CLIENT = new URL('../../frontend/npm/dist/client/index.js', import.meta.url);
const TWO_FACTORS = 'Bearer error="insufficient_user_authentication", acr_values="urn:okta:loa:2fa:any", max_age="30"';
/** The password is enough, and an e-mail address can be asked for. */
const POLICIES = {
  sign_on: [{ authenticate_with: 'password' }],
  enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' },
};

const bank = (login) => `<!doctype html><html lang="en"><title>Bank</title><link rel="icon" href="data:,">
  <main><h1>Transfer</h1>
    <form><label>To <input name="to"></label> <label>Amount <input name="amount"></label> <button>Send</button></form>
    <output></output></main>
  <latchkey-sign-in mode="overlay"></latchkey-sign-in>
  <script type="module" src="${login}/latchkey.js"></script>
  <script type="module">
    import { Client } from '${login}/client.js';
    const client = new Client({ server: '${login}' });
    document.querySelector('form').onsubmit = async (event) => {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(event.target)).toString();
      const answer = await client.fetch('bank/transfers', { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
      document.querySelector('output').textContent = answer.status + ' ' + (answer.ok ? await answer.text() : '');
    };
  </script>`;
const policy = (login) => `default-src 'none'; script-src 'unsafe-inline' ${login} 'wasm-unsafe-eval'; style-src 'unsafe-inline' ${login}; connect-src ${login}; img-src data:; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;

const test = base.extend({
  /** The name of the site that has the page; `login` is that of the app itself. */
  place: ['login', { option: true }],

  sites,

  /** An API behind the proxy: the transfers that it got, and the challenge that it answers the next one with. */
  api: async ({}, use) => {
    const api = { transfers: [], challenge: undefined };
    const server = createServer(async (asked, response) => {
      let body = '';
      for await (const piece of asked) body += piece;
      api.transfers.push(body);
      const { challenge } = api;
      api.challenge = undefined;
      if (challenge) response.writeHead(401, { 'www-authenticate': challenge }).end();
      else response.writeHead(201, { 'content-type': 'text/plain' }).end(body);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ api, url: `http://127.0.0.1:${server.address().port}/` });
    server.closeAllConnections();
    server.close();
  },

  app: async ({ api, org, place, sites }, use, testInfo) => {
    const login = sites.origin('login');
    const settings = testInfo.outputPath('latchkey.toml');
    await writeFile(settings, `[proxy.bank]\nbase = "${api.url}"\nmethods = ["POST"]\npaths = ["transfers"]\n`);
    const env = { LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: sites.origin('bank'), LATCHKEY_CONFIG: settings };
    const app = await App.start(org, POLICIES, env);
    sites.pass('login', app.servers.url);
    sites.show('bank', bank(login), policy(login));
    app.page = `${sites.origin(place)}/transfer`;
    await use(app);
    await app.stop();
  },

  context: async ({ context, sites }, use) => {
    const login = sites.origin('login');
    const script = await readFile(CLIENT, 'utf8');
    const cors = { 'access-control-allow-origin': '*' };
    await context.route('**/client.js', (route) => route.fulfill({ body: script, contentType: 'text/javascript', headers: cors }));
    const headers = { 'content-security-policy': policy(login) };
    await context.route(`${login}/transfer`, (route) => route.fulfill({ body: bank(login), contentType: 'text/html', headers }));
    await use(context);
  },
});

test.use({ allowedDomain: DOMAIN, ignoreHTTPSErrors: true });

const dialog = (page) => page.getByRole('dialog', { name: /./ });

/** Opens the page with the session of a person, and fills its form in by half. */
async function visit(page, app) {
  await page.goto(app.page);
  await page.waitForFunction(() => customElements.get('latchkey-sign-in'));
  const started = page.evaluate(() => document.querySelector('latchkey-sign-in').start());
  await identify(dialog(page));
  expect(await started).toBe(true);
  await expect(dialog(page)).toBeHidden();
  await page.getByLabel('To', { exact: true }).fill('Ann');
  await page.getByLabel('Amount').fill('100');
}

/** Ends the session where the page does not see it. */
async function endSession(page, app) {
  const other = await page.context().newPage();
  await other.goto(`${app.url}/healthz`);
  await other.evaluate(() => fetch('/api/logout', { method: 'POST', body: '{}', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' } }));
  await other.close();
  await page.bringToFront();
}

for (const [title, place] of [['of the same origin', 'login'], ['of another origin of the same site', 'bank']]) {
  test.describe(`over a page ${title}`, () => {
    test.use({ place });

    test('a person whose session has ended signs in, and the held request is sent exactly once more', async ({ api: { api }, app, page }) => {
      await visit(page, app);
      let navigations = 0;
      page.on('framenavigated', () => (navigations += 1));
      await endSession(page, app);
      const posts = [];
      page.on('request', (request) => request.method() === 'POST' && request.url().includes('/api/proxy/') && posts.push(request.postData()));
      await button(page, 'Send').click();
      await expect(username(dialog(page))).toBeFocused();
      expect(await barriers(page)).toEqual([]);
      await identify(dialog(page));
      await expect(page.getByRole('status')).toHaveText('201 to=Ann&amount=100');
      await expect(dialog(page)).toBeHidden();
      await expect(button(page, 'Send')).toBeFocused();
      expect([posts, api.transfers]).toEqual([['to=Ann&amount=100', 'to=Ann&amount=100'], ['to=Ann&amount=100']]);
      await expect(page.getByLabel('Amount')).toHaveValue('100');
      expect(navigations).toBe(0);
    });

    test('an API that asks for a second factor gets it, and the held request exactly once more', async ({ api: { api }, app, org, page }) => {
      await visit(page, app);
      api.challenge = TWO_FACTORS;
      const begun = page.waitForRequest('**/api/idx/authenticate');
      await button(page, 'Send').click();
      expect((await begun).postDataJSON()).toMatchObject({ acrValues: 'urn:okta:loa:2fa:any', maxAge: '30' });
      await identify(dialog(page));
      await chooseIfAsked(dialog(page), 'Email');
      await typeCode(dialog(page), await org.code(MARY.email));
      await expect(page.getByRole('status')).toHaveText('201 to=Ann&amount=100');
      await expect(dialog(page)).toBeHidden();
      expect(api.transfers).toHaveLength(2);
      await expect(page.getByLabel('To', { exact: true })).toHaveValue('Ann');
    });
  });
}

test('a person who closes it stays where they were, and can sign in later', async ({ api: { api }, app, page }) => {
  await visit(page, app);
  await endSession(page, app);
  const close = [() => page.keyboard.press('Escape'), () => button(dialog(page), 'Cancel').click()];
  for (const act of close) {
    await button(page, 'Send').click();
    await expect(username(dialog(page))).toBeFocused();
    await act();
    await expect(dialog(page)).toBeHidden();
    await expect(page.getByRole('status')).toHaveText('401');
    await expect(button(page, 'Send')).toBeFocused();
    await page.getByRole('status').evaluate((output) => (output.textContent = ''));
  }
  expect(api.transfers).toEqual([]);
  // The form of the flow before is shown until the new flow has begun.
  const hasBegun = page.evaluate(() => new Promise((resolve) => addEventListener('latchkey-step', () => resolve(), { once: true })));
  await button(page, 'Send').click();
  await hasBegun;
  await identify(dialog(page));
  await expect(page.getByRole('status')).toHaveText('201 to=Ann&amount=100');
});

test('a change of language leaves the dialog open, with what was typed and the focus', async ({ app, page }) => {
  await visit(page, app);
  await endSession(page, app);
  await button(page, 'Send').click();
  await username(dialog(page)).fill(MARY.login);
  await password(dialog(page)).fill('half of it');
  await page.keyboard.press('ArrowLeft');
  await page.evaluate(() => (document.documentElement.lang = 'de'));
  const german = dialog(page).getByLabel('Passwort', { exact: true });
  await expect(german).toHaveValue('half of it');
  await expect(german).toBeFocused();
  expect(await german.evaluate(({ selectionStart }) => selectionStart)).toBe('half of i'.length);
  await expect(dialog(page).getByLabel('Benutzername')).toHaveValue(MARY.login);
  await expect(button(dialog(page), 'Abbrechen')).toBeVisible();
});

test('it opens by itself when the time of the session is over, after a warning', async ({ app, page }) => {
  const expiresAt = Math.floor(Date.now() / 1000) + 300;
  let isOver = false;
  await page.clock.install();
  await page.route('**/api/session*', (route) => {
    const session = isOver ? { authenticated: false } : { authenticated: true, user: { sub: 'mary' }, expiresAt };
    return route.fulfill({ json: session });
  });
  await page.addInitScript(() => {
    globalThis.warnings = [];
    addEventListener('latchkey-expiring', ({ detail }) => globalThis.warnings.push(detail.in));
  });
  await page.goto(app.page);
  await page.waitForFunction(() => document.querySelector('latchkey-sign-in').session);
  await page.getByLabel('Amount').fill('100');
  await page.clock.fastForward(270_000);
  await expect.poll(() => page.evaluate(() => globalThis.warnings.length)).toBe(1);
  expect(await page.evaluate(() => globalThis.warnings[0])).toBeGreaterThanOrEqual(20);
  await expect(dialog(page)).toBeHidden();
  isOver = true;
  await page.clock.fastForward(60_000);
  await expect(username(dialog(page))).toBeVisible();
  await expect(password(dialog(page))).toBeVisible();
  await expect(page.getByLabel('Amount')).toHaveValue('100');
});
