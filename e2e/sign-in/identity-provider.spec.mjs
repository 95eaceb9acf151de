//! Somebody else vouches: the identity provider alone, and when it says no.

import { button, heading, link, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const PROVIDER = '0oadevsocial00000001';

test.use({ visitsOrg: true });

async function leaveForTheProvider(page) {
  await page.goto('/');
  await link(page, 'Continue with Dev Social').click();
  await expect(page.getByRole('heading', { name: 'Dev Social' })).toBeVisible();
}

test.describe('any one factor', () => {
  test.use({ policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] } });

  test('the provider alone is enough', async ({ page }) => {
    await leaveForTheProvider(page);
    await page.getByLabel('Email').fill(MARY.email);
    await button(page, 'Continue').click();
    await expect(welcome(page)).toBeVisible();
    await page.reload();
    await expect(welcome(page)).toBeVisible();
  });

  test('a provider that says no leads back to the sign-in', async ({ page }) => {
    await leaveForTheProvider(page);
    await button(page, 'Deny').click();
    await expect(heading(page, 'Sign In')).toBeVisible();
  });
});
