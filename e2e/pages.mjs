//! Every page by name, and how to get there: for rules that hold on all of them.

import { REFUSED, button, choose, chooseIfAsked, chooseMessage, enterCode, heading, identify, link, offer, reachTheCode, recover, signIn } from './person.mjs';
import { expect } from './test.mjs';
import { MARY } from './world/org.mjs';
import { openAtStep } from './world/scripted-steps.mjs';

const DAY = 24 * 60 * 60;

async function arrive(page, name) {
  await expect(heading(page, name)).toBeVisible();
}

/** Leads a user who has to set up `factor` to its page. */
async function enrol(page, org, factor, label) {
  const ada = await org.newUser({ factors: ['okta_password'], enroll: [factor] });
  await page.goto('/');
  await identify(page, ada);
  await choose(page, label);
}

/** The page of a mailed link in another browser. */
export async function openElsewhere(page) {
  await page.goto('/login/callback?otp=123456&state=of-another-browser');
  await expect(page.getByText('123456')).toBeVisible();
}

/** The page of a window that an element has opened for a sign-in elsewhere, at its end. */
export async function openFinishedWindow(page) {
  await page.goto('/login/window#/login/redirect/none/none');
  await page.goto('/login/window');
  await expect(page.getByRole('main')).toBeVisible();
}

export const PAGES = {
  'sign-in': async (page) => {
    await page.goto('/');
    await arrive(page, 'Sign In');
  },
  'sign-in-refused': async (page) => {
    await page.goto('/');
    await identify(page, { ...MARY, password: 'not-the-password' });
    await expect(page.getByText(REFUSED)).toBeVisible();
  },
  choose: async (page) => {
    await page.goto('/');
    await identify(page);
    await arrive(page, 'Choose an authenticator');
  },
  'message-type': async (page) => {
    await page.goto('/');
    await identify(page);
    await choose(page, 'Phone');
    await arrive(page, 'Choose a message type');
  },
  phone: async (page, org) => {
    await enrol(page, org, 'phone_number', 'Phone');
    await chooseMessage(page, 'SMS');
    await arrive(page, 'What is your phone number?');
  },
  code: (page) => reachTheCode(page),
  'code-refused': async (page, org) => {
    await reachTheCode(page);
    await enterCode(page, await org.wrongCode(MARY.email));
    await expect(page.getByText('Invalid code. Try again.').first()).toBeVisible();
  },
  welcome: async (page, org) => {
    await signIn(page, org);
    await expect(button(page, 'Add a passkey')).toBeVisible();
  },
  'signed-in-already': async (page, org) => {
    await signIn(page, org);
    await page.goto('/login');
    await arrive(page, 'You are signed in');
  },
  'step-up': async (page, org) => {
    await signIn(page, org);
    await page.goto('/login?max_age=0');
    await expect(page.getByText('Your last sign-in was a while ago.')).toBeVisible();
  },
  'account-password': async (page, org) => {
    await signIn(page, org);
    await button(page, 'Change Password').click();
    await expect(button(page, 'Save')).toBeVisible();
  },
  'account-code': async (page, org) => {
    await signIn(page, org);
    await button(page, 'Add an email address').click();
    await page.getByLabel('New email address').fill('mary.major@example.com');
    await button(page, 'Send a code').click();
    await expect(button(page, 'Confirm')).toBeVisible();
  },
  'account-not-loaded': async (page, org) => {
    await page.route('**/split_account*.wasm', (route) => route.abort());
    await signIn(page, org);
    await expect(page.getByText('Part of this page could not be loaded.')).toBeVisible();
  },
  'sign-up': async (page) => {
    await page.goto('/');
    await offer(page, 'Sign Up').click();
    await arrive(page, 'Sign Up');
  },
  reset: async (page) => {
    await page.goto('/');
    await offer(page, 'Forgot your password?').click();
    await arrive(page, 'Reset password');
  },
  'set-password': async (page, org) => {
    await recover(page);
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await arrive(page, 'Set password');
  },
  unlock: async (page) => {
    await page.goto('/');
    await offer(page, 'Unlock account').click();
    await arrive(page, 'Unlock account');
  },
  question: async (page, org) => {
    await enrol(page, org, 'security_question', 'Security Question');
    await arrive(page, 'Set up a security question');
  },
  app: async (page, org) => {
    await enrol(page, org, 'google_otp', 'Google Authenticator');
    await arrive(page, 'Set up Google Authenticator');
  },
  passkey: async (page, org) => {
    await enrol(page, org, 'webauthn', 'Security Key or Biometric');
    await arrive(page, 'Set up a passkey or security key');
  },
  'okta-verify': async (page, org) => {
    await enrol(page, org, 'okta_verify', 'Okta Verify');
    await arrive(page, 'Set up Okta Verify');
  },
  'smart-card': async (page, org) => {
    await enrol(page, org, 'smart_card_idp', 'Smart Card');
    await arrive(page, 'Set up Smart Card');
  },
  card: async (page, org) => {
    await enrol(page, org, 'nfc_pin', 'NFC Card');
    await arrive(page, 'Verify with NFC Card');
  },
  'token-of-account': async (page, org) => {
    await enrol(page, org, 'rsa_token', 'RSA SecurID');
    await arrive(page, 'Enter verification code');
  },
  push: async (page, org) => {
    const ada = await org.newUser({ factors: ['okta_password', 'okta_verify', 'okta_email'] });
    await page.goto('/');
    await identify(page, ada);
    await choose(page, 'Get a push notification');
    await arrive(page, 'Approve in Okta Verify');
  },
  'expired-password': async (page, org) => {
    const ada = await org.newUser({ factors: ['okta_password', 'okta_email'], status: 'PASSWORD_EXPIRED' });
    await page.goto('/');
    await identify(page, ada);
    await arrive(page, 'Your password has expired');
  },
  'expired-flow': async (page, org) => {
    await reachTheCode(page);
    const late = await org.code(MARY.email);
    await org.pass(DAY);
    await enterCode(page, late);
    await expect(link(page, 'Start again')).toBeFocused();
  },
  'no-page': async (page) => {
    await page.goto('/no-such-page');
    await arrive(page, 'There is no page here');
  },
  'invalid-link': async (page) => {
    await page.goto('/recover-password?recovery_token=not-a-token');
    await arrive(page, 'This link does not work');
  },
  wait: async (page) => {
    await openAtStep(page, 'wait');
    await expect(page.getByText('This page continues automatically.')).toBeVisible();
  },
  ...Object.fromEntries(
    Object.entries({
      consent: 'Allow access?',
      'email-consent': 'Did you just try to sign in?',
      'stay-signed-in': 'Keep me signed in?',
      profile: 'A little more about you',
      link: 'Open the link that was sent',
      identity: 'Verify your identity with @Persona',
      call: 'Enter verification code',
      'access-code': 'Enter verification code',
      device: 'Sign in with Okta FastPass',
      'open-app': 'Open Okta Verify',
      launch: 'Sign in with Okta FastPass',
      providers: 'Sign In',
      'ended-well': 'Your password has been changed',
      'ended-badly': 'This link has expired',
      'other-tab': 'Continue in the other tab',
    }).map(([name, title]) => [
      name,
      async (page) => {
        await openAtStep(page, name);
        await arrive(page, title);
      },
    ]),
  ),
};
