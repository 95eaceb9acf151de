//! What is typed is typed once: the focus shows what is wrong, an outage loses nothing, and a code is taken as it is pasted.

import { AWAY, button, code, enterCode, heading, identify, offer, openEarly, password, reachTheCode, register, started, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const NEEDED = 'Fill in this field.';
const OFFLINE = 'You seem to be offline.';

test('the focus goes to the first field that is wrong, and not to one that was', async ({ page }) => {
  await page.goto('/');
  await started(page);
  await button(page, 'Next').click();
  await expect(username(page)).toBeFocused();
  await expect(username(page)).toHaveAccessibleDescription(NEEDED);
  await username(page).fill(MARY.login);
  await expect(username(page)).toHaveAttribute('aria-invalid', 'false');
  await button(page, 'Next').click();
  await expect(password(page)).toBeFocused();
  await expect(password(page)).toHaveAccessibleDescription(NEEDED);
});

test.describe('where a profile and a password are made', () => {
  const attributes = [
    { name: 'nickname', label: 'Nickname' },
    { name: 'firstName', label: 'First name', required: true },
    { name: 'lastName', label: 'Last name', required: true },
    { name: 'email', label: 'Email', required: true },
    { name: 'size', label: 'Size', enum: ['S', 'M'], required: true },
  ];
  test.use({ policies: { ...signUpWith(), profile: { email_verification: false, attributes } } });

  test('the focus skips what is optional, and nothing is chosen for a person', async ({ page }) => {
    await page.goto('/register');
    const size = page.getByRole('group', { name: 'Size' });
    await expect(size.getByRole('radio')).toHaveCount(2);
    await expect(size.getByRole('radio', { checked: true })).toHaveCount(0);
    await button(page, 'Sign Up').click();
    await expect(page.getByLabel('First name')).toBeFocused();
    await expect(page.getByLabel('First name')).toHaveAttribute('autocapitalize', 'words');
    await register(page);
    await expect(size.getByRole('radio', { name: 'S' })).toBeFocused();
    await expect(size.getByText(NEEDED)).toBeVisible();
    await size.getByRole('radio', { name: 'M' }).check();
    await expect(size.getByText(NEEDED)).toBeHidden();
  });
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('"Try again" gives the answer once more that an outage kept from the org', async ({ page, org }) => {
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
    await org.fault('/idp/idx/identify', { kind: 'status', status: 503 });
    await identify(page);
    await expect(page.getByText(AWAY)).toBeVisible();
    await org.clearFaults();
    await offer(page, 'Try again').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('offline, what was typed stays; online, the message goes and the answer can be given again', async ({ page, context }) => {
    await page.goto('/');
    await started(page);
    await context.setOffline(true);
    await identify(page);
    await expect(page.getByText(OFFLINE)).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(OFFLINE)).toBeHidden();
    await expect(password(page)).toHaveValue(MARY.password);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('an org that is down from the start keeps the username that was typed meanwhile', async ({ page, org }) => {
    await org.fault('/*', { kind: 'reset' });
    const letGo = await openEarly(page);
    await username(page).fill(MARY.login);
    letGo();
    await expect(page.getByText(AWAY)).toBeVisible();
    await org.clearFaults();
    await offer(page, 'Try again').click();
    await expect(username(page)).toHaveValue(MARY.login);
  });
});

test('a code is taken from the message that it was copied with', async ({ page, org }) => {
  await reachTheCode(page);
  await enterCode(page, `Your verification code is ${await org.code(MARY.email)}. It expires in 5 minutes.`);
  await expect(welcome(page)).toBeVisible();
});

test('the error of a code goes as soon as one types, and an equal one is shown anew with the code selected', async ({ page, org }) => {
  await reachTheCode(page);
  const wrong = await org.wrongCode(MARY.email);
  const error = page.getByText(/Invalid code\. Try again\./);
  await enterCode(page, wrong);
  await expect(error).toBeVisible();
  await expect(code(page)).toBeFocused();
  await error.evaluate((element) => (element.dataset.before = ''));
  await page.keyboard.type('1');
  await expect(error).toBeHidden();
  await expect(code(page)).toHaveValue('1');
  await enterCode(page, wrong);
  await expect(error).toBeVisible();
  await expect(error).not.toHaveAttribute('data-before');
  await button(page, 'Submit').click();
  await expect(error).toBeVisible();
  await expect(code(page)).toBeFocused();
  expect(await code(page).evaluate((field) => field.selectionEnd - field.selectionStart)).toBe(wrong.length);
});

test('Resend says when it can be pressed again', async ({ page }) => {
  await page.clock.install();
  await reachTheCode(page);
  await button(page, 'Resend').click();
  await expect(page.getByText('in 30 seconds')).toBeVisible();
  await expect(button(page, 'Resend')).toBeDisabled();
  await page.clock.fastForward(20_000);
  await expect(page.getByText('in 10 seconds')).toBeVisible();
  await page.clock.fastForward(11_000);
  await expect(page.getByText(/^in \d+ second/)).toBeHidden();
  await expect(button(page, 'Resend')).toBeEnabled();
});

test('all that can be pressed is at least 44 pixels high', async ({ page }) => {
  await reachTheCode(page);
  for (const role of ['link', 'button']) {
    for (const one of await page.getByRole('main').getByRole(role).all()) {
      expect((await one.boundingBox()).height, await one.textContent()).toBeGreaterThanOrEqual(44);
    }
  }
});
