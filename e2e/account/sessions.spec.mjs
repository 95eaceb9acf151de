//! The signed-in page: the list of sessions, ending one, and ending all.

import { button, heading, password, signIn, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('a person sees and ends a session of another browser, which then has to sign in again', async ({ page, browser, org, baseURL }) => {
  await signIn(page, org);
  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await signIn(other, org);

  await page.reload();
  await expect(welcome(page)).toBeVisible();
  const sessions = page.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'This device' })).toHaveCount(1);
  await expect(sessions.filter({ hasText: 'Signed in just now' })).toHaveCount(2);
  const end = sessions.getByRole('button', { name: /^Sign out there/ });
  await end.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await end.click();
  await expect(page.getByRole('status')).toHaveText('That session has ended.');
  await expect(sessions).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 2, name: 'Where you are signed in' })).toBeFocused();
  // A page that was scrolled to its end can only move by the height of the entry that is gone.
  expect(before - (await page.evaluate(() => scrollY))).toBeLessThan(100);

  await other.reload();
  await expect(heading(other, 'Sign In')).toBeVisible();
  await elsewhere.close();
});

test('a session says how long ago it began, with the moment as its title', async ({ page, org }) => {
  await signIn(page, org);
  await page.clock.setSystemTime(Date.now() + 20 * 60_000);
  await page.reload();
  const since = page.getByRole('list', { name: 'Where you are signed in' }).getByRole('time');
  await expect(since).toHaveText('20 minutes ago');
  await expect(since).toHaveAttribute('title', /\d:\d\d/);
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

test('a reply to the account page that comes after the sign-out leaves what is typed', async ({ page, org }) => {
  let release;
  const signedOut = new Promise((resolve) => (release = resolve));
  const problem = { code: 'not_signed_in', status: 401, title: 'No person is signed in.' };
  await page.route('**/api/sessions', async (route) => {
    await signedOut;
    await route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  const asked = page.waitForRequest('**/api/sessions');
  await signIn(page, org);
  await asked;
  await button(page, 'Sign out').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await username(page).fill(MARY.login);

  const calls = [];
  page.on('request', (request) => request.url().includes('/api/idx') && calls.push(new URL(request.url()).pathname));
  const late = page.waitForResponse('**/api/sessions');
  release();
  await (await late).finished();
  await password(page).fill(MARY.password);
  await button(page, 'Next').click();
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  expect(calls).toEqual(['/api/idx/proceed']);
});
