//! Acceptance: typing, pasting, showing and hiding, and the hints that the page gives meanwhile.

import { button, chooseIfAskedHow, code, GRACE, heading, password, reachTheCode, register, started, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('a password can be shown and hidden, and the page says that Caps Lock is on', async ({ page }) => {
  await page.goto('/');
  await password(page).fill(MARY.password);
  await button(page, 'Show Password').click();
  await expect(password(page)).toHaveAttribute('type', 'text');
  await expect(password(page)).toBeFocused();
  await button(page, 'Hide Password').click();
  await expect(password(page)).toHaveAttribute('type', 'password');
  await expect(password(page)).toHaveValue(MARY.password);

  const hint = page.getByText('Caps Lock is on.');
  await password(page).dispatchEvent('keydown', { key: 'A', modifierCapsLock: true });
  await expect(hint).toBeVisible();
  await password(page).dispatchEvent('keydown', { key: 'a' });
  await expect(hint).toBeHidden();
});

test('a code is one field, and accepts a pasted code with spaces', async ({ page, org }) => {
  await reachTheCode(page);
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(1);
  const digits = await org.code(MARY.email);
  await code(page).focus();
  await page.keyboard.insertText(` ${digits.slice(0, 3)} ${digits.slice(3)} `);
  await page.keyboard.press('Enter');
  await expect(welcome(page)).toBeVisible();
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('values that a password manager sets without events are sent', async ({ page }) => {
    await page.goto('/');
    await started(page);
    await password(page).evaluate((field, value) => (field.value = value), MARY.password);
    await username(page).evaluate((field, value) => (field.value = value), MARY.login);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('with a new password that is typed once', () => {
  test.use({ policies: signUpWith(), appEnv: { LATCHKEY_NEW_PASSWORD: 'once' } });

  test('there is no second field, and the password is taken', async ({ page }) => {
    await page.goto('/register');
    await register(page);
    await chooseIfAskedHow(page, 'Password');
    await page.getByLabel('New password', { exact: true }).fill(GRACE.password);
    await expect(page.getByLabel('Re-enter new password', { exact: true })).toBeHidden();
    await button(page, 'Submit').click();
    await expect(heading(page, 'Set password')).toBeHidden();
    await expect(page.getByText('The two passwords are not the same.')).toBeHidden();
  });
});

test.describe('with a new password', () => {
  test.use({ policies: signUpWith() });

  test('the page ticks satisfied rules and shows the strength in a word and a bar while a person types', async ({ page }) => {
    await page.goto('/register');
    await register(page);
    await chooseIfAskedHow(page, 'Password');
    const fresh = page.getByLabel('New password', { exact: true });
    await expect(fresh).toHaveAttribute('autocomplete', 'new-password');
    const rule = page.getByRole('listitem').filter({ hasText: 'A number' });
    for (const [words, strength, value, isKept] of [['abc', 'weak', 1, false], ['Abcdef12', 'fair', 2, true], ['Correct-Horse-9 battery staple', 'strong', 4, true]]) {
      await fresh.fill(words);
      await expect(page.getByText(`Strength: ${strength}`)).toBeVisible();
      await expect(page.locator('meter')).toHaveJSProperty('value', value);
      await expect(rule).toMatchAriaSnapshot(`- listitem: ${isKept ? '✓ ' : ''}A number`);
    }
  });
});
