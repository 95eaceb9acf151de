//! Acceptance: a temporary access code.

import { chooseIfAskedHow, code, enterCode, identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

test.describe('temporary code', () => {
  test.use({ policies: { sign_on: [{ authenticate_with: 'password-and-another' }] } });

  /** Leads a user with a code to the page that asks for it. */
  async function reachTheCode(page, org) {
    const ada = await org.newUser();
    const given = await org.accessCode(ada.login);
    await page.goto('/');
    await identify(page, ada);
    await chooseIfAskedHow(page, 'Temporary Access Code');
    await expect(page.getByText('Enter the code that you were given.')).toBeVisible();
    return given.code;
  }

  test('the code signs in', async ({ page, org }) => {
    await enterCode(page, await reachTheCode(page, org));
    await expect(welcome(page)).toBeVisible();
  });

  test('a wrong code is refused, and the right one signs in', async ({ page, org }) => {
    const given = await reachTheCode(page, org);
    await enterCode(page, given === '000000' ? '000001' : '000000');
    await expect(code(page)).toHaveAccessibleDescription(/Invalid code|doesn't match/);
    await enterCode(page, given);
    await expect(welcome(page)).toBeVisible();
  });
});
