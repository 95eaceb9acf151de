//! Acceptance: the element in a page of another origin, one that is listed and one that is not.

import { button, chooseIfAsked, enterCode, identify, link, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, PROVIDER, passwordAnd } from '../policies.mjs';
import { element } from '../shop.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { serveSite } from '../world/static-site.mjs';
import { DOMAIN, policyOf, sites } from '../world/sibling-sites.mjs';
import { MARY } from '../world/org.mjs';

/** A page with the policy that `docs/element.md` requires. */
const shop = (login, attributes = '') => ({
  html: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><h2>Shop</h2>
    <latchkey-sign-in ${attributes}>The sign-in cannot be shown here. <a href="${login}/">Sign in on its own page</a></latchkey-sign-in>
    <script type="module" src="${login}/latchkey.js"></script>`,
  policy: policyOf(login),
});

const test = base.extend({
  sites,

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

test.describe('with a return to the page', () => {
  test.use({ visitsOrg: true });

  test.beforeEach(({ app, sites }) => {
    const { html, policy } = shop(app.url, `return-to="${sites.origin('shop')}/orders"`);
    sites.show('shop', html, policy);
  });

  async function signInAtProvider(page) {
    await link(page, 'Continue with Dev Social').click();
    await page.getByLabel('Email').fill(MARY.email);
    await button(page, 'Continue').click();
  }

  test.describe('after an identity provider', () => {
    test.use({ policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] } });

    test('the person comes back to the page, signed in', async ({ page, sites }) => {
      await page.goto(sites.origin('shop'));
      await signInAtProvider(page);
      await expect(page).toHaveURL(`${sites.origin('shop')}/orders`);
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('after an identity provider and another factor', () => {
    test.use({ policies: { ...passwordAnd('okta_email'), identity_providers: [PROVIDER] } });

    test('our own page goes on with the flow of the page, and then returns to it', async ({ page, org, app, sites }) => {
      await page.goto(sites.origin('shop'));
      await signInAtProvider(page);
      await chooseIfAsked(page, 'Email');
      expect(new URL(page.url()).origin).toBe(app.url);
      await page.reload();
      await enterCode(page, await org.code(MARY.email));
      await expect(page).toHaveURL(`${sites.origin('shop')}/orders`);
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('after a mailed link', () => {
    test.use({ policies: { ...passwordAnd('okta_email'), email_callback: 'redirect_uri' } });

    test('its tab returns to the page, and the page that began is signed in, too', async ({ page, org, sites }) => {
      await page.goto(sites.origin('shop'));
      await identify(page);
      await chooseIfAsked(page, 'Email');
      const [{ link: mailed }] = await org.inbox(MARY.email);
      const tab = await page.context().newPage();
      await tab.goto(mailed);
      await expect(tab).toHaveURL(`${sites.origin('shop')}/orders`);
      await expect(welcome(tab)).toBeVisible();
      await page.bringToFront();
      await expect(welcome(page)).toBeVisible();
    });
  });
});

test('the element calls the server that its attribute names, whatever origin its script has', async ({ page, app, sites }) => {
  const files = sites.origin('files');
  // The files of the program at another origin than its server.
  sites.pass('files', app.servers.url, new URL(app.url).host);
  const calls = [];
  page.on('request', (request) => request.url().includes('/api/') && calls.push(new URL(request.url()).origin));
  const { html } = shop(files, `server="${app.url}"`);
  const both = `${files} ${app.url}`;
  sites.show('shop', html, `default-src 'none'; script-src ${both} 'wasm-unsafe-eval'; style-src ${both}; connect-src ${both}; img-src data:`);
  await page.goto(sites.origin('shop'));
  await identify(page);
  await expect.poll(() => calls.length).toBeGreaterThan(1);
  expect([...new Set(calls)]).toEqual([app.url]);
  await expect(element(page)).toHaveJSProperty('server', app.url);
});

const local = base.extend({
  /** A page on another port. */
  site: async ({}, use) => {
    const site = await serveSite('<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><latchkey-sign-in></latchkey-sign-in>', '');
    await use(site);
    await site.stop();
  },

  app: async ({ org, policies, site }, use) => {
    const app = await App.start(org, policies, { LATCHKEY_ALLOWED_ORIGINS: site.url });
    await use(app);
    await app.stop();
  },
});

local.describe("on a developer's machine", () => {
  local.use({ allowedDomain: 'localhost', policies: PASSWORD_ALONE });

  local('a page on another port of localhost can be listed, and signs a person in', async ({ page, app, site }) => {
    const visit = async () => {
      await page.goto(site.url);
      await page.addScriptTag({ url: `${app.url}/latchkey.js`, type: 'module' });
    };
    await visit();
    await identify(page);
    await expect(welcome(page)).toBeVisible();
    await visit();
    await expect(welcome(page)).toBeVisible();
    await button(page, 'Sign out').click();
    await expect(username(page)).toBeVisible();
  });
});
