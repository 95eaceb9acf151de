//! Acceptance: somebody else vouches.

import { button, chooseIfAsked, enterCode, heading, link, welcome } from '../person.mjs';
import { PROVIDER, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ visitsOrg: true });

async function leaveForTheProvider(page) {
  await page.goto('/');
  await link(page, 'Continue with Dev Social').click();
  await expect(page.getByRole('heading', { name: 'Dev Social' })).toBeVisible();
}

async function vouch(page) {
  await page.getByLabel('Email').fill(MARY.email);
  await button(page, 'Continue').click();
}

test.describe('social', () => {
  test.describe('any one factor', () => {
    test.use({ policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] } });

    test('alone', async ({ page }) => {
      await leaveForTheProvider(page);
      await vouch(page);
      await expect(welcome(page)).toBeVisible();
    });

    test('error', async ({ page }) => {
      await leaveForTheProvider(page);
      await button(page, 'Deny').click();
      await expect(heading(page, 'Sign In')).toBeVisible();
      await expect(page.getByText('Unable to authenticate with the identity provider.')).toBeVisible();
    });

    test('return after reload', async ({ page }) => {
      await leaveForTheProvider(page);
      await page.reload();
      await vouch(page);
      await expect(welcome(page)).toBeVisible();
      await page.reload();
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('and one factor more', () => {
    test.use({ policies: { ...passwordAnd('okta_email'), identity_providers: [PROVIDER] } });

    test('then MFA', async ({ page, org }) => {
      await leaveForTheProvider(page);
      await vouch(page);
      await chooseIfAsked(page, 'Email');
      await page.reload();
      await enterCode(page, await org.code(MARY.email));
      await expect(welcome(page)).toBeVisible();
    });
  });
});
