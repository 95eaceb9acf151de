//! Acceptance: sign-in with an identity provider.

import { button, chooseIfAsked, enterCode, heading, link, welcome } from '../person.mjs';
import { PROVIDER, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ visitsOrg: true });

async function goToProvider(page) {
  await page.goto('/');
  await link(page, 'Continue with Dev Social').click();
  await expect(page.getByRole('heading', { name: 'Dev Social' })).toBeVisible();
}

async function signInAtProvider(page) {
  await page.getByLabel('Email').fill(MARY.email);
  await button(page, 'Continue').click();
}

test.describe('social', () => {
  test.describe('any one factor', () => {
    test.use({ policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] } });

    test('the provider alone signs in', async ({ page }) => {
      await goToProvider(page);
      await signInAtProvider(page);
      await expect(welcome(page)).toBeVisible();
    });

    test('the address of the sign-in page may name the provider', async ({ page }) => {
      await page.goto(`/login?idp=${PROVIDER}`);
      await link(page, 'Continue with Dev Social').click();
      await signInAtProvider(page);
      await expect(welcome(page)).toBeVisible();
    });

    test('a denied sign-in leads back with an error', async ({ page }) => {
      await goToProvider(page);
      await button(page, 'Deny').click();
      await expect(heading(page, 'Sign In')).toBeVisible();
      await expect(page.getByText('The identity provider could not sign you in. Please try again.')).toBeVisible();
    });

    test('a complete sign-in that the org does not accept any more says so where the person returns', async ({ page, org }) => {
      await goToProvider(page);
      const refusal = { error: 'interaction_code_unsatisfiable', error_description: 'A policy is not satisfied.' };
      await org.fault('/oauth2/default/v1/token', { kind: 'status', status: 400, body: JSON.stringify(refusal), content_type: 'application/json', times: 1 });
      await signInAtProvider(page);
      await expect(heading(page, 'That did not work')).toBeFocused();
      await expect(page.getByText('Your organization now requires more for this sign-in. Please sign in again.')).toBeVisible();
      await link(page, 'Back to sign in').click();
      await expect(heading(page, 'Sign In')).toBeVisible();
    });

    test('the return works after a reload at the provider', async ({ page }) => {
      await goToProvider(page);
      await page.reload();
      await signInAtProvider(page);
      await expect(welcome(page)).toBeVisible();
      await page.reload();
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('and another factor', () => {
    test.use({ policies: { ...passwordAnd('okta_email'), identity_providers: [PROVIDER] } });

    test('the other factor is asked for after the return', async ({ page, org }) => {
      await goToProvider(page);
      await signInAtProvider(page);
      await chooseIfAsked(page, 'Email');
      await page.reload();
      await enterCode(page, await org.code(MARY.email));
      await expect(welcome(page)).toBeVisible();
    });
  });
});
