//! A person's actions in any engine, by the names of ../person.mjs.

import { GRACE } from '../person.mjs';
import { MARY } from '../world/org.mjs';
import { button, field, heading, offer, radio } from './page.mjs';

export { GRACE };

export const welcome = heading(/^Welcome, /);
export const code = field(/^Verification code/);

export async function identify(page, who = MARY) {
  await page.see(heading('Sign In'));
  await page.see(field('Password'));
  await page.fill(field('Username'), who.login);
  await page.fill(field('Password'), who.password);
  await page.press(button('Next'));
}

/** Chooses an authenticator if the org asks; an org with a single one does not. */
export async function chooseIfAsked(page, label) {
  const choice = heading('Choose an authenticator');
  const send = heading(/^Verify with/);
  const next = heading(/^Enter|^Set|^Use/);
  if ((await page.seeOneOf(choice, send, next)) === choice) {
    await page.press(radio(label));
    await page.press(button('Next'));
  }
  if ((await page.seeOneOf(send, next)) === send) await page.press(button(/^Send a code to/));
}

/** Types a code and Enter at once: the page sends a complete code by itself soon after, and goes on without its button. */
export async function enterCode(page, digits) {
  await page.see(heading(/^Enter verification code|^Set up /));
  await page.send(code, digits);
}

/** From the start to the page that asks for the emailed code. */
export async function reachTheCode(page, who = MARY) {
  await page.visit('/');
  await identify(page, who);
  await chooseIfAsked(page, 'Email');
  await page.see(heading('Enter verification code'));
}

/** Signs up, up to the optional authenticators. */
export async function signUp(page, org) {
  await page.visit('/');
  await page.see(field('Password'));
  await page.press(offer('Sign Up'));
  await page.fill(field(/^First name/), GRACE.firstName);
  await page.fill(field(/^Last name/), GRACE.lastName);
  await page.fill(field(/^Email/), GRACE.email);
  await page.press(button('Sign Up'));
  await chooseIfAsked(page, 'Password');
  await page.fill(field('New password'), GRACE.password);
  await page.fill(field('Re-enter new password'), GRACE.password);
  await page.press(button('Submit'));
  await page.seeNo(field('New password'));
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(GRACE.email));
}

/** Chooses a language below the form. */
export function speak(page, language) {
  return page.run((language) => {
    const languages = document.querySelector('footer select');
    languages.value = language;
    for (const type of ['input', 'change']) languages.dispatchEvent(new Event(type, { bubbles: true }));
  }, language);
}
