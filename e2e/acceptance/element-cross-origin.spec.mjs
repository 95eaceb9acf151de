//! Acceptance: the element in a page of another origin, one that is listed and one that is not.

import { button, chooseIfAsked, enterCode, identify, link, username, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { DOMAIN, SiblingSites } from '../world/sibling-sites.mjs';
import { MARY } from '../world/org.mjs';

/** A page with the policy that `docs/element.md` requires. */
const shop = (login) => ({
  html: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><h2>Shop</h2>
    <latchkey-sign-in>The sign-in cannot be shown here. <a href="${login}/">Sign in on its own page</a></latchkey-sign-in>
    <script type="module" src="${login}/latchkey.js"></script>`,
  policy: `default-src 'none'; script-src ${login} 'wasm-unsafe-eval'; style-src ${login}; connect-src ${login}; img-src data:`,
});

const test = base.extend({
  sites: async ({}, use) => {
    const sites = await SiblingSites.start();
    await use(sites);
    await sites.stop();
  },

  /** At `login`; only `shop` is an allowed origin. */
  app: async ({ org, sites, policies }, use) => {
    const login = sites.origin('login');
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: sites.origin('shop') });
    sites.pass('login', app.servers.url);
    for (const name of ['shop', 'stranger']) {
      const { html, policy } = shop(login);
      sites.show(name, html, policy);
    }
    await use(app);
    await app.stop();
  },
});

test.use({ allowedDomain: DOMAIN, ignoreHTTPSErrors: true, policies: passwordAnd('okta_email') });

test('a person signs in within a page of a listed origin', async ({ page, org, sites }) => {
  await page.goto(sites.origin('shop'));
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

test('in a frame of another site, the element says that cookies are blocked and fires latchkey-error', async ({ app, browser, sites }) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await context.addInitScript(() => {
    globalThis.errors = [];
    addEventListener('latchkey-error', ({ detail }) => globalThis.errors.push(detail.code));
  });
  const rival = sites.showOtherSite(`<!doctype html><title>Rival</title><iframe src="${sites.origin('shop')}" width="800" height="900"></iframe>`);
  await page.goto(rival);
  const frame = page.frameLocator('iframe');
  await identify(frame);
  await expect(frame.getByText(/^Your browser does not keep this site's cookies\. .* open it in a window of its own/)).toBeVisible();
  expect(await page.frames()[1].evaluate(() => globalThis.errors)).toEqual(['cookies']);
  expect(await context.cookies(app.url)).toEqual([]);
  await context.close();
});

test('in a page of an unlisted origin, the element shows its own content', async ({ app, browser, sites }) => {
  const stranger = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await stranger.newPage();
  const refused = page.waitForEvent('console', (line) => line.text().includes('blocked by CORS policy'));
  await page.goto(sites.origin('stranger'));
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
