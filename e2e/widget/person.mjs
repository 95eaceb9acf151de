//! What somebody does at the widget, whichever generation it is.

import { expect } from './site.mjs';

/** A link or a button: the generations differ. */
export const either = (page, name) => page.getByRole('link', { name }).or(page.getByRole('button', { name })).first();

/** A button, or a link where the second generation has one, of just this name. */
export const press = (page, name) =>
  page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).first().click();

export const signedIn = (page, email) => expect(page.getByText(`signed in as ${email}`)).toBeVisible();

export async function identify(page, { login, password }) {
  await page.getByLabel('Username').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Goes past the link that a mail with a code also has. */
export async function answerMail(page, code) {
  await page.getByRole('button', { name: 'Enter a verification code instead' }).click();
  await answer(page, code);
}

export async function answer(page, code) {
  await page.getByLabel(/enter code/i).fill(code);
  await press(page, 'Verify');
}

/** The second generation takes the focus to the first field once it has drawn a page, wherever it is by then. */
export async function settled(page, generation, field) {
  const first = page.getByLabel(field).first();
  await expect(first).toBeVisible();
  if (generation === 'second') await expect(first).toBeFocused();
}

/** The second generation hears nothing in the moment after it has said an error: whoever sees that presses again. */
export async function afterAnError(page, name, act, sign) {
  await expect(async () => {
    if (await page.getByRole('button', { name }).isVisible()) await act();
    await expect(sign).toBeVisible({ timeout: 1_000 });
  }).toPass();
}
