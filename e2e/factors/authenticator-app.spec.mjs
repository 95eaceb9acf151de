//! Password and an authenticator app: a secret to scan or copy, then a code by the clock.

import { button, choose, enterCode, identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { totp } from '../world/totp.mjs';

const HALF_A_MINUTE = 30_000;

test('an authenticator app is enrolled by its secret, and its code signs in the next time', async ({ page, org }) => {
  const ada = await org.somebody({ factors: ['okta_password'], enroll: ['google_otp'] });
  await page.goto('/');
  await identify(page, ada);
  await choose(page, 'Google Authenticator');
  await expect(page).toHaveURL(/\/enroll-authenticator\/google_otp$/);
  await expect(page.getByRole('img', { name: 'QR code to scan with the app' })).toBeVisible();
  const secret = (await page.getByText(/^[A-Z2-7 ]{16,}$/).textContent()).replaceAll(' ', '');

  const now = Date.now();
  await enterCode(page, totp(secret, now));
  await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();

  await page.context().clearCookies();
  await page.goto('/');
  await identify(page, ada);
  await enterCode(page, totp(secret, now));
  await expect(page.getByRole('textbox')).toHaveAccessibleDescription(/once/);
  await enterCode(page, totp(secret, now + HALF_A_MINUTE));
  await expect(welcome(page)).toBeVisible();
});
