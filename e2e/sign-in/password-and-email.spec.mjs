//! The default flow: a password, a code by e-mail, the signed-in page, and sign-out.

import { button, choose, code, enterCode, heading, identify, offer, password, reachTheCode, signIn, username, welcome } from '../person.mjs';
import { MOVING, expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use(MOVING);

test('a person signs in with a password and an emailed code', async ({ page, org }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
  await identify(page);
  await expect(page).toHaveURL(/\/select-authenticator$/);
  await choose(page, 'Email');
  await expect(page).toHaveURL(/\/challenge-authenticator\/okta_email$/);
  await enterCode(page, await org.code(MARY.email));

  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await page.getByText('Show', { exact: true }).click();
  const claims = page.getByRole('table').getByRole('row');
  await expect(claims.filter({ has: page.getByRole('rowheader', { name: 'Email', exact: true }) })).toContainText(MARY.email);
  const names = await claims.getByRole('rowheader').allTextContents();
  expect(names).toEqual(names.toSorted((one, other) => one.localeCompare(other)));
});

test('a person stays signed in after a reload, until they sign out', async ({ page, org }) => {
  await signIn(page, org);
  await page.reload();
  await expect(welcome(page)).toBeVisible();

  await button(page, 'Sign out').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.reload();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
});

test('signing out revokes the tokens at the org', async ({ page, org }) => {
  await signIn(page, org);
  await button(page, 'Sign out').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect.poll(() => org.calls('/v1/revoke')).toBeGreaterThan(0);
});

test('each step moves the focus to its field, and fields have autocomplete tokens', async ({ page }) => {
  await page.goto('/');
  await expect(username(page)).toHaveAttribute('autocomplete', /^username( webauthn)?$/);
  await expect(password(page)).toHaveAttribute('autocomplete', 'current-password');
  await identify(page);
  await choose(page, 'Email');
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await expect(code(page)).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code(page)).toHaveValue('');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.matches('h1, input')))
    .toBe(true);
});

test('the pages offer what the org has enabled', async ({ page }) => {
  await page.goto('/login');
  await expect(heading(page, 'Sign In')).toBeVisible();
  for (const name of ['Forgot your password?', 'Sign Up', 'Unlock account']) {
    await expect(offer(page, name)).toBeVisible();
  }
});

test('the person can start over from the code', async ({ page, org }) => {
  await reachTheCode(page);
  await offer(page, 'Back to sign in').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await signIn(page, org);
});
