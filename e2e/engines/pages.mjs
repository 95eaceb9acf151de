//! Eight pages by name, and how to get there in any engine.

import { MARY } from '../world/org.mjs';
import { button, checkbox, field, heading, offer, radio, text } from './page.mjs';
import { chooseIfAsked, enterCode, identify, reachTheCode, speak, welcome } from './person.mjs';

export const PAGES = {
  'sign-in': async (page) => {
    await page.visit('/');
    await page.see(checkbox('Keep me signed in'));
    await page.fill(field('Username'), MARY.login);
  },
  'sign-in-refused': async (page) => {
    await page.visit('/');
    await identify(page, { ...MARY, password: 'not-the-password' });
    await page.see(text('Unable to sign in. Check your username and password, and try again.'));
  },
  choose: async (page) => {
    await page.visit('/');
    await identify(page);
    await page.see(heading('Choose an authenticator'));
    await page.press(radio('Phone'));
  },
  code: async (page, org) => {
    await reachTheCode(page);
    await page.fill(field(/^Verification code/), await org.wrongCode(MARY.email));
  },
  'set-password': async (page, org) => {
    await page.visit('/');
    await page.see(field('Password'));
    await page.press(offer('Forgot your password?'));
    await page.see(heading('Reset password'));
    await page.fill(field(/^Username|^Email/), MARY.login);
    await page.press(button('Next'));
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await page.see(heading('Set password'));
    await page.fill(field('New password'), 'Battery');
  },
  phone: async (page, org) => {
    const ada = await org.newUser({ factors: ['okta_password'], enroll: ['phone_number'] });
    await page.visit('/');
    await identify(page, ada);
    const [choice, kind] = [heading('Choose an authenticator'), heading('Choose a message type')];
    if ((await page.seeOneOf(choice, kind)) === choice) {
      await page.press(radio('Phone'));
      await page.press(button('Next'));
      await page.see(kind);
    }
    await page.press(button('Next'));
    await page.see(heading('What is your phone number?'));
  },
  arabic: async (page) => {
    await page.visit('/');
    await page.see(field('Password'));
    await page.fill(field('Username'), MARY.login);
    await speak(page, 'ar');
    await page.see(heading('تسجيل الدخول'));
  },
  welcome: async (page, org) => {
    await reachTheCode(page);
    await enterCode(page, await org.code(MARY.email));
    await page.see(welcome);
  },
};
