//! Enter held down, and a new code requested while one is being typed.

import { button, choose, code, enterCode, heading, password, reachTheCode, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('Enter held down answers one step and not the next', async ({ page, org }) => {
  await page.goto('/');
  await username(page).fill(MARY.login);
  await password(page).fill(MARY.password);
  await page.keyboard.down('Enter');
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  for (let press = 0; press < 3; press += 1) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  expect(await org.inbox(MARY.email)).toEqual([]);
  await choose(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('a new code is announced, typed text stays, and Resend is disabled for a while', async ({ page, org }) => {
  await reachTheCode(page);
  await code(page).fill('12');
  await button(page, 'Resend').click();
  await expect(page.getByText('A new code was sent.')).toBeVisible();
  await expect(code(page)).toHaveValue('12');
  await expect(button(page, 'Resend')).toBeDisabled();
  expect(await org.inbox(MARY.email)).toHaveLength(2);
});
