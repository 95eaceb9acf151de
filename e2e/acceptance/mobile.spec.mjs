//! Acceptance: what phones ask of a sign-in page. docs/browsers-mobile.md says why.

import { chooseIfAsked, code, duplicate, enterCode, heading, identify, languages, link, password, reachTheCode, username, welcome } from '../person.mjs';
import { PROVIDER } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const PHONE = { viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true };

test.use(PHONE);

/** The size of the text in it, in pixels. */
const textSize = (field) => field.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));

test('on a touch screen no field is small enough that the browser zooms in on it', async ({ page }) => {
  await page.goto('/');
  await expect(password(page)).toBeVisible();
  // A page around the element may have small text for itself, and so may a brand.
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
  await expect(username(page)).toBeVisible();
  const heights = await page.evaluate(() => [document.body.getBoundingClientRect().height, innerHeight]);
  expect(heights[0]).toBe(heights[1]);
});

test('the fields of a sign-in name themselves to password managers', async ({ page }) => {
  await page.goto('/');
  await expect(username(page)).toHaveAttribute('autocomplete', /^username\b/);
  await expect(password(page)).toHaveAttribute('autocomplete', 'current-password');
  for (const field of [username(page), password(page)]) {
    await expect(field).toHaveAttribute('autocapitalize', 'none');
    await expect(field).toHaveAttribute('spellcheck', 'false');
  }
});

test('a code field asks for the code of a message and for the keyboard of digits', async ({ page }) => {
  await reachTheCode(page);
  await expect(code(page)).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code(page)).toHaveAttribute('inputmode', 'numeric');
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(1);
});

test('a page that the browser brings back as it was left looks again where the sign-in stands', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  // The same flow goes on in another tab, to its end, while this page is away.
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

  test('no step opens a window of its own', async ({ page, context }) => {
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
