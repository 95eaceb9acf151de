//! A new password that is refused: the error is beside its field, and nothing is lost.

import { chooseIfAsked, enterCode, heading, recover, setPassword } from '../person.mjs';
import { expect, test } from '../test.mjs';

const NEW = 'Another-Horse-3';

/** Leads a user who forgot their password to the page for a new one. */
async function reachTheNewPassword(page, org) {
  const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
  await recover(page, ada.login);
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(ada.email));
  await expect(heading(page, 'Set password')).toBeVisible();
}

test('two different passwords are an error beside the field, nothing is sent and nothing is lost', async ({ page, org }) => {
  await reachTheNewPassword(page, org);
  const sent = [];
  page.on('request', (request) => sent.push(request.url()));
  await setPassword(page, NEW, 'Another-Horse-4');
  const again = page.getByLabel('Re-enter new password', { exact: true });
  await expect(again).toHaveAccessibleDescription(/\S/);
  await expect(again).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('New password', { exact: true })).toHaveValue(NEW);
  expect(sent).toEqual([]);

  await setPassword(page, NEW);
  await expect(heading(page, 'Set password')).toBeHidden();
});

test('a password that breaks the rules of the org is an error beside the field', async ({ page, org }) => {
  await reachTheNewPassword(page, org);
  await setPassword(page, 'ada');
  await expect(page.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(/\S/);
  await setPassword(page, NEW);
  await expect(heading(page, 'Set password')).toBeHidden();
});

test('only the rule that a refused password breaks turns, in its row', async ({ page, org }) => {
  await reachTheNewPassword(page, org);
  await setPassword(page, 'Another-Horse');
  const newPassword = page.getByLabel('New password', { exact: true });
  await expect(newPassword).toHaveAccessibleDescription('Your password does not follow all the rules.');
  await expect(page.getByRole('listitem').filter({ hasText: 'A number' })).toHaveCSS('font-weight', '600');
  const turned = page.getByRole('listitem').filter({ hasText: /character|letter|symbol|username/ });
  for (const row of await turned.all()) await expect(row).toHaveCSS('font-weight', '400');
  // What the org says lists every rule.
  await expect(page.getByText('Password requirements were not met.')).toBeHidden();
  await newPassword.pressSequentially('-9');
  await expect(newPassword).toHaveAttribute('aria-invalid', 'false');
});

test('a bad recovery link says that the link does not work', async ({ page }) => {
  await page.goto('/recover-password?recovery_token=not-a-token');
  await expect(heading(page, 'This link does not work')).toBeVisible();
  await expect(page.getByText('This link has expired or is not complete. Ask for a new one.')).toBeVisible();
  await expect(page.getByText('This took too long')).toBeHidden();
});
