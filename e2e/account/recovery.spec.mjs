//! A new password that is not good enough: said beside its field, and nothing is lost.

import { chooseIfAsked, enterCode, heading, recover, setPassword } from '../person.mjs';
import { expect, test } from '../test.mjs';

const NEW = 'Another-Horse-3';

/** Somebody who has forgotten their password stands before the page that takes a new one. */
async function reachTheNewPassword(page, org) {
  const ada = await org.somebody({ factors: ['okta_password', 'okta_email'] });
  await recover(page, ada.login);
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(ada.email));
  await expect(heading(page, 'Set password')).toBeVisible();
}

test('two passwords that differ are said beside the field, nothing is sent and nothing is lost', async ({ page, org }) => {
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

test('a password against the rules of the org is said beside the field', async ({ page, org }) => {
  await reachTheNewPassword(page, org);
  await setPassword(page, 'ada');
  await expect(page.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(/\S/);
  await setPassword(page, NEW);
  await expect(heading(page, 'Set password')).toBeHidden();
});
