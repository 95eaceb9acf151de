//! Acceptance: what phones need of a sign-in page. docs/browsers-mobile.md has the reasons.

import { chooseIfAsked, code, duplicate, enterCode, heading, identify, languages, link, offer, password, reachTheCode, started, username, welcome } from '../person.mjs';
import { PROVIDER } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const PHONE = { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true };

test.use(PHONE);

/** The text size of a field, in pixels. */
const textSize = (field) => field.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));

test('on a touch screen every field has at least 16 px text, so that Safari does not zoom in', async ({ page }) => {
  await page.goto('/');
  await started(page);
  // A brand or the page around the element may have smaller text.
  await page.locator('html').evaluate((root) => {
    root.style.setProperty('--text', '0.75rem');
    root.style.setProperty('--text-large', '0.75rem');
  });
  for (const field of [username(page), password(page), languages(page)]) expect(await textSize(field)).toBeGreaterThanOrEqual(16);
  await identify(page);
  await chooseIfAsked(page, 'Email');
  expect(await textSize(code(page))).toBeGreaterThanOrEqual(16);
  await expect(page.locator('meta[name=viewport]')).toHaveAttribute('content', 'width=device-width, initial-scale=1');
});

test('the page is as high as the visible part of the screen', async ({ page }) => {
  await page.goto('/');
  await expect(offer(page, 'Forgot your password?')).toBeVisible();
  const heights = await page.evaluate(() => [document.body.getBoundingClientRect().height, innerHeight]);
  expect(heights[0]).toBe(heights[1]);
});

test('the fields have the autocomplete tokens that password managers look for', async ({ page }) => {
  await page.goto('/');
  await expect(username(page)).toHaveAttribute('autocomplete', /^username\b/);
  await expect(password(page)).toHaveAttribute('autocomplete', 'current-password');
  for (const field of [username(page), password(page)]) {
    await expect(field).toHaveAttribute('autocapitalize', 'none');
    await expect(field).toHaveAttribute('spellcheck', 'false');
  }
});

test('a code field asks for one-time-code autofill and the numeric keyboard', async ({ page }) => {
  await reachTheCode(page);
  await expect(code(page)).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code(page)).toHaveAttribute('inputmode', 'numeric');
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(1);
});

test('a page restored from the back-forward cache asks for the current step', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  // The flow ends in another tab while this page is in the cache.
  const other = await duplicate(page);
  await chooseIfAsked(other, 'Email');
  await enterCode(other, await org.code(MARY.email));
  await expect(welcome(other)).toBeVisible();
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(welcome(page)).toBeVisible();
});

test.describe('with an identity provider', () => {
  test.use({ visitsOrg: true, policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] } });

  test('no step opens a window', async ({ page, context }) => {
    await page.addInitScript(() => {
      window.open = () => {
        throw new Error('a window was opened');
      };
    });
    await page.goto('/');
    await link(page, 'Continue with Dev Social').click();
    await expect(page.getByRole('heading', { name: 'Dev Social' })).toBeVisible();
    await page.getByLabel('Email').fill(MARY.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(welcome(page)).toBeVisible();
    expect(context.pages()).toHaveLength(1);
  });
});
