//! Acceptance: nobody is stranded by a nap, by another tab that was quicker, or by a session that is gone.

import { button, choose, chooseIfAsked, code, duplicate, enterCode, heading, identify, link, offer, reachTheCode, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const DAY = 24 * 60 * 60;
const GONE = 'That sign-in has ended. This is a new one.';

test('asleep for a day, a flow says that it has ended, and one click starts again with the username kept', async ({ page, context, org }) => {
  await reachTheCode(page);
  await context.setOffline(true);
  await org.pass(DAY);
  await page.waitForEvent('requestfailed');
  await context.setOffline(false);
  await expect(heading(page, 'This took too long')).toBeVisible();
  await link(page, 'Start again').click();
  await expect(username(page)).toHaveValue(MARY.login);
});

test('a part of the program that cannot be loaded is loaded when the person tries again', async ({ page }) => {
  await page.route('**/split_late*.wasm', (route) => route.abort());
  await page.goto('/');
  await identify(page);
  await expect(page.getByText('You seem to be offline.')).toBeVisible();
  await expect(heading(page, 'That cannot go on')).toBeFocused();
  await page.unroute('**/split_late*.wasm');
  await button(page, 'Try again').click();
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test('a session that is gone is told where somebody waits, and to who comes back by a bookmark', async ({ page, context }) => {
  await reachTheCode(page);
  // The session's alone: a browser that has lost the other one, too, keeps no cookies.
  await context.clearCookies({ name: 'loopback-sid' });
  await expect(page.getByText(GONE)).toBeVisible();
  await expect(page).toHaveURL(/\/login$/);
  await expect(username(page)).toHaveValue(MARY.login);
  await context.clearCookies();
  const other = await context.newPage();
  await other.goto('/challenge-authenticator/okta_email');
  await expect(other.getByText(GONE)).toBeVisible();
  await other.goto('/login');
  await expect(heading(other, 'Sign In')).toBeVisible();
  await expect(other.getByText(GONE)).toBeHidden();
});

test('of two tabs with one flow, the slower is shown where the quicker went, to the end', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  const slow = await duplicate(page);
  await expect(heading(slow, 'Choose an authenticator')).toBeVisible();
  await chooseIfAsked(page, 'Email');

  await slow.bringToFront();
  await choose(slow, 'Phone');
  await expect(slow.getByText('This step was answered already.')).toBeVisible();
  await expect(code(slow)).toBeVisible();

  await slow.route('**/api/idx/poll', (route) => route.abort());
  const digits = await org.code(MARY.email);
  await page.bringToFront();
  await enterCode(page, digits);
  await expect(welcome(page)).toBeVisible();
  await slow.bringToFront();
  await enterCode(slow, digits);
  await expect(welcome(slow)).toBeVisible();
});

test('back and forward between two ways in lead there, and keep what was typed', async ({ page }) => {
  await page.goto('/');
  await username(page).fill(MARY.login);
  await offer(page, 'Sign Up').click();
  await page.getByLabel('First name').fill('Grace');
  await page.goBack();
  await expect(username(page)).toHaveValue(MARY.login);
  await page.goForward();
  await expect(page.getByLabel('First name')).toHaveValue('Grace');
});

test('nothing is asked for while the page cannot be seen, and again when it can', async ({ page }) => {
  await reachTheCode(page);
  const other = await duplicate(page);
  await see(page, false);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await other.waitForResponse('**/api/idx/poll');
  expect(asked).toEqual([]);
  const asks = page.waitForRequest('**/api/idx/poll');
  await see(page, true);
  await asks;
});

/** The person turns to another window, or comes back. */
function see(page, isSeen) {
  return page.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, !isSeen);
}
