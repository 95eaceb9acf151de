//! Acceptance: an authenticator app with time-based codes (TOTP).

import { chooseIfAskedHow, enterCode, heading, identify, signUp, welcome } from '../person.mjs';
import { passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { totp } from '../world/totp.mjs';

const HALF_A_MINUTE = 30_000;

/** Reads the key below the QR code. */
async function scan(page) {
  await chooseIfAskedHow(page, 'Google Authenticator');
  await expect(page.getByRole('img', { name: 'QR code to scan with the app' })).toBeVisible();
  return (await page.getByText(/^[A-Z2-7 ]{16,}$/).textContent()).replaceAll(' ', '');
}

test.describe('authenticator app', () => {
  test.describe('at sign-in', () => {
    test.use({ policies: passwordAnd('google_otp') });

    test('enrol in sign-in', async ({ page, org }) => {
      await page.goto('/');
      await identify(page, await org.newUser());
      const secret = await scan(page);
      await enterCode(page, '000000');
      await expect(page.getByRole('textbox')).toHaveAccessibleDescription(/not correct/);
      await enterCode(page, totp(secret, Date.now()));
      await expect(welcome(page)).toBeVisible();
    });

    test('verify', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'google_otp'] });
      const secret = await org.secretOf(ada.login, 'google_otp');
      const now = Date.now();
      for (const time of [now, now + HALF_A_MINUTE]) {
        await page.context().clearCookies();
        await page.goto('/');
        await identify(page, ada);
        if (time !== now) {
          await enterCode(page, totp(secret, now));
          await expect(page.getByRole('textbox')).toHaveAccessibleDescription(/once/);
        }
        await enterCode(page, totp(secret, time));
        await expect(welcome(page)).toBeVisible();
      }
    });
  });

  test.describe('at sign-up', () => {
    test.use({ policies: signUpWith('google_otp') });

    test('enrol in sign-up', async ({ page, org }) => {
      await signUp(page, org);
      await enterCode(page, totp(await scan(page), Date.now()));
      await expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();
    });
  });
});
