//! Okta's own Sign-In Widget, second and third generation, on another origin than the org.

import { createRequire } from 'node:module';
import path from 'node:path';

import { expect, test as base } from '@playwright/test';

import { host } from '../world/host.mjs';
import { MARY, Org } from '../world/org.mjs';

const PACKAGE = path.dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json'));
const CLIENT = 'widget';
const SIGNED_IN = `signed in as ${MARY.email}`;

const GENERATIONS = {
  second: { script: 'js/okta-sign-in.min.js', sheet: 'css/okta-sign-in.min.css' },
  third: { script: 'js/okta-sign-in.next.js', sheet: 'css/okta-sign-in.next.css' },
};

const test = base.extend({
  generation: ['second', { option: true }],
  org: async ({}, use) => {
    const org = await Org.start();
    await use(org);
    await org.stop();
  },
  site: async ({ generation, org }, use) => {
    const site = await host(page(GENERATIONS[generation], org), path.join(PACKAGE, 'dist'));
    await org.addApp({ client_id: CLIENT, redirect_uris: [`${site.url}/login/callback`], trusted_origins: [site.url] });
    await use(site);
    await site.stop();
  },
});

/** A page that shows who has signed in, once the widget has brought tokens. */
function page({ script, sheet }, org) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title>
<link rel="stylesheet" href="/assets/${sheet}"><script src="/assets/${script}"></script>
<div id="widget"></div><output></output>
<script>
  const widget = new OktaSignIn({
    issuer: ${JSON.stringify(org.issuer)},
    clientId: ${JSON.stringify(CLIENT)},
    redirectUri: location.origin + '/login/callback',
    authScheme: 'OAUTH2',
    assets: { baseUrl: '/assets' },
    language: 'en',
    authParams: { scopes: ['openid', 'profile', 'email'] },
  });
  widget.showSignIn({ el: '#widget', redirect: 'never' }).then(
    ({ tokens }) => { document.querySelector('output').textContent = 'signed in as ' + tokens.idToken.claims.email; },
    (error) => { document.querySelector('output').textContent = 'failed: ' + error; },
  );
</script></html>`;
}

for (const generation of Object.keys(GENERATIONS)) {
  test.describe(`${generation} generation`, () => {
    test.use({ generation });

    test('signs in with a password and an emailed code', async ({ page, site, org }) => {
      await reachTheCode(page, site);
      await answer(page, await org.code(MARY.email));
      await expect(page.getByText(SIGNED_IN)).toBeVisible();
    });

    test('says that a password is wrong, and takes the right one', async ({ page, site }) => {
      await page.goto(site.url);
      await identify(page, 'not-the-password');
      await expect(page.getByText('Unable to sign in')).toBeVisible();
      await identify(page, MARY.password);
      await expect(page.getByRole('heading', { name: /verify it.s you/i })).toBeVisible();
    });

    test('says that a code is wrong, and takes the right one', async ({ page, site, org }) => {
      await reachTheCode(page, site);
      await answer(page, await org.wrongCode(MARY.email));
      await expect(page.getByText('Invalid code. Try again.')).toBeVisible();
      await page.getByLabel(/enter code/i).fill(await org.code(MARY.email));
      await page.getByRole('button', { name: 'Verify' }).click();
      await expect(page.getByText(SIGNED_IN)).toBeVisible();
    });
  });
}

test.describe('second generation alone', () => {
  // The third does not go on by itself here: it exchanges the code, then looks for the transaction it has just cleared.
  test('signs in with the link in the mail, opened elsewhere', async ({ page, site, org, context }) => {
    await reachTheCode(page, site);
    const [mail] = await org.inbox(MARY.email);
    const elsewhere = await context.newPage();
    await elsewhere.goto(mail.link);
    await page.bringToFront();
    await expect(page.getByText(SIGNED_IN)).toBeVisible();
  });
});

async function identify(page, password) {
  await page.getByLabel('Username').fill(MARY.login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function reachTheCode(page, site) {
  await page.goto(site.url);
  await identify(page, MARY.password);
  const email = /select email/i;
  await page.getByRole('link', { name: email }).or(page.getByRole('button', { name: email })).first().click();
  await expect(page.getByRole('heading', { name: 'Verify with your email' })).toBeVisible();
}

async function answer(page, code) {
  await page.getByRole('button', { name: 'Enter a verification code instead' }).click();
  await page.getByLabel(/enter code/i).fill(code);
  await page.getByRole('button', { name: 'Verify' }).click();
}
