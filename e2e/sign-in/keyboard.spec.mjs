//! The sign-in by keyboard alone.

import { heading, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('the keyboard alone is enough', async ({ page, org }) => {
  const keys = page.keyboard;
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await tabTo(page, 'Username');
  await keys.type(MARY.login);
  await tabTo(page, 'Password');
  await keys.type(MARY.password);
  await keys.press('Enter');

  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await tabTo(page, /./, 'radio');
  await expect
    .poll(async () => {
      if (await page.getByRole('radio', { name: 'Email' }).isChecked()) return true;
      await keys.press('ArrowDown');
      return false;
    })
    .toBe(true);
  await tabTo(page, 'Next');
  await keys.press('Enter');

  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await tabTo(page, /./, 'textbox');
  await keys.type(await org.code(MARY.email));
  await keys.press('Enter');

  await expect(welcome(page)).toBeVisible();
  await tabTo(page, 'Sign out');
  await keys.press('Enter');
  await expect(heading(page, 'Sign In')).toBeVisible();
});

/** Presses Tab until the focus is on what is called `name`. */
async function tabTo(page, name, role) {
  const wanted = role ? page.getByRole(role, { name }) : page.getByLabel(name, { exact: true }).or(page.getByRole('button', { name, exact: true }));
  const stops = await page.getByRole('textbox').or(page.getByRole('button')).or(page.getByRole('link')).or(page.getByRole('radio')).count();
  for (let press = 0; press <= stops + 3; press += 1) {
    for (const one of await wanted.all()) {
      if (await one.evaluate((element) => element === document.activeElement)) return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${name}`);
}
