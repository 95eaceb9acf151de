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
