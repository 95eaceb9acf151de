//! Sign-in on the org's own page, and what a sign-out leaves of it.

import { button, heading, identify, link, offer, started, username, welcome } from './person.mjs';
import { PASSWORD_ALONE } from './policies.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

/** The interaction code is on: the app embeds the sign-in. */
const OWN = { ...PASSWORD_ALONE, hosted_sign_in: false };
/** It is off: people sign in on the page of the org. */
const HOSTED = { ...PASSWORD_ALONE, hosted_sign_in: true };

test.use({ policies: HOSTED, visitsOrg: true });

const toOrg = (page) => page.getByRole('main').getByRole('link', { name: /^(Continue|Sign in)/ });
const passwordAtOrg = (page) => page.getByLabel('Password');

const MISCONFIGURED = 'This sign-in is not set up correctly. Please contact your administrator.';
const CONTINUE_AT_ORG = "To sign in, continue on your organization's page.";

/** Goes from the app to the org, and answers its first form. */
async function passwordGivenAtOrg(page, org) {
  await page.goto('/');
  await answerFirstFormAtOrg(page, org);
}

async function answerFirstFormAtOrg(page, org) {
  await toOrg(page).click();
  await expect(passwordAtOrg(page)).toBeVisible();
  expect(new URL(page.url()).origin).toBe(org.url);
  await page.getByLabel('Username').fill(MARY.login);
  await passwordAtOrg(page).fill(MARY.password);
  await button(page, 'Sign in').click();
}

/** Goes from the app to the org, and signs in there. */
async function signInAtOrg(page, org) {
  await passwordGivenAtOrg(page, org);
  await expect(welcome(page)).toBeVisible();
}

test.describe('a sign-out that ends the session of the org, too', () => {
  test.use({ appEnv: { LATCHKEY_SIGN_IN_PAGE: 'org', LATCHKEY_SIGN_OUT: 'org' } });

  test('the org asks again, and no address had a token', async ({ page, org, app }) => {
    const addresses = [];
    page.on('request', (request) => addresses.push(request.url()));
    await signInAtOrg(page, org);
    await button(page, 'Sign out').click();
    await toOrg(page).click();
    await expect(passwordAtOrg(page)).toBeVisible();
    const signOut = addresses.find((address) => address.startsWith(`${org.url}/login/signout`));
    expect(new URL(signOut).searchParams.get('fromURI')).toBe(`${app.url}/`);
    expect(addresses.filter((address) => address.includes('eyJ'))).toEqual([]);
  });
});

test.describe('a sign-out here', () => {
  test.use({ appEnv: { LATCHKEY_SIGN_IN_PAGE: 'org' } });

  test('leaves the session of the org, so that the next sign-in asks for nothing', async ({ page, org }) => {
    await signInAtOrg(page, org);
    await button(page, 'Sign out').click();
    await toOrg(page).click();
    await expect(welcome(page)).toBeVisible();
    expect(await org.calls('/login/signout')).toBe(0);
  });
});

for (const policy of ['user', 'admin', 'granular']) {
  test.describe(`consent (${policy}) on the page of the org`, () => {
    test.use({ policies: { ...HOSTED, consent: policy }, appEnv: { LATCHKEY_SIGN_IN_PAGE: 'org' } });

    test.beforeEach(async ({ page, org }) => {
      await passwordGivenAtOrg(page, org);
      await expect(page.getByText('View your email address')).toBeVisible();
    });

    test(`${policy}: is given there, and the person is signed in here`, async ({ page }) => {
      await button(page, 'Allow Access').click();
      await expect(welcome(page)).toBeVisible();
    });

    test(`${policy}: is refused there, and the sign-in can be tried again here`, async ({ page, org }) => {
      await button(page, "Don't Allow").click();
      await expect(page.getByText('You were not signed in, because access was not allowed.')).toBeVisible();
      await answerFirstFormAtOrg(page, org);
      await button(page, 'Allow Access').click();
      await expect(welcome(page)).toBeVisible();
    });
  });
}

test.describe('the app is to show the sign-in itself, and the server leads to the page of the org', () => {
  test.use({ policies: OWN, appEnv: { LATCHKEY_SIGN_IN_PAGE: 'org' } });

  test('a person whom the org sends back signs in here', async ({ page }) => {
    await page.goto(`/login?login_hint=${encodeURIComponent(MARY.login)}`);
    await toOrg(page).click();
    await expect(username(page)).toHaveValue(MARY.login);
    await page.reload();
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('an app that may sign people in neither there nor here', () => {
  test.use({ appEnv: { LATCHKEY_SIGN_IN_PAGE: 'org' } });

  test('is said to be set up wrongly, and no one is sent around', async ({ page }) => {
    await page.route('**/login/redirect/**', async (route) => {
      const leaving = await route.fetch({ maxRedirects: 0 });
      const state = new URL(leaving.headers().location).searchParams.get('state');
      await route.fulfill({ status: 303, headers: { location: `/login/callback?error=interaction_required&state=${state}` } });
    });
    await page.goto('/');
    await toOrg(page).click();
    await expect(heading(page, 'That did not work')).toBeFocused();
    await expect(page.getByText(MISCONFIGURED)).toBeVisible();
    await expect(link(page, 'Back to sign in')).toBeVisible();
  });
});

test.describe('an app that may not embed the sign-in', () => {
  test.use({ appEnv: { LATCHKEY_SIGN_IN_PAGE: 'own-then-org' } });

  test('leads to the page of the org, where the setting says so', async ({ page, org }) => {
    await page.goto('/');
    await expect(page.getByText(CONTINUE_AT_ORG)).toBeVisible();
    await answerFirstFormAtOrg(page, org);
    await expect(welcome(page)).toBeVisible();
  });

  test('leads there in the middle of a sign-in, too', async ({ page, org, app }) => {
    await app.enrol(org, OWN);
    await page.goto('/');
    await started(page);
    await app.enrol(org, HOSTED);
    await identify(page);
    await expect(page.getByText(CONTINUE_AT_ORG)).toBeVisible();
    await answerFirstFormAtOrg(page, org);
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('without that setting', () => {
  test('an app that may not embed the sign-in says so, and works as soon as it may', async ({ page, org, app }) => {
    await page.goto('/');
    await expect(page.getByText(MISCONFIGURED)).toBeVisible();
    await app.enrol(org, OWN);
    await button(page, 'Try again').click();
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });

  test('a sign-in that is complete when it is switched off says so, and can be begun again', async ({ page, org, app }) => {
    await app.enrol(org, OWN);
    await page.goto('/');
    await started(page);
    await app.enrol(org, HOSTED);
    await identify(page);
    await expect(page.getByText(MISCONFIGURED)).toBeVisible();
    await app.enrol(org, OWN);
    await page.goto('/');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('a complete sign-in that the org does not accept any more', () => {
  test.use({ policies: OWN });

  test('ends with what happened, and the next one succeeds', async ({ page, org }) => {
    await page.goto('/');
    await started(page);
    const refusal = { error: 'interaction_code_unsatisfiable', error_description: 'A policy is not satisfied.' };
    await org.fault('/oauth2/default/v1/token', { kind: 'status', status: 400, body: JSON.stringify(refusal), content_type: 'application/json', times: 1 });
    await identify(page);
    await expect(page.getByText('Your organization now requires more for this sign-in. Please sign in again.')).toBeVisible();
    await offer(page, 'Start again').click();
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });
});
