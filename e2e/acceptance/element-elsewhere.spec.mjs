//! Acceptance: a sign-in that leaves the page of the element for an identity provider or a mailed link, and comes back to it.

import { button, chooseIfAsked, enterCode, heading, identify, link, welcome } from '../person.mjs';
import { PROVIDER, passwordAnd } from '../policies.mjs';
import { element } from '../shop.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { DOMAIN, policyOf, sites } from '../world/sibling-sites.mjs';
import { MARY } from '../world/org.mjs';

const shop = (login, attributes = '') => `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
  <main><h1>Orders</h1><label>Note <input></label></main>
  <latchkey-sign-in ${attributes}></latchkey-sign-in>
  <script type="module" src="${login}/latchkey.js"></script>`;

const PROVIDER_ALONE = { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] };
const PROVIDER_AND_EMAIL = { ...passwordAnd('okta_email'), identity_providers: [PROVIDER] };

const test = base.extend({
  /** The attributes of the element. */
  attributes: ['', { option: true }],
  /** The name of the site that has the page; `login` is that of the app itself. */
  place: ['shop', { option: true }],

  sites,

  app: async ({ attributes, org, place, policies, sites }, use) => {
    const login = sites.origin('login');
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: sites.origin('shop') });
    sites.pass('login', app.servers.url);
    sites.show('shop', shop(login, attributes), policyOf(login));
    app.page = `${sites.origin(place)}/orders?id=7`;
    await use(app);
    await app.stop();
  },

  context: async ({ app, attributes, context }, use) => {
    const headers = { 'content-security-policy': policyOf(app.url) };
    await context.route(({ origin, pathname }) => origin === app.url && pathname === '/orders', (route) => route.fulfill({ body: shop(app.url, attributes), contentType: 'text/html', headers }));
    await use(context);
  },
});

test.use({ allowedDomain: DOMAIN, ignoreHTTPSErrors: true, visitsOrg: true });

async function signInAt(provider) {
  await provider.getByLabel('Email').fill(MARY.email);
  await button(provider, 'Continue').click();
}

/** A window that closes gives the focus back, which a browser without a screen does not do. */
const getFocus = (page) => page.evaluate(() => dispatchEvent(new Event('focus')));

/** Counts the navigations of a page from now on. */
function navigations(page) {
  const counted = { count: 0 };
  page.on('framenavigated', () => (counted.count += 1));
  return counted;
}

const PLACES = [['of the same origin', 'login'], ['of another origin of the same site', 'shop']];

for (const [title, place] of PLACES) {
  test.describe(`in a page ${title}`, () => {
    test.use({ place });

    test.describe('with an identity provider', () => {
      test.use({ policies: PROVIDER_ALONE });

      test('the person comes back to the page that holds the element, signed in', async ({ app, page }) => {
        await page.goto(`${app.page}#top`);
        await link(page, 'Continue with Dev Social').click();
        await signInAt(page);
        await expect(page).toHaveURL(app.page);
        await expect(welcome(page)).toBeVisible();
      });
    });

    test.describe('with a mailed link', () => {
      test.use({ policies: { ...passwordAnd('okta_email'), email_callback: 'redirect_uri' } });

      test('its tab comes to the page that holds the element, and the page that began stays as it is', async ({ app, org, page }) => {
        await page.goto(app.page);
        const left = navigations(page);
        await page.getByLabel('Note').fill('Ring twice');
        await identify(page);
        await chooseIfAsked(page, 'Email');
        const [{ link: mailed }] = await org.inbox(MARY.email);
        const tab = await page.context().newPage();
        await tab.goto(mailed);
        await expect(tab).toHaveURL(app.page);
        await expect(welcome(tab)).toBeVisible();
        await page.bringToFront();
        await expect(welcome(page)).toBeVisible();
        await expect(page.getByLabel('Note')).toHaveValue('Ring twice');
        expect(left.count).toBe(0);
      });

      test('a code that is typed signs in without leaving the page', async ({ app, org, page }) => {
        await page.goto(app.page);
        const left = navigations(page);
        await identify(page);
        await chooseIfAsked(page, 'Email');
        await enterCode(page, await org.code(MARY.email));
        await expect(welcome(page)).toBeVisible();
        expect(left.count).toBe(0);
      });
    });
  });

  test.describe(`over a page ${title}`, () => {
    test.use({ attributes: 'mode="overlay"', place });

    const dialog = (page) => page.getByRole('dialog', { name: /./ });

    /** Opens the page, fills its form in by half, and opens the sign-in over it. Returns what `start` resolves to. */
    async function start(page, app) {
      await page.goto(app.page);
      await page.getByLabel('Note').fill('Ring twice');
      await page.waitForFunction(() => customElements.get('latchkey-sign-in'));
      const outcome = element(page).evaluate((element) => element.start());
      // A page that is left answers nothing more.
      outcome.catch(() => {});
      await expect(heading(dialog(page), 'Sign In')).toBeVisible();
      return outcome;
    }

    async function openProvider(page) {
      const opened = page.waitForEvent('popup');
      await link(page, 'Continue with Dev Social').click();
      return opened;
    }

    test.describe('with an identity provider', () => {
      test.use({ policies: PROVIDER_ALONE });

      test('it opens in a window that closes at the end, and the page stays as it is', async ({ app, page }) => {
        const outcome = start(page, app);
        await expect(dialog(page)).toBeVisible();
        const left = navigations(page);
        const provider = await openProvider(page);
        const closed = provider.waitForEvent('close');
        await signInAt(provider);
        await closed;
        await getFocus(page);
        await expect(dialog(page)).toBeHidden();
        expect(await outcome).toBe(true);
        await expect(page.getByLabel('Note')).toHaveValue('Ring twice');
        expect(left.count).toBe(0);
      });

      test('a person who is signed in already signs in again there, and the page learns of it', async ({ app, page }) => {
        const signInAgain = async (outcome) => {
          await expect(dialog(page)).toBeVisible();
          const provider = await openProvider(page);
          const closed = provider.waitForEvent('close');
          await signInAt(provider);
          await closed;
          await getFocus(page);
          expect(await outcome).toBe(true);
          await expect(dialog(page)).toBeHidden();
        };
        await signInAgain(start(page, app));
        await signInAgain(element(page).evaluate((element) => element.start({ maxAge: 1 })));
        await expect(page.getByLabel('Note')).toHaveValue('Ring twice');
      });

      test('a browser that blocks the window says so, and at the second press the person goes there and comes back', async ({ app, page }) => {
        await page.addInitScript(() => (globalThis.open = () => null));
        start(page, app).catch(() => {});
        await expect(heading(dialog(page), 'Sign In')).toBeVisible();
        await link(page, 'Continue with Dev Social').click();
        await expect(page.getByRole('alert').filter({ hasText: 'Your browser has blocked a new window.' })).toBeVisible();
        expect(page.url()).toBe(app.page);
        await link(page, 'Continue with Dev Social').click();
        await signInAt(page);
        await expect(page).toHaveURL(app.page);
        await expect.poll(() => element(page).evaluate(({ session }) => Boolean(session))).toBe(true);
      });
    });

    test.describe('with an identity provider and another factor', () => {
      test.use({ policies: PROVIDER_AND_EMAIL });

      test('the person goes through all of it in the window', async ({ app, org, page }) => {
        const outcome = start(page, app);
        await expect(dialog(page)).toBeVisible();
        const provider = await openProvider(page);
        const closed = provider.waitForEvent('close');
        await signInAt(provider);
        await chooseIfAsked(provider, 'Email');
        await enterCode(provider, await org.code(MARY.email));
        await closed;
        await getFocus(page);
        expect(await outcome).toBe(true);
        await expect(page.getByLabel('Note')).toHaveValue('Ring twice');
      });
    });
  });
}
