//! Okta's own Sign-In Widget, second and third generation, on another origin than the org.

import { createRequire } from 'node:module';
import path from 'node:path';

import { expect, test as base } from '@playwright/test';

import { host } from '../world/host.mjs';
import { MARY, Org } from '../world/org.mjs';

const PACKAGE = path.dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json'));
const CLIENT = 'widget';
const NEW = 'Another-Horse-3';
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
  policies: [{}, { option: true }],
  site: async ({ generation, org, policies }, use) => {
    const site = await host(page(GENERATIONS[generation], org), path.join(PACKAGE, 'dist'));
    await org.addApp({ client_id: CLIENT, redirect_uris: [`${site.url}/login/callback`], trusted_origins: [site.url], ...policies });
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
      const next = page.getByRole('heading', { name: /verify it.s you/i });
      await afterAnError(page, 'Sign in', () => identify(page, MARY.password), next);
    });

    test('says that a code is wrong, and takes the right one', async ({ page, site, org }) => {
      await reachTheCode(page, site);
      await answer(page, await org.wrongCode(MARY.email));
      await expect(page.getByText('Invalid code. Try again.')).toBeVisible();
      const code = await org.code(MARY.email);
      await afterAnError(page, 'Verify', () => answerPlainly(page, code), page.getByText(SIGNED_IN));
    });
  });
}

for (const generation of Object.keys(GENERATIONS)) {
  test.describe(`${generation} generation, all the password needs`, () => {
    test.use({ generation, policies: { sign_on: [{ authenticate_with: 'password' }] } });

    test('signs somebody up, and what is optional is left', async ({ page, site, org }) => {
      await page.goto(site.url);
      await either(page, /^sign up$/i).click();
      await settled(page, generation, 'First name');
      await page.getByLabel('First name').fill('Grace');
      await page.getByLabel('Last name').fill('Hopper');
      await page.getByLabel('Email').fill('grace@example.com');
      await page.getByRole('button', { name: 'Sign Up' }).click();
      await either(page, /set up password/i).click();
      await page.getByLabel('Enter password', { exact: true }).fill(NEW);
      await page.getByLabel('Re-enter password').fill(NEW);
      await page.getByRole('button', { name: 'Next' }).click();
      await either(page, /set up email/i).click();
      await answer(page, await org.code('grace@example.com'));
      await either(page, /set up later|continue|finish/i).click();
      await expect(page.getByText('signed in as grace@example.com')).toBeVisible();
    });

    test('sets a forgotten password anew', async ({ page, site, org }) => {
      await page.goto(site.url);
      await either(page, /forgot password/i).click();
      await settled(page, generation, /email or username/i);
      await page.getByLabel(/email or username/i).fill(MARY.login);
      await page.getByRole('button', { name: 'Next' }).click();
      await either(page, /select email/i).click();
      await answer(page, await org.code(MARY.email));
      await page.getByLabel('New password', { exact: true }).fill(NEW);
      await page.getByLabel('Re-enter password').fill(NEW);
      await page.getByRole('button', { name: /reset password/i }).click();
      await expect(page.getByText(SIGNED_IN)).toBeVisible();
    });

    test('unlocks an account', async ({ page, site, org }) => {
      const ada = await org.somebody({ factors: ['okta_email'], status: 'LOCKED_OUT' });
      await page.goto(site.url);
      await either(page, /unlock account/i).click();
      await expect(page.getByLabel('Password', { exact: true })).toBeHidden();
      await page.getByLabel(/username/i).fill(ada.login);
      if (generation === 'third') await page.getByRole('button', { name: 'Next' }).click();
      await either(page, /select email/i).click();
      await answer(page, await org.code(ada.email));
      await expect(page.getByText(/account successfully unlocked|log in using your existing username/i).first()).toBeVisible();
    });
  });
}

/** How each second factor is given, once it is the only one there is. */
const FACTORS = {
  phone_number: async (page, org, { phone }) => {
    await either(page, /receive a code via sms/i).click();
    await answerPlainly(page, await org.code(phone));
  },
  security_question: async (page) => {
    await page.getByRole('textbox').or(page.locator('input[type=password]')).first().fill('the small one');
    await page.getByRole('button', { name: 'Verify' }).click();
  },
  google_otp: async (page, org, { login }) => answerPlainly(page, await org.shownBy(login, 'google_otp')),
  okta_verify: async (page, org, { login }) => {
    await either(page, /get a push notification/i).click();
    await expect.poll(async () => (await org.devices(login)).length).toBe(1);
    await org.answerPush(login, { approve: true });
  },
};

for (const generation of Object.keys(GENERATIONS)) {
  for (const [factor, give] of Object.entries(FACTORS)) {
    // The third does not go on by itself after a poll: it exchanges the code, then looks for what it has just cleared.
    if (factor === 'okta_verify' && generation === 'third') continue;
    test.describe(`${generation} generation, password and ${factor}`, () => {
      test.use({
        generation,
        policies: {
          sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
          enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
          poll_milliseconds: 500,
        },
      });

      test('signs in', async ({ page, site, org }) => {
        const ada = await org.somebody({ factors: [factor], phone: '+15550107788', answer: 'the small one' });
        await page.goto(site.url);
        await identify(page, ada.password, ada.login);
        await give(page, org, { ...ada, phone: '+15550107788' });
        await expect(page.getByText(`signed in as ${ada.email}`)).toBeVisible();
      });
    });
  }
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

/** The second generation takes the focus to the first field once it has drawn a page, wherever it is by then. */
async function settled(page, generation, field) {
  const first = page.getByLabel(field).first();
  await expect(first).toBeVisible();
  if (generation === 'second') await expect(first).toBeFocused();
}

/** The second generation hears nothing in the moment after it has said an error: whoever sees that presses again. */
async function afterAnError(page, name, act, sign) {
  await expect(async () => {
    if (await page.getByRole('button', { name }).isVisible()) await act();
    await expect(sign).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

/** A link or a button: the generations differ. */
const either = (page, name) => page.getByRole('link', { name }).or(page.getByRole('button', { name })).first();

async function identify(page, password, login = MARY.login) {
  await page.getByLabel('Username').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function reachTheCode(page, site) {
  await page.goto(site.url);
  await identify(page, MARY.password);
  await either(page, /select email/i).click();
  await expect(page.getByRole('heading', { name: 'Verify with your email' })).toBeVisible();
}

async function answer(page, code) {
  await page.getByRole('button', { name: 'Enter a verification code instead' }).click();
  await answerPlainly(page, code);
}

async function answerPlainly(page, code) {
  await page.getByLabel(/enter code/i).fill(code);
  await page.getByRole('button', { name: 'Verify' }).click();
}
