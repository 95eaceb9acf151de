//! The actions of a person who uses only a keyboard.

import { button, heading, password, tabTo, username } from './person.mjs';
import { expect } from './test.mjs';

/** Waits for a page, which must have focused one of its elements. */
export async function arrive(page, title) {
  await expect(heading(page, title)).toBeVisible();
  await expect(page.getByRole('main').locator(':focus')).toHaveCount(1);
}

/** Types into a field that Tab reaches. */
export async function type(page, field, words) {
  await expect(field).toBeVisible();
  await tabTo(page, field);
  await page.keyboard.type(words);
}

export async function press(page, control) {
  await expect(control).toBeVisible();
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

/** Goes to a group of radios, and down to the wanted one. */
export async function pick(page, name) {
  const wanted = page.getByRole('radio', { name });
  await expect(wanted).toBeVisible();
  await tabTo(page, page.getByRole('radio'));
  for (let down = 0; down < 10 && !(await wanted.isChecked()); down += 1) await page.keyboard.press('ArrowDown');
  await expect(wanted).toBeChecked();
}

export async function choose(page, name) {
  await pick(page, name);
  await page.keyboard.press('Enter');
}

export async function identify(page, { login, password: secret }) {
  await page.goto('/');
  await type(page, username(page), login);
  await type(page, password(page), secret);
  await page.keyboard.press('Enter');
}

/** Answers a page whose only field has the focus and submits on Enter. */
export async function answer(page, title, field, words) {
  await expect(heading(page, title)).toBeVisible();
  await expect(field).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

export async function setPassword(page, secret) {
  await type(page, page.getByLabel('New password', { exact: true }), secret);
  await type(page, page.getByLabel('Re-enter new password', { exact: true }), secret);
  await page.keyboard.press('Enter');
}

/** Waits for the response: a page that is left earlier may not have signed out. */
export async function signOut(page) {
  await press(page, button(page, 'Sign out'));
  await expect(heading(page, 'Sign In')).toBeVisible();
}
