//! Acceptance: the sign-in as an element in a page of another origin, which is listed, and in one that is not.

import { button, chooseIfAsked, enterCode, identify, link, username, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { DOMAIN, Neighbours } from '../world/neighbours.mjs';
import { MARY } from '../world/org.mjs';

/** What `docs/element.md` asks of a page, and no more. */
const shop = (login) => ({
  html: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><h2>Shop</h2>
    <latchkey-sign-in>The sign-in cannot be shown here. <a href="${login}/">Sign in on its own page</a></latchkey-sign-in>
    <script type="module" src="${login}/latchkey.js"></script>`,
  policy: `default-src 'none'; script-src ${login} 'wasm-unsafe-eval'; style-src ${login}; connect-src ${login}; img-src data:`,
});

const test = base.extend({
  neighbours: async ({}, use) => {
    const neighbours = await Neighbours.start();
    await use(neighbours);
    await neighbours.stop();
  },

  /** At `login`, where only `shop` may hold it. */
  app: async ({ org, neighbours, policies }, use) => {
    const login = neighbours.origin('login');
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: neighbours.origin('shop') });
    neighbours.pass('login', app.servers.url);
    for (const name of ['shop', 'stranger']) {
      const { html, policy } = shop(login);
      neighbours.show(name, html, policy);
    }
    await use(app);
    await app.stop();
  },
});

test.use({ around: DOMAIN, ignoreHTTPSErrors: true, policies: passwordAnd('okta_email') });

test('in a page of another origin that is listed, somebody signs in to the end', async ({ page, org, neighbours }) => {
  await page.goto(neighbours.origin('shop'));
  await identify(page);
  await expect(link(page, 'Sign in on its own page')).toBeHidden();
  await chooseIfAsked(page, 'Email');
  await page.reload();
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveTitle('Shop');
  await button(page, 'Sign out').click();
  await expect(username(page)).toBeVisible();
});

test('in a frame of another site, the element says that no cookie is kept, and tells the page around it', async ({ app, browser, neighbours }) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await context.addInitScript(() => {
    globalThis.errors = [];
    addEventListener('latchkey-error', ({ detail }) => globalThis.errors.push(detail.code));
  });
  const rival = neighbours.showAbroad(`<!doctype html><title>Rival</title><iframe src="${neighbours.origin('shop')}" width="800" height="900"></iframe>`);
  await page.goto(rival);
  const frame = page.frameLocator('iframe');
  await identify(frame);
  await expect(frame.getByText(/^Your browser does not keep this site's cookies\. .* open it in a window of its own/)).toBeVisible();
  expect(await page.frames()[1].evaluate(() => globalThis.errors)).toEqual(['cookies']);
  expect(await context.cookies(app.url)).toEqual([]);
  await context.close();
});

test('a page that is not listed is refused, and shows what it says of that itself', async ({ app, browser, neighbours }) => {
  const stranger = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await stranger.newPage();
  const refused = page.waitForEvent('console', (line) => line.text().includes('blocked by CORS policy'));
  await page.goto(neighbours.origin('stranger'));
  await refused;
  await expect(page.getByText('The sign-in cannot be shown here.')).toBeVisible();
  const answer = await page.evaluate(
    (url) => fetch(url, { credentials: 'include', headers: { 'X-CSRF': '1' } }).then(() => 'answered', () => 'refused'),
    `${app.url}/api/session`,
  );
  expect(answer).toBe('refused');
  await link(page, 'Sign in on its own page').click();
  await expect(username(page)).toBeVisible();
  await stranger.close();
});
