//! Acceptance: passkeys, with a key in the browser that confirms by itself.

import { generateKeyPairSync } from 'node:crypto';

import { button, choose, chooseIfAskedHow, heading, identify, identifyFirst, password, signUp, username, welcome } from '../person.mjs';
import { identifierFirst, passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { plugIn } from '../world/key.mjs';

/** A passkey of nobody. */
function stranger() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const base64 = (words) => Buffer.from(words).toString('base64');
  return {
    credentialId: base64('nobody'),
    isResidentCredential: true,
    rpId: 'localhost',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    userHandle: base64('00unobody'),
    signCount: 1,
  };
}

const STOPPED = 'That was cancelled or took too long. You can try again.';

/** The person closes the browser's own window the first time it is shown. */
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
      await identify(page, await org.somebody());
      await chooseIfAskedHow(page, 'Security Key or Biometric');
      await button(page, 'Set up').click();
      await expect(page.getByText(STOPPED)).toBeVisible();
      await button(page, 'Set up').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('verify', async ({ page, org }) => {
      await plugIn(page);
      const ada = await org.somebody();
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

  test.describe('offered where the username is typed', () => {
    const either = identifierFirst('okta_password', 'webauthn');
    test.use({ policies: { ...either, enrollment: { ...either.enrollment, okta_password: 'REQUIRED' }, passkey_autofill: true } });

    /** Somebody with a passkey, back at the sign-in page; the key confirms at once, or when it is told to. */
    async function comeBack(page, org, isEager) {
      const { confirms } = await plugIn(page);
      const ada = await org.somebody({ enroll: ['webauthn'] });
      await identifyFirst(page, ada);
      await password(page).fill(ada.password);
      await button(page, 'Submit').click();
      await choose(page, 'Security Key or Biometric');
      await button(page, 'Set up').click();
      await expect(welcome(page)).toBeVisible();
      await page.context().clearCookies();
      await confirms(isEager);
      await page.goto('/');
      return { ada, confirms };
    }

    test('autofill', async ({ page, org }) => {
      await comeBack(page, org, true);
      await expect(welcome(page)).toBeVisible();
    });

    test('who types a username instead is asked as ever', async ({ page, org }) => {
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

    test('a passkey that the org does not know is turned down, and the page goes on', async ({ page, org }) => {
      const { confirms } = await plugIn(page, stranger());
      const ben = await org.somebody();
      const turnedDown = page.waitForResponse('**/api/idx/proceed');
      await page.goto('/');
      await turnedDown;
      await confirms(false);
      await expect(page.getByText('Authentication failed')).toBeVisible();
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
