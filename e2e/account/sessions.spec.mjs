//! The signed-in page: the list of sessions, ending one, and ending all.

import { button, heading, signIn, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

test('a person sees and ends a session of another browser, which then has to sign in again', async ({ page, browser, org, baseURL }) => {
  await signIn(page, org);
  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await signIn(other, org);

  await page.reload();
  await expect(welcome(page)).toBeVisible();
  const sessions = page.getByRole('table', { name: 'Where you are signed in' }).getByRole('row');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'this device' })).toHaveCount(1);
  await sessions.getByRole('button', { name: /^End/ }).click();
  await expect(page.getByText('That session has ended.')).toBeVisible();
  await expect(sessions).toHaveCount(1);

  await other.reload();
  await expect(heading(other, 'Sign In')).toBeVisible();
  await elsewhere.close();
});

test('signing out everywhere ends both sessions', async ({ page, browser, org, baseURL }) => {
  await signIn(page, org);
  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await signIn(other, org);
  await button(page, 'Sign out everywhere').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await other.reload();
  await expect(heading(other, 'Sign In')).toBeVisible();
  await elsewhere.close();
});
