//! Choices: what is chosen says where it sends and what comes next, and a single method is no choice.

import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

import { button, choose, code, enterCode, heading, identify, reachTheCode, recover, welcome } from './person.mjs';
import { passwordAnd } from './policies.mjs';
import { PAGES } from './pages.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';
import { openAtStep } from './world/scripted-steps.mjs';

const radio = (page, name) => page.getByRole('radio', { name });

test('the list names the masked target of each authenticator, and what comes next', async ({ page }) => {
  await PAGES.choose(page);
  await expect(page.getByText('The next page says what to do.')).toBeVisible();
  await expect(radio(page, 'Email')).toHaveAccessibleDescription('m***y@example.com');
  await expect(radio(page, 'Phone')).toHaveAccessibleDescription('+1 XXX-XXX-4567');
  await expect(page.getByText('+1 XXX-XXX-4567')).toBeVisible();
});

test.describe('with one method', () => {
  test.use({ policies: passwordAnd('okta_email') });

  test('one button says what it does and where it sends', async ({ page, org }) => {
    await page.goto('/');
    await identify(page);
    await expect(heading(page, 'Verify with Email')).toBeVisible();
    await expect(page.getByRole('radio')).toHaveCount(0);
    const send = button(page, 'Send a code to m***y@example.com');
    await expect(send).toBeFocused();
    expect(await org.inbox(MARY.email)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(code(page)).toBeVisible();
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});

test('the methods of Okta Verify are listed at once, in words, and one choice is enough', async ({ page, org }) => {
  const ada = await org.newUser({ factors: ['okta_password', 'okta_verify', 'okta_email'] });
  await page.goto('/');
  await identify(page, ada);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(3);
  for (const words of ['Get a push notification', 'Enter a code']) {
    await expect(page.getByRole('radio', { name: words })).toHaveAccessibleDescription('Okta Verify');
  }
  await expect(page.getByRole('radio', { name: 'Okta Verify' })).toHaveCount(0);
  await choose(page, 'Enter a code');
  await enterCode(page, await org.shownBy(ada.login, 'okta_verify'));
  await expect(welcome(page)).toBeVisible();
});

test('a push is left for a code of the same app by the list', async ({ page, org }) => {
  await PAGES.push(page, org);
  await button(page, 'Verify with something else').click();
  await choose(page, 'Enter a code');
  await expect(heading(page, 'Enter verification code')).toBeVisible();
});

test('the channels of Okta Verify are listed at once, in words', async ({ page, org }) => {
  await PAGES['okta-verify'](page, org);
  for (const words of ['Get a link by email', 'Get a link by SMS']) await expect(button(page, words)).toBeVisible();
  await expect(button(page, 'Scan a QR code')).toHaveCount(0);
  await expect(page.getByText(/^(QRCODE|EMAIL|Set up another way)$/)).toHaveCount(0);
  await button(page, 'Get a link by email').click();
  await expect(heading(page, 'Where should the link for Okta Verify go?')).toBeVisible();
  await expect(button(page, 'Get a link by email')).toHaveCount(0);
  await button(page, 'Scan a QR code').click();
  await expect(page.getByRole('img')).toBeVisible();
});

test.describe('with an optional authenticator', () => {
  test.use({ policies: { sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED', phone_number: 'OPTIONAL' } } });

  test('the page says why, and that it can be skipped', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['okta_password'], enroll: ['phone_number'] });
    await page.goto('/');
    await identify(page, ada);
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
    await expect(button(page, 'Skip')).toBeVisible();
    await expect(page.getByText('helps if you lose your phone. You can skip it.')).toBeVisible();
  });
});

for (const [press, consent] of [['Allow Access', true], ["Don't Allow", false]]) {
  test(`a consent names the app and is one press: ${press}`, async ({ page }) => {
    const sent = await openAtStep(page, 'consent');
    await expect(heading(page, 'Allow access?')).toBeVisible();
    await expect(page.getByText('Shop asks for this access:')).toBeVisible();
    await expect(page.getByText('See your email address')).toBeVisible();
    await expect(page.getByRole('radio')).toHaveCount(0);
    await expect(button(page, 'Next')).toHaveCount(0);
    await expect(heading(page, 'Allow access?')).toBeFocused();
    await button(page, press).click();
    await expect.poll(() => sent).toEqual([expect.objectContaining({ consent })]);
  });
}

/** The icons in sight: each is a mask. */
const icons = (page) =>
  page.getByRole('main').evaluate((main) => [...main.querySelectorAll('[aria-hidden]')].filter((one) => getComputedStyle(one).maskImage.includes('svg')).length);

test('every step and every row has an icon', async ({ page }) => {
  await PAGES.choose(page);
  // The circle above the heading, and a row for each of the two authenticators.
  await expect.poll(() => icons(page)).toBe(3);
  await choose(page, 'Phone');
  await expect(heading(page, 'Choose a message type')).toBeVisible();
  await expect.poll(() => icons(page)).toBe(3);
});

test('a message has the icon of its state', async ({ page, org }) => {
  const icon = (text) => page.getByRole('main').getByText(text).evaluate((one) => {
    for (let box = one; box; box = box.parentElement) {
      const { maskImage } = getComputedStyle(box, '::before');
      if (maskImage.includes('svg')) return maskImage;
    }
  });
  await PAGES['sign-in-refused'](page, org);
  const refused = await icon(/^Unable to sign in/);
  await reachTheCode(page);
  await button(page, 'Resend').click();
  await expect(page.getByText('A new code was sent.')).toBeVisible();
  const sent = await icon('A new code was sent.');
  expect([refused, sent]).toEqual([expect.stringContaining('svg'), expect.stringContaining('svg')]);
  expect(sent).not.toBe(refused);
});

test('all drawings together take less than 4 KB', async () => {
  const sheets = ['base', 'account', 'parts/icon', 'parts/mark', 'parts/banner', 'parts/choice', 'parts/field'];
  const texts = await Promise.all(sheets.map((name) => readFile(new URL(`../style/${name}.css`, import.meta.url), 'utf8')));
  const drawings = texts.join('').match(/data:image\/svg[^']*/g);
  expect(drawings.length).toBeGreaterThan(20);
  expect(brotliCompressSync(drawings.join('\n')).length).toBeLessThan(4_096);
});

test('an identity provider has its mark, or else its letter', async ({ page }) => {
  await openAtStep(page, 'providers');
  const link = page.getByRole('link', { name: 'Continue with @Google' });
  const [kind, letter] = await link.evaluate(({ firstElementChild: mark }) => [mark.dataset.kind, mark.textContent]);
  expect([kind, letter]).toEqual(['GOOGLE', 'G']);
  await expect.poll(() => link.evaluate(({ firstElementChild: mark }) => getComputedStyle(mark).backgroundImage)).toContain('svg');
});
