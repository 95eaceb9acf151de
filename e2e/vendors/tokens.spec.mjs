//! Tokens of other vendors: the codes of RSA SecurID, Symantec VIP and others, and a YubiKey, from the first page to the end.

import { button, code, heading, identify, password, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { totp } from '../world/totp.mjs';

/** The next code of a token, because a code works once. */
const HALF_A_MINUTE = 30_000;

const TOKENS = {
  rsa_token: 'RSA SecurID',
  onprem_mfa: 'On-Prem MFA',
};

/** What the token of a user shows during enrolment, once it does. */
async function shown(org, login) {
  await expect.poll(async () => (await org.devices(login)).length).toBe(1);
  return (await org.devices(login))[0];
}

async function start(page, who, label) {
  await page.goto('/');
  await identify(page, who);
  const choice = page.getByRole('radio', { name: label });
  await expect(choice.or(code(page)).first()).toBeVisible();
  if (await choice.isVisible()) {
    await choice.check();
    await button(page, 'Next').click();
  }
}

const submit = (page) => button(page, 'Submit').click();

for (const [factor, label] of Object.entries(TOKENS)) {
  test.describe(label, () => {
    test.use({ policies: passwordAnd(factor) });

    test(`${factor} is enrolled with the user name, and verified the next time`, async ({ page, org }) => {
      const ada = await org.newUser({ enroll: [factor] });
      await start(page, ada, label);
      const { code: current } = await shown(org, ada.login);
      const name = page.getByLabel('User Name');
      await name.fill('another-user');
      await code(page).fill(current);
      await submit(page);
      await expect(page.getByText(/Invalid code/).first()).toBeVisible();
      await expect(name).toHaveValue('another-user');
      await expect(code(page)).toHaveValue('');
      await name.fill(ada.login);
      await code(page).fill(current);
      await submit(page);
      await expect(welcome(page)).toBeVisible();

      await button(page, 'Sign out').click();
      await identify(page, ada);
      await expect(heading(page, 'Enter verification code')).toBeVisible();
      await code(page).fill(totp(await org.secretOf(ada.login, factor), Date.now() + HALF_A_MINUTE));
      await submit(page);
      await expect(welcome(page)).toBeVisible();
    });

    test(`${factor} asks for the next code after wrong ones, with an empty field`, async ({ page, org }) => {
      const ada = await org.newUser({ factors: [factor] });
      await start(page, ada, label);
      for (const wrong of ['000000', '111111']) {
        await code(page).fill(wrong);
        await submit(page);
        await expect(page.getByText('Invalid code. Try again.').first()).toBeVisible();
        await expect(code(page)).toHaveValue('');
      }
      const secret = await org.secretOf(ada.login, factor);
      await code(page).fill(totp(secret, Date.now()));
      await submit(page);
      await expect(page.getByText(/token/i).first()).toBeVisible();
      await expect(code(page)).toHaveValue('');
      await code(page).fill(totp(secret, Date.now() + HALF_A_MINUTE));
      await submit(page);
      await expect(welcome(page)).toBeVisible();
    });
  });
}

test.describe('Symantec VIP', () => {
  test.use({ policies: passwordAnd('symantec_vip') });

  test('symantec_vip is enrolled with its id and two codes, and verified the next time', async ({ page, org }) => {
    const ada = await org.newUser({ enroll: ['symantec_vip'] });
    await start(page, ada, 'Symantec VIP');
    const { code: current, next } = await shown(org, ada.login);
    const second = page.getByLabel('Enter the next code');
    await expect(second).toHaveAttribute('inputmode', 'numeric');
    await page.getByLabel('Enter credential ID').fill('VSMT12345678');
    await code(page).fill(current);
    await second.fill('000');
    await submit(page);
    await expect(second).toHaveAccessibleDescription(/not correct/);
    await second.fill(next);
    await submit(page);
    await expect(welcome(page)).toBeVisible();

    await button(page, 'Sign out').click();
    await identify(page, ada);
    await code(page).fill(totp(await org.secretOf(ada.login, 'symantec_vip'), Date.now() + HALF_A_MINUTE));
    await submit(page);
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('YubiKey', () => {
  test.use({ policies: passwordAnd('yubikey_token') });

  test('yubikey_token types its code and Enter, at enrolment and the next time', async ({ page, org }) => {
    const ada = await org.newUser({ enroll: ['yubikey_token'] });
    await start(page, ada, 'YubiKey Authenticator');
    await expect(page.getByText('Touch your key while the cursor is in the field')).toBeVisible();
    await expect(code(page)).toBeFocused();
    await expect(code(page)).not.toHaveAttribute('inputmode', 'numeric');
    const { code: current } = await shown(org, ada.login);
    await page.keyboard.type(`${current}\n`);
    await expect(welcome(page)).toBeVisible();

    await button(page, 'Sign out').click();
    await identify(page, ada);
    await expect(code(page)).toBeFocused();
    await page.keyboard.type(`${totp(await org.secretOf(ada.login, 'yubikey_token'), Date.now() + HALF_A_MINUTE)}\n`);
    await expect(welcome(page)).toBeVisible();
  });
});
