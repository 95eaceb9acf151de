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

  test.describe('on a narrow phone', () => {
    test.use({ policies: passwordAnd('google_otp'), viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

    test('the picture is large enough, a link opens the app, and the key is read in groups of four', async ({ page, org }) => {
      await page.goto('/');
      await identify(page, await org.newUser());
      const secret = await scan(page);
      const { width, height } = await page.getByRole('img', { name: 'QR code to scan with the app' }).boundingBox();
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(200);
      const open = page.getByRole('link', { name: 'Open in an authenticator app' });
      await expect(open).toBeVisible();
      expect(new URL(await open.getAttribute('href')).searchParams.get('secret')).toBe(secret);
      const groups = page.locator('code > *');
      expect(await groups.allTextContents()).toEqual(secret.match(/.{1,4}/g));
      for (const group of await groups.all()) {
        const lines = await group.evaluate((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
        });
        expect(lines, await group.textContent()).toBe(1);
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
