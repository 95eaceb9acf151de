//! Sign-in on the org's own page, and what a sign-out leaves of it.

import { button, welcome } from './person.mjs';
import { PASSWORD_ALONE } from './policies.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

test.use({ policies: { ...PASSWORD_ALONE, hosted_sign_in: true }, visitsOrg: true });

const toOrg = (page) => page.getByRole('main').getByRole('link', { name: /^(Continue|Sign in)/ });
const passwordAtOrg = (page) => page.getByLabel('Password');

/** Goes from the app to the org, and answers its first form. */
async function passwordGivenAtOrg(page, org) {
  await page.goto('/');
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
    test.use({ policies: { ...PASSWORD_ALONE, hosted_sign_in: true, consent: policy }, appEnv: { LATCHKEY_SIGN_IN_PAGE: 'org' } });

    test.beforeEach(async ({ page, org }) => {
      await passwordGivenAtOrg(page, org);
      await expect(page.getByText('View your email address')).toBeVisible();
    });

    test(`${policy}: is given there, and the person is signed in here`, async ({ page }) => {
      await button(page, 'Allow Access').click();
      await expect(welcome(page)).toBeVisible();
    });

    test(`${policy}: is refused there, and the sign-in can be tried again here`, async ({ page }) => {
      await button(page, "Don't Allow").click();
      await expect(toOrg(page)).toBeVisible();
    });
  });
}
