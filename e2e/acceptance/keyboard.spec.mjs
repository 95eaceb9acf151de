//! Acceptance: the main paths, by keyboard alone.

import { answer, arrive, choose, identify, pick, press, setPassword, signOut, type } from '../keyboard.mjs';
import { GRACE, button, code, heading, offer, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, identifierFirst, passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';
import { totp } from '../world/totp.mjs';

const NEW = 'Another-Horse-3';

test.describe('by keyboard alone', () => {
  test.describe('sign-up', () => {
    test.use({ policies: signUpWith('phone_number') });

    test('with a password, an e-mail address and a phone', async ({ page, org }) => {
      await page.goto('/');
      await press(page, offer(page, 'Sign Up'));
      await type(page, page.getByLabel('First name'), GRACE.firstName);
      await type(page, page.getByLabel('Last name'), GRACE.lastName);
      await type(page, page.getByLabel('Email'), GRACE.email);
      await page.keyboard.press('Enter');
      await choose(page, 'Password');
      await setPassword(page, GRACE.password);
      await choose(page, 'Email');
      await answer(page, 'Enter verification code', code(page), await org.code(GRACE.email));
      await choose(page, 'Phone');
      await choose(page, 'SMS');
      await answer(page, 'What is your phone number?', page.getByLabel('Phone number'), '555 010-7788');
      await answer(page, 'Enter verification code', code(page), await org.code('+15550107788'));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('security question', () => {
    test.use({ policies: passwordAnd('security_question') });

    test('a person sets up their own question, and answers it the next time', async ({ page, org }) => {
      const ada = await org.newUser();
      await identify(page, ada);
      await choose(page, 'Security Question');
      await pick(page, 'Create my own security question');
      await type(page, page.getByLabel('Your own question'), 'Which engine?');
      await type(page, page.getByLabel('Answer'), 'the analytical one');
      await page.keyboard.press('Enter');
      await signOut(page);
      await identify(page, ada);
      await answer(page, 'Answer your security question', page.getByLabel('Answer'), 'the analytical one');
      await signOut(page);
    });
  });

  test.describe('account recovery', () => {
    test.use({ policies: { ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL', phone_number: 'OPTIONAL' } } });

    test('a person resets a forgotten password', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
      await page.goto('/');
      await press(page, offer(page, 'Forgot your password?'));
      await answer(page, 'Reset password', page.getByRole('textbox'), ada.login);
      await expect(heading(page, 'Verify with Email')).toBeVisible();
      await press(page, page.getByRole('button', { name: /^Send a code to a\*\*\*\d@example.com$/ }));
      await expect(code(page)).toBeFocused();
      await answer(page, 'Enter verification code', code(page), await org.code(ada.email));
      await setPassword(page, NEW);
      await expect(welcome(page)).toBeVisible();
    });

    test('a person unlocks an account', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'okta_email'], status: 'LOCKED_OUT' });
      await page.goto('/');
      await press(page, offer(page, 'Unlock account'));
      await expect(heading(page, 'Unlock account')).toBeVisible();
      await type(page, username(page), ada.login);
      await choose(page, 'Email');
      await answer(page, 'Enter verification code', code(page), await org.code(ada.email));
      await arrive(page, 'Your account is unlocked');
      await press(page, offer(page, 'Back to sign in'));
      await expect(heading(page, 'Sign In')).toBeVisible();
    });

    test('a person changes an expired password', async ({ page, org }) => {
      await identify(page, await org.newUser({ status: 'PASSWORD_EXPIRED' }));
      await expect(heading(page, 'Your password has expired')).toBeVisible();
      await setPassword(page, NEW);
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('authenticator app', () => {
    test.use({ policies: passwordAnd('google_otp') });

    test('a person sets it up', async ({ page, org }) => {
      await identify(page, await org.newUser());
      await choose(page, 'Google Authenticator');
      const key = await page.getByText(/^[A-Z2-7 ]{16,}$/).textContent();
      await answer(page, 'Set up Google Authenticator', page.getByRole('textbox'), totp(key.replaceAll(' ', ''), Date.now()));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('Okta Verify', () => {
    test.use({ policies: passwordAnd('okta_verify'), visitsOrg: true });

    test('a person pairs it by e-mail, and chooses the number in a push the next time', async ({ page, org }) => {
      const ada = await org.newUser();
      await identify(page, ada);
      await choose(page, 'Okta Verify');
      await press(page, offer(page, 'Get a link by email'));
      await answer(page, 'Where should the link for Okta Verify go?', page.getByRole('textbox'), ada.email);
      await expect(heading(page, 'Open the link that was sent')).toBeVisible();
      await org.pair(ada.login);
      await signOut(page);
      await identify(page, ada);
      await choose(page, /push/i);
      await expect(page.getByText('In the notification, choose this number:')).toBeVisible();
      const [{ number }] = await org.devices(ada.login);
      await org.answerPush(ada.login, { approve: true, number });
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('security key', () => {
    test.use({ policies: passwordAnd('webauthn') });

    test('a person sets it up, and uses it the next time', async ({ page, org }) => {
      await plugIn(page);
      const ada = await org.newUser();
      await identify(page, ada);
      await choose(page, 'Security Key or Biometric');
      await press(page, button(page, 'Set up'));
      await signOut(page);
      await identify(page, ada);
      await press(page, button(page, 'Verify'));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('username first', () => {
    test.use({ policies: identifierFirst('okta_email', 'okta_password') });

    test('a person switches between a code and a password', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
      await page.goto('/');
      await answer(page, 'Sign In', username(page), ada.login);
      await choose(page, 'Email');
      await expect(heading(page, 'Enter verification code')).toBeVisible();
      await press(page, offer(page, 'Verify with something else'));
      await choose(page, 'Password');
      await expect(heading(page, 'Enter your password')).toBeVisible();
      await press(page, offer(page, 'Verify with something else'));
      await choose(page, 'Email');
      await expect(code(page)).toBeFocused();
      await answer(page, 'Enter verification code', code(page), await org.code(ada.email));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('sessions', () => {
    test.use({ policies: PASSWORD_ALONE });

    test('a person ends a session on another device, then all sessions', async ({ page, browser, org, app }) => {
      const ada = await org.newUser();
      const elsewhere = await browser.newContext({ baseURL: app.url });
      await identify(await elsewhere.newPage(), ada);
      await expect(welcome(elsewhere.pages()[0])).toBeVisible();
      await identify(page, ada);
      await press(page, page.getByRole('button', { name: /^Sign out there/ }));
      await expect(page.getByText('That session has ended.')).toBeVisible();
      await expect(page.getByRole('heading', { level: 2, name: 'Where you are signed in' })).toBeFocused();
      await press(page, button(page, 'Sign out everywhere'));
      await expect(username(page)).toBeFocused();
      await elsewhere.close();
    });
  });
});
