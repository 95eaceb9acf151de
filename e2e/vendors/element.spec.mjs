//! The element in a page of another origin of the same site: a step elsewhere leads out of that page and back to it.

import { button, heading, identify, link, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { DOMAIN, policyOf, sites } from '../world/sibling-sites.mjs';

const shop = (login, here) => `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><h2>Shop</h2>
  <latchkey-sign-in return-to="${here}/"></latchkey-sign-in>
  <script type="module" src="${login}/latchkey.js"></script>`;

const test = base.extend({
  sites,

  app: async ({ org, sites, policies }, use) => {
    const [login, here] = [sites.origin('login'), sites.origin('shop')];
    const app = await App.start(org, policies, {
      LATCHKEY_PUBLIC_URL: login,
      LATCHKEY_ALLOWED_ORIGINS: here,
      LATCHKEY_RETURN_TO: here,
      LATCHKEY_DUO_ORIGINS: org.url,
    });
    sites.pass('login', app.servers.url);
    sites.show('shop', shop(login, here), policyOf(login));
    await use(app);
    await app.stop();
  },
});

test.use({ allowedDomain: DOMAIN, ignoreHTTPSErrors: true, visitsOrg: true });

test.describe('a smart card', () => {
  test.use({ policies: passwordAnd('smart_card_idp') });

  test('a smart card leads from the page to the org and back to the page', async ({ page, org, sites }) => {
    const ada = await org.newUser({ factors: ['smart_card_idp'] });
    await page.goto(sites.origin('shop'));
    await identify(page, ada);
    await expect(heading(page, 'Verify with Smart Card')).toBeVisible();
    await link(page, 'Continue').click();
    await button(page, 'Use the certificate').click();
    await expect(page).toHaveTitle('Shop');
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('Duo', () => {
  test.use({ policies: passwordAnd('duo') });

  test('Duo asks in a frame on the page of the sign-in, and the person comes back to the page', async ({ page, org, sites }) => {
    const ada = await org.newUser({ factors: ['duo'] });
    await page.goto(sites.origin('shop'));
    await identify(page, ada);
    await link(page, 'Continue').click();
    await page.frameLocator('iframe[title=Duo]').getByRole('button', { name: 'Approve' }).click();
    await expect(page).toHaveTitle('Shop');
    await expect(welcome(page)).toBeVisible();
  });
});
