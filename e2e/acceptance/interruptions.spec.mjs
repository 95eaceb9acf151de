//! Acceptance: a person can continue after a long sleep, a faster second tab, a lost session or a failed download.

import { button, choose, chooseIfAsked, code, duplicate, enterCode, heading, identify, link, offer, reachTheCode, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const DAY = 24 * 60 * 60;
const GONE = 'Your earlier sign-in has ended. You can sign in again here.';

test('after a day offline, the page says that the flow has ended, and one click starts again with the username', async ({ page, context, org }) => {
  await reachTheCode(page);
  await context.setOffline(true);
  await org.pass(DAY);
  await page.waitForEvent('requestfailed');
  await context.setOffline(false);
  await expect(heading(page, 'This took too long')).toBeVisible();
  await link(page, 'Start again').click();
  await expect(username(page)).toHaveValue(MARY.login);
});

test('the second module that failed to load is loaded when the person tries again', async ({ page }) => {
  await page.route('**/split_late*.wasm', (route) => route.abort());
  await page.goto('/');
  await identify(page);
  await expect(page.getByText('Part of this page could not be loaded.')).toBeVisible();
  await expect(heading(page, 'You cannot continue')).toBeFocused();
  await page.unroute('**/split_late*.wasm');
  await button(page, 'Try again').click();
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test('a lost session is reported to a waiting page and to a bookmarked step', async ({ page, context }) => {
  await reachTheCode(page);
  // Only the session cookie: without the device cookie the page would say that cookies are blocked.
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

test('of two tabs with one flow, the slower one shows the current step, up to the end', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  const slow = await duplicate(page);
  await expect(heading(slow, 'Choose an authenticator')).toBeVisible();
  await chooseIfAsked(page, 'Email');

  await slow.bringToFront();
  await choose(slow, 'Phone');
  await expect(slow.getByText('You have already completed this step.')).toBeVisible();
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

test('back and forward between sign-in and sign-up keep the typed values', async ({ page }) => {
  await page.goto('/');
  await username(page).fill(MARY.login);
  await offer(page, 'Sign Up').click();
  await page.getByLabel('First name').fill('Grace');
  await page.goBack();
  await expect(username(page)).toHaveValue(MARY.login);
  await page.goForward();
  await expect(page.getByLabel('First name')).toHaveValue('Grace');
});

test('a hidden page does not poll, and a visible one polls again', async ({ page }) => {
  await reachTheCode(page);
  const other = await duplicate(page);
  await setVisible(page, false);
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await other.waitForResponse('**/api/idx/poll');
  expect(requests).toEqual([]);
  const poll = page.waitForRequest('**/api/idx/poll');
  await setVisible(page, true);
  await poll;
});

/** The person switches to another window, or comes back. */
function setVisible(page, isVisible) {
  return page.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, !isVisible);
}
