//! Acceptance: codes and links by e-mail.

import { chooseIfAsked, choose, code, enterCode, identify, identifyFirst, password, button, heading, username, welcome } from '../person.mjs';
import { identifierFirst, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

/** Opens the newest link in another tab. */
async function openTheLink(page, org) {
  const [{ link }] = await org.inbox(MARY.email);
  const tab = await page.context().newPage();
  await tab.goto(link);
  return tab;
}

test.describe('identifier first', () => {
  test.use({ policies: identifierFirst('okta_email', 'okta_password'), visitsOrg: true });

  test('with an e-mail code', async ({ page, org }) => {
    await identifyFirst(page);
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });

  test('with a magic link', async ({ page, org }) => {
    await identifyFirst(page);
    await chooseIfAsked(page, 'Email');
    await openTheLink(page, org);
    await page.bringToFront();
    await expect(welcome(page)).toBeVisible();
  });

  test('with a password', async ({ page }) => {
    await identifyFirst(page);
    await choose(page, 'Password');
    await expect(heading(page, 'Enter your password')).toBeVisible();
    await expect(page.getByText(MARY.login)).toBeVisible();
    // A password manager needs the username of the password.
    await expect(page.locator('input[autocomplete="username"]')).toHaveValue(MARY.login);
    await expect(password(page)).toHaveAttribute('autocomplete', 'current-password');
    await password(page).fill('not-the-password');
    await button(page, 'Submit').click();
    await expect(page.getByText(/Unable to sign in|password is incorrect/)).toBeVisible();
    await password(page).fill(MARY.password);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('password + e-mail code', () => {
  test.use({ policies: passwordAnd('okta_email') });

  test.beforeEach(async ({ page }) => {
    await page.goto('/');
    await identify(page);
    await chooseIfAsked(page, 'Email');
  });

  test('the code signs in', async ({ page, org }) => {
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });

  test('a wrong code is refused, and the right one signs in', async ({ page, org }) => {
    await enterCode(page, await org.wrongCode(MARY.email));
    await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('password + magic link', () => {
  test.use({ visitsOrg: true });

  test.describe('at the org\'s own page', () => {
    test.use({ policies: passwordAnd('okta_email') });

    test('opened in another tab, the first tab continues by itself', async ({ page, org }) => {
      await page.goto('/');
      await identify(page);
      await chooseIfAsked(page, 'Email');
      const tab = await openTheLink(page, org);
      await expect(tab.getByText('Return to the original tab or window to continue.')).toBeVisible();
      await page.bringToFront();
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('at the app', () => {
    test.use({ policies: { ...passwordAnd('okta_email'), email_callback: 'redirect_uri' } });

    test('opened in the same browser, it signs in there', async ({ page, org }) => {
      await page.goto('/');
      await identify(page);
      await chooseIfAsked(page, 'Email');
      const tab = await openTheLink(page, org);
      await expect(welcome(tab)).toBeVisible();
      await page.bringToFront();
      await expect(welcome(page)).toBeVisible();
    });

    test('opened in another browser, it shows the code', async ({ page, browser, org, app }) => {
      await page.goto('/');
      await identify(page);
      await chooseIfAsked(page, 'Email');
      const [mail] = await org.inbox(MARY.email);
      const elsewhere = await browser.newContext();
      const other = await elsewhere.newPage();
      await other.goto(mail.link);
      await expect(other.getByText(mail.code)).toBeVisible();
      expect(new URL(other.url()).origin).toBe(app.url);
      await other.goto(app.url);
      await expect(username(other)).toBeVisible();
      await elsewhere.close();
      await page.bringToFront();
      await enterCode(page, mail.code);
      await expect(welcome(page)).toBeVisible();
    });
  });
});
