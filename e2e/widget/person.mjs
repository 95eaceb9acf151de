//! What somebody does at the widget, whichever generation it is.

import { expect } from './site.mjs';

/** A link or a button: the generations differ. */
export const either = (page, name) => page.getByRole('link', { name }).or(page.getByRole('button', { name })).first();

/** A button, or a link where the second generation has one, of just this name. */
export const press = (page, name) =>
  page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).first().click();

export const signedIn = (page, email) => expect(page.getByText(`signed in as ${email}`)).toBeVisible();

/** Fills each field, and all of them again if the widget drew itself anew or took the focus elsewhere in the middle of it. */
export async function fillIn(...answers) {
  await expect(async () => {
    for (const [field, text] of answers) await field.fill(text);
    for (const [field, text] of answers) expect(await field.inputValue()).toBe(text);
  }).toPass();
}

export async function identify(page, { login, password }) {
  await fillIn([page.getByLabel('Username'), login], [page.getByLabel('Password', { exact: true }), password]);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Goes past the link that a mail with a code also has. */
export async function answerMail(page, code) {
  await page.getByRole('button', { name: 'Enter a verification code instead' }).click();
  await answer(page, code);
}

export async function answer(page, code) {
  await fillIn([page.getByLabel(/enter code/i), code]);
  await press(page, 'Verify');
}

/** The second generation hears nothing in the moment after it has said an error: whoever sees that presses again. */
export async function afterAnError(page, name, act, sign) {
  await expect(async () => {
    if (await page.getByRole('button', { name }).isVisible()) await act();
    await expect(sign).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** Answers the page that has this heading, not the one before it, which may stand there still. */
export async function answerUnder(page, heading, text) {
  await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  await fillIn([page.getByRole('textbox').or(page.locator('input[type=password]')).first(), text]);
  await press(page, 'Verify');
}
