//! The main paths of signing in and up, in every engine.

import { identifierFirst, PASSWORD_ALONE, passwordAnd, PROVIDER, signUpWith } from '../policies.mjs';
import { MARY } from '../world/org.mjs';
import { button, field, heading, link, text } from './page.mjs';
import { chooseIfAsked, code, enterCode, identify, reachTheCode, signUp, welcome } from './person.mjs';
import { expect, test } from './test.mjs';

test.describe('with a password and an e-mail', () => {
  test.use({ policies: passwordAnd('okta_email') });

  test('a password and an e-mail code sign in', async ({ page, org }) => {
    await reachTheCode(page);
    await page.see(code, { isFocused: true });
    await enterCode(page, await org.code(MARY.email));
    await page.see(welcome);
    await page.press(button('Sign out'));
    await page.see(heading('Sign In'));
  });

  test('a wrong code is refused with a message, and the right one signs in', async ({ page, org }) => {
    await reachTheCode(page);
    await enterCode(page, await org.wrongCode(MARY.email));
    await page.see(text('Invalid code. Try again.'));
    await enterCode(page, await org.code(MARY.email));
    await page.see(welcome);
  });

  test('a reload shows the current step, and going back and forward continues', async ({ page, org }) => {
    await reachTheCode(page);
    await page.reload();
    await page.see(heading('Enter verification code'));
    await page.back();
    await page.forward();
    await enterCode(page, await org.code(MARY.email));
    await page.see(welcome);
    await page.reload();
    await page.see(welcome);
  });

  test('two tabs sign in at the same time', async ({ page, open, org }) => {
    await reachTheCode(page);
    const first = await org.code(MARY.email);
    const other = await open();
    await reachTheCode(other);
    await enterCode(other, await org.code(MARY.email));
    await other.see(welcome);
    await page.front();
    await enterCode(page, first);
    await page.see(welcome);
  });
});

test.describe('with an e-mail link', () => {
  test.use({ policies: { ...passwordAnd('okta_email'), email_callback: 'redirect_uri' } });

  test('a link opened in another tab signs in there, and the first tab continues', async ({ page, open, org }) => {
    await reachTheCode(page);
    await org.code(MARY.email);
    const [mail] = await org.inbox(MARY.email);
    const other = await open();
    await other.visit(mail.link);
    await other.see(welcome);
    await page.front();
    await page.see(welcome);
  });
});

test.describe('with an optional phone', () => {
  test.use({ policies: signUpWith('phone_number') });

  test('a person signs up and skips the phone', async ({ page, org }) => {
    await signUp(page, org);
    await page.press(button('Skip'));
    await page.see(heading('Welcome, Grace Hopper'));
  });
});

test.describe('with an identity provider', () => {
  test.use({
    policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] },
    // The provider's page has no icon, and its policy allows none.
    expectedError: /favicon\.ico/,
  });

  test('a person signs in at an identity provider', async ({ page }) => {
    await page.visit('/');
    await page.press(link('Continue with Dev Social'));
    await page.see(heading('Dev Social'));
    await page.fill(field('Email'), MARY.email);
    await page.press(button('Continue'));
    await page.see(welcome);
  });
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('values that a password manager sets without events are sent', async ({ page }) => {
    await page.visit('/');
    await page.see(field('Password'), { isReachable: true });
    await page.run((values) => {
      for (const [type, value] of Object.entries(values)) document.querySelector(`[autocomplete^="${type}"]`).value = value;
    }, { username: MARY.login, 'current-password': MARY.password });
    await page.press(button('Next'));
    await page.see(welcome);
  });
});

test.describe('with a proof of work', () => {
  test.use({ policies: { ...PASSWORD_ALONE, captcha: { type: 'ALTCHA', max_number: 20_000 } } });

  test('the page finds the number, and a person signs in', async ({ page }) => {
    await page.visit('/');
    await page.see(text('The check is complete.'));
    await identify(page);
    await page.see(welcome);
  });
});

test.describe('with the username first', () => {
  test.use({ policies: identifierFirst('okta_email', 'okta_password') });

  test('typed text and focus stay when the program starts', async ({ page, proxy }) => {
    const release = proxy.hold(/\.wasm$/);
    await page.visit('/');
    await page.see(field('Username'), { isFocused: true });
    await page.type('mary@');
    await page.see(field('Username'), { value: 'mary@' });
    release();
    await expect.poll(() => page.run(() => document.querySelector('main section:not([data-early])') !== null)).toBe(true);
    await page.see(field('Username'), { value: 'mary@', isFocused: true });
    await page.type('example.com');
    await page.see(field('Username'), { value: MARY.login });
    await page.press(button('Next'));
    await chooseIfAsked(page, 'Email');
    await page.see(heading('Enter verification code'));
  });

  test('the program submits a form that was submitted before it started', async ({ page, proxy }) => {
    const release = proxy.hold(/\.wasm$/);
    await page.visit('/');
    await page.fill(field('Username'), MARY.login);
    await page.press(button('Next'));
    release();
    await page.see(heading('Choose an authenticator'));
  });
});

test.describe('with a passkey', () => {
  test.use({ policies: passwordAnd('webauthn') });

  test('without passkeys in the engine, the page says so', async ({ page, org }) => {
    await page.visit('/');
    await identify(page, await org.newUser());
    await chooseIfAsked(page, 'Security Key or Biometric');
    await page.see(heading('Set up a passkey or security key'));
    await page.run(() => Object.defineProperty(navigator, 'credentials', { value: undefined }));
    await page.press(button('Set up'));
    await page.see(text('This browser cannot use passkeys. Choose another way.'));
  });
});
