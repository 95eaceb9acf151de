//! The sign-in by keyboard alone.

import { arrive, identify, pick, press, signOut, type } from '../keyboard.mjs';
import { button, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('the keyboard alone is enough', async ({ page, org }) => {
  await identify(page, MARY);
  await arrive(page, 'Choose an authenticator');
  await pick(page, 'Email');
  await press(page, button(page, 'Next'));
  await arrive(page, 'Enter verification code');
  await type(page, page.getByRole('textbox'), await org.code(MARY.email));
  await page.keyboard.press('Enter');
  await expect(welcome(page)).toBeVisible();
  await signOut(page);
});
