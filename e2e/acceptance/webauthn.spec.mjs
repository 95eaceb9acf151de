//! Acceptance: passkeys, with a key in the browser that confirms by itself.

import { button, chooseIfAskedHow, heading, identify, signUp, welcome } from '../person.mjs';
import { passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';

/** Plugs a key in; gives a way to say whether it confirms. */
async function plugIn(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  return (enabled) => browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
}

async function enrol(page, who) {
  await page.goto('/');
  await identify(page, who);
  await chooseIfAskedHow(page, 'Security Key or Biometric');
  await expect(heading(page, 'Set up a passkey or security key')).toBeVisible();
  await button(page, 'Set up').click();
  await expect(welcome(page)).toBeVisible();
}

test.describe('password + WebAuthn', () => {
  test.describe('at sign-in', () => {
    test.use({ policies: passwordAnd('webauthn') });

    test('enrol', async ({ page, org }) => {
      await plugIn(page);
      await enrol(page, await org.somebody());
    });

    test('verify', async ({ page, org }) => {
      await plugIn(page);
      const ada = await org.somebody();
      await enrol(page, ada);
      await page.context().clearCookies();
      await page.goto('/');
      await identify(page, ada);
      await expect(heading(page, 'Use your passkey or security key')).toBeVisible();
      await button(page, 'Verify').click();
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('at sign-up', () => {
    test.use({ policies: signUpWith('webauthn') });

    test('from sign-up', async ({ page, org }) => {
      await plugIn(page);
      await signUp(page, org);
      await chooseIfAskedHow(page, 'Security Key or Biometric');
      await button(page, 'Set up').click();
      await expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();
    });
  });
});
