//! Acceptance: the main paths once more, by nothing but a keyboard.

import { answer, arrive, choose, identify, pick, press, setPassword, signOut, type } from '../keyboard.mjs';
import { GRACE, button, code, heading, offer, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, identifierFirst, passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { plugIn } from '../world/key.mjs';
import { totp } from '../world/totp.mjs';

const NEW = 'Another-Horse-3';

test.describe('by keyboard alone', () => {
  test.describe('somebody new', () => {
    test.use({ policies: signUpWith('phone_number') });

    test('signs up with a password, an address and a phone', async ({ page, org }) => {
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

  test.describe('somebody with more to prove', () => {
    test.use({ policies: passwordAnd('security_question') });

    test('sets up a question of their own, and answers it the next time', async ({ page, org }) => {
      const ada = await org.somebody();
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

  test.describe('somebody who cannot get in', () => {
    test.use({ policies: { ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL', phone_number: 'OPTIONAL' } } });

    test('sets a new password in the place of a forgotten one', async ({ page, org }) => {
      const ada = await org.somebody({ factors: ['okta_password', 'okta_email'] });
      await page.goto('/');
      await press(page, offer(page, 'Forgot your password?'));
      await answer(page, 'Reset password', page.getByRole('textbox'), ada.login);
      await expect(heading(page, /^How would you like to use/)).toBeVisible();
      await press(page, button(page, 'Next'));
      await expect(code(page)).toBeFocused();
      await answer(page, 'Enter verification code', code(page), await org.code(ada.email));
      await setPassword(page, NEW);
      await expect(welcome(page)).toBeVisible();
    });

    test('unlocks an account', async ({ page, org }) => {
      const ada = await org.somebody({ factors: ['okta_password', 'okta_email'], status: 'LOCKED_OUT' });
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

    test('changes a password that has expired', async ({ page, org }) => {
      await identify(page, await org.somebody({ status: 'PASSWORD_EXPIRED' }));
      await expect(heading(page, 'Your password has expired')).toBeVisible();
      await setPassword(page, NEW);
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('somebody with an app', () => {
    test.use({ policies: passwordAnd('google_otp') });

    test('sets it up', async ({ page, org }) => {
      await identify(page, await org.somebody());
      await choose(page, 'Google Authenticator');
      const key = await page.getByText(/^[A-Z2-7 ]{16,}$/).textContent();
      await answer(page, 'Set up Google Authenticator', page.getByRole('textbox'), totp(key.replaceAll(' ', ''), Date.now()));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('somebody with a phone', () => {
    test.use({ policies: passwordAnd('okta_verify'), visitsOrg: true });

    test('pairs it by e-mail, and chooses the number there the next time', async ({ page, org }) => {
      const ada = await org.somebody();
      await identify(page, ada);
      await choose(page, 'Okta Verify');
      await press(page, offer(page, 'Set up another way'));
      await choose(page, 'Email');
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

  test.describe('somebody with a key', () => {
    test.use({ policies: passwordAnd('webauthn') });

    test('sets it up, and uses it the next time', async ({ page, org }) => {
      await plugIn(page);
      const ada = await org.somebody();
      await identify(page, ada);
      await choose(page, 'Security Key or Biometric');
      await press(page, button(page, 'Set up'));
      await signOut(page);
      await identify(page, ada);
      await press(page, button(page, 'Verify'));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('somebody who gives a name alone', () => {
    test.use({ policies: identifierFirst('okta_email', 'okta_password') });

    test('has a code sent, thinks better of it, and has another sent', async ({ page, org }) => {
      const ada = await org.somebody({ factors: ['okta_password', 'okta_email'] });
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

  test.describe('somebody signed in', () => {
    test.use({ policies: PASSWORD_ALONE });

    test('ends a session elsewhere, then all of them', async ({ page, browser, org, app }) => {
      const ada = await org.somebody();
      const elsewhere = await browser.newContext({ baseURL: app.url });
      await identify(await elsewhere.newPage(), ada);
      await expect(welcome(elsewhere.pages()[0])).toBeVisible();
      await identify(page, ada);
      await press(page, page.getByRole('button', { name: /^End/ }));
      await expect(page.getByText('That session has ended.')).toBeVisible();
      await expect(heading(page, /^Welcome/)).toBeFocused();
      await press(page, button(page, 'Sign out everywhere'));
      await expect(username(page)).toBeFocused();
      await elsewhere.close();
    });
  });
});
