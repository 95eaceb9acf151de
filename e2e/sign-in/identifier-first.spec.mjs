//! The username first: then a mailed code, or the password, as the org's rules have it.

import { button, chooseIfAsked, choose, enterCode, heading, password, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

async function identify(page) {
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(password(page)).toBeHidden();
  await username(page).fill(MARY.login);
  await button(page, 'Next').click();
}

test.use({
  policies: {
    global_session: { establish_with: 'any-factor' },
    sign_on: [{ authenticate_with: 'any-1-factor', factors: ['okta_email', 'okta_password'] }],
    enrollment: { okta_email: 'REQUIRED', okta_password: 'OPTIONAL' },
  },
});

test('a mailed code is enough', async ({ page, org }) => {
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('a password is enough, and its page tells a password manager whose it is', async ({ page }) => {
  await identify(page);
  await choose(page, 'Password');
  await expect(heading(page, 'Enter your password')).toBeVisible();
  await expect(page.getByText(MARY.login)).toBeVisible();
  await password(page).fill('not-the-password');
  await button(page, /Submit|Next|Sign In/).click();
  await expect(page.getByText(/Authentication failed|Password is incorrect/)).toBeVisible();
  await password(page).fill(MARY.password);
  await button(page, /Submit|Next|Sign In/).click();
  await expect(welcome(page)).toBeVisible();
});
