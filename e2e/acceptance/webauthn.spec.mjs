//! Acceptance: passkeys, with Chromium's virtual authenticator.

import { generateKeyPairSync } from 'node:crypto';

import { button, choose, chooseIfAskedHow, heading, identify, identifyFirst, password, signUp, username, welcome } from '../person.mjs';
import { identifierFirst, passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';

/** A passkey that the org does not know. */
function unknownPasskey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const base64 = (words) => Buffer.from(words).toString('base64');
  return {
    credentialId: base64('unknown'),
    isResidentCredential: true,
    rpId: 'localhost',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    userHandle: base64('00uunknown'),
    signCount: 1,
  };
}

const STOPPED = 'That was cancelled or took too long. You can try again.';

/** The person closes the browser's dialog the first time. */
function stopTheFirst(page, ceremony) {
  return page.addInitScript((ceremony) => {
    const ask = navigator.credentials[ceremony].bind(navigator.credentials);
    let isFirst = true;
    navigator.credentials[ceremony] = async (options) => {
      if (!isFirst) return ask(options);
      isFirst = false;
      throw new DOMException('', 'NotAllowedError');
    };
  }, ceremony);
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
      await stopTheFirst(page, 'create');
      await page.goto('/');
      await identify(page, await org.newUser());
      await chooseIfAskedHow(page, 'Security Key or Biometric');
      await button(page, 'Set up').click();
      await expect(page.getByText(STOPPED)).toBeVisible();
      await button(page, 'Set up').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('verify', async ({ page, org }) => {
      await plugIn(page);
      const ada = await org.newUser();
      await enrol(page, ada);
      await page.context().clearCookies();
      await stopTheFirst(page, 'get');
      await page.goto('/');
      await identify(page, ada);
      await expect(heading(page, 'Use your passkey or security key')).toBeVisible();
      await button(page, 'Verify').click();
      await expect(page.getByText(STOPPED)).toBeVisible();
      await button(page, 'Verify').click();
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('by autofill in the username field', () => {
    const either = identifierFirst('okta_password', 'webauthn');
    test.use({ policies: { ...either, enrollment: { ...either.enrollment, okta_password: 'REQUIRED' }, passkey_autofill: true } });

    /** Leads a user with a passkey to the sign-in page; the key confirms at once, or after `confirms(true)`. */
    async function comeBack(page, org, isImmediate) {
      const { confirms } = await plugIn(page);
      const ada = await org.newUser({ enroll: ['webauthn'] });
      await identifyFirst(page, ada);
      await password(page).fill(ada.password);
      await button(page, 'Submit').click();
      await choose(page, 'Security Key or Biometric');
      await button(page, 'Set up').click();
      await expect(welcome(page)).toBeVisible();
      await page.context().clearCookies();
      await confirms(isImmediate);
      await page.goto('/');
      return { ada, confirms };
    }

    test('a passkey signs in', async ({ page, org }) => {
      await comeBack(page, org, true);
      await expect(welcome(page)).toBeVisible();
    });

    test('a person who types a username instead gets the usual steps', async ({ page, org }) => {
      const { ada, confirms } = await comeBack(page, org, false);
      await expect(username(page)).toHaveAttribute('autocomplete', 'username webauthn');
      await username(page).fill(ada.login);
      await button(page, 'Next').click();
      await choose(page, 'Security Key or Biometric');
      await expect(heading(page, 'Use your passkey or security key')).toBeVisible();
      await confirms(true);
      await button(page, 'Verify').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('an unknown passkey is refused, and the sign-in continues', async ({ page, org }) => {
      const { confirms } = await plugIn(page, unknownPasskey());
      const ben = await org.newUser();
      const refused = page.waitForResponse('**/api/idx/proceed');
      await page.goto('/');
      await refused;
      await confirms(false);
      await expect(page.getByText(/^Unable to sign in\./)).toBeVisible();
      await username(page).fill(ben.login);
      await button(page, 'Next').click();
      await expect(heading(page, 'Choose an authenticator').or(heading(page, 'Enter your password'))).toBeVisible();
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
