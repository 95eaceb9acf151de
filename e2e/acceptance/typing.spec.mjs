//! Acceptance: typing, pasting, showing and hiding, and the hints that the page gives meanwhile.

import { button, chooseIfAskedHow, code, password, reachTheCode, register, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('a password can be shown and hidden, and the page says that Caps Lock is on', async ({ page }) => {
  await page.goto('/');
  await password(page).fill(MARY.password);
  await button(page, 'Show').click();
  await expect(password(page)).toHaveAttribute('type', 'text');
  await expect(password(page)).toBeFocused();
  await button(page, 'Hide').click();
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
    await password(page).evaluate((field, value) => (field.value = value), MARY.password);
    await username(page).evaluate((field, value) => (field.value = value), MARY.login);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('with a new password', () => {
  test.use({ policies: signUpWith() });

  test('the page ticks satisfied rules and names the strength while a person types', async ({ page }) => {
    await page.goto('/register');
    await register(page);
    await chooseIfAskedHow(page, 'Password');
    const fresh = page.getByLabel('New password', { exact: true });
    await expect(fresh).toHaveAttribute('autocomplete', 'new-password');
    const rule = page.getByRole('listitem').filter({ hasText: 'A number' });
    for (const [words, strength, isKept] of [['abc', 'weak', false], ['Correct-Horse-9 battery staple', 'strong', true]]) {
      await fresh.fill(words);
      await expect(page.getByText(`Strength: ${strength}`)).toBeVisible();
      await expect(rule).toMatchAriaSnapshot(`- listitem: ${isKept ? '✓ ' : ''}A number`);
    }
  });
});
