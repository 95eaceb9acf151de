//! The sign-in by keyboard alone.

import { button, heading, password, tabTo, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('the keyboard alone is enough', async ({ page, org }) => {
  const keys = page.keyboard;
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await tabTo(page, username(page));
  await keys.type(MARY.login);
  await expect(password(page)).toBeVisible();
  await tabTo(page, password(page));
  await keys.type(MARY.password);
  await keys.press('Enter');

  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await tabTo(page, page.getByRole('radio'));
  await expect
    .poll(async () => {
      if (await page.getByRole('radio', { name: 'Email' }).isChecked()) return true;
      await keys.press('ArrowDown');
      return false;
    })
    .toBe(true);
  await tabTo(page, button(page, 'Next'));
  await keys.press('Enter');

  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await tabTo(page, page.getByRole('textbox'));
  await keys.type(await org.code(MARY.email));
  await keys.press('Enter');

  await expect(welcome(page)).toBeVisible();
  await tabTo(page, button(page, 'Sign out'));
  await keys.press('Enter');
  await expect(heading(page, 'Sign In')).toBeVisible();
});
