//! Leaving the sign-up.

import { heading, offer } from '../person.mjs';
import { expect, test } from '../test.mjs';

test('a link leads back to the sign-in', async ({ page }) => {
  await page.goto('/register');
  await expect(heading(page, 'Sign Up')).toBeVisible();
  await offer(page, 'Back to sign in').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
});
