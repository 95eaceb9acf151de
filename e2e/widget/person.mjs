//! A person's actions at the widget, in both generations.

import { expect } from './site.mjs';

/** A link or a button: the generations differ. */
export const either = (page, name) => page.getByRole('link', { name }).or(page.getByRole('button', { name })).first();

/** A button, or a link in the second generation, with exactly this name. */
export const press = (page, name) =>
  page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).first().click();

export const signedIn = (page, email) => expect(page.getByText(`signed in as ${email}`)).toBeVisible();

/** Fills each field, and all of them again if the widget was redrawn or moved the focus meanwhile. */
export async function fillIn(...answers) {
  await expect(async () => {
    for (const [field, text] of answers) await field.fill(text);
    for (const [field, text] of answers) expect(await field.inputValue()).toBe(text);
  }).toPass();
}

export async function identify(page, { login, password }) {
  await fillIn([page.getByLabel('Username'), login], [page.getByLabel('Password', { exact: true }), password]);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Chooses to enter the code instead of opening the link. */
export async function answerMail(page, code) {
  await page.getByRole('button', { name: 'Enter a verification code instead' }).click();
  await answer(page, code);
}

export async function answer(page, code) {
  await fillIn([page.getByLabel(/enter code/i), code]);
  await press(page, 'Verify');
}

/** The second generation ignores clicks for a moment after an error, so this clicks again until `sign` is visible. */
export async function afterAnError(page, name, act, sign) {
  await expect(async () => {
    if (await page.getByRole('button', { name }).isVisible()) await act();
    await expect(sign).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** Answers the page with this heading; the previous page may still be visible. */
export async function answerUnder(page, heading, text) {
  await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  await fillIn([page.getByRole('textbox').or(page.locator('input[type=password]')).first(), text]);
  await press(page, 'Verify');
}
