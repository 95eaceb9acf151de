//! Acceptance: a username and a password.

import { REFUSED, button, chooseIfAsked, enterCode, heading, identify, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.describe('basic sign-in', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('a password signs in', async ({ page }) => {
    await page.goto('/');
    await identify(page);
    await expect(heading(page, 'Welcome, Mary Major')).toBeVisible();
    await expect(page.getByText(MARY.email).first()).toBeVisible();
  });

  test('unknown user', async ({ page }) => {
    await page.goto('/');
    await identify(page, { login: 'nobody@example.com', password: 'not-the-password' });
    await expect(page.getByText(REFUSED)).toBeVisible();
    await expect(username(page)).toHaveValue('nobody@example.com');
  });

  test('wrong password', async ({ page }) => {
    await page.goto('/');
    await identify(page, { ...MARY, password: 'not-the-password' });
    await expect(page.getByText(REFUSED)).toBeVisible();
    await expect(username(page)).toHaveValue(MARY.login);
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('step-up', () => {
  test.use({ policies: { ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' } } });

  test('one factor, or two if acr_values requires them', async ({ page, org }) => {
    await page.goto('/');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
    await page.goto('/login?acr_values=urn:okta:loa:2fa:any');
    await identify(page);
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('sign-out', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('ends the session and revokes the tokens at the org', async ({ page, org }) => {
    await page.goto('/');
    await identify(page);
    await button(page, 'Sign out').click();
    await expect(heading(page, 'Sign In')).toBeVisible();
    await expect.poll(() => org.calls('/v1/revoke')).toBeGreaterThan(0);
    await page.goBack();
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
  });
});
