//! A person's actions at the pages, by roles and names.

import { expect } from './test.mjs';
import { MARY } from './world/org.mjs';

/** The message for a wrong username or password. */
export const REFUSED = 'Unable to sign in. Check your username and password, and try again.';
/** The message if the org does not respond, or not with JSON. */
export const AWAY = 'The sign-in service cannot be reached just now.';

export const heading = (page, name) => page.getByRole('heading', { level: 1, name });
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const link = (page, name) => page.getByRole('link', { name, exact: true });
/** A link or button below the form. */
export const offer = (page, name) => link(page, name).or(button(page, name));
export const username = (page) => page.getByLabel('Username', { exact: true });
export const password = (page) => page.getByLabel('Password', { exact: true });
export const code = (page) => page.getByLabel('Verification code', { exact: true });

/** The list of languages below the form. */
export const languages = (page) => page.getByRole('contentinfo').getByRole('combobox');

/** Chooses a language, also the pseudo language, which the list does not offer. */
export async function speak(page, language) {
  await languages(page).evaluate((list) => list.namedItem('pseudo') ?? list.add(Object.assign(new Option('', 'en-XA'), { id: 'pseudo' })));
  await languages(page).focus();
  await languages(page).selectOption({ value: language });
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/** Presses Tab until the focus is on one of `wanted`. The page may change meanwhile, so only a bound ends it. */
export async function tabTo(page, wanted) {
  for (let press = 0; press < 60; press += 1) {
    if (await wanted.evaluateAll((elements) => elements.includes(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${wanted}`);
}

/** The program has started, and its form has replaced the early one. */
export const started = (page) => expect(page.locator('main section:not([data-early])')).toBeVisible();

/** Opens the page with the program held back: only the early form is in sight. Returns what lets the program start. */
export async function openEarly(page) {
  let letGo;
  const held = new Promise((go) => (letGo = go));
  await page.route('**/latchkey-frontend*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/');
  await expect(page.locator('[data-early]')).toBeVisible();
  return letGo;
}

export async function identify(page, who = MARY) {
  await expect(heading(page, 'Sign In')).toBeVisible();
  await username(page).fill(who.login);
  await password(page).fill(who.password);
  await button(page, 'Next').click();
}

/** The first page of an app that asks for the username alone. */
export async function identifyFirst(page, who = MARY) {
  await page.goto('/');
  await username(page).fill(who.login);
  await button(page, 'Next').click();
}

export async function choose(page, label) {
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await page.getByRole('radio', { name: label }).check();
  await button(page, 'Next').click();
}

/** Chooses an authenticator if there are several; an org with a single one only asks whether to send the code. */
export async function chooseIfAsked(page, label) {
  const choice = heading(page, 'Choose an authenticator');
  const single = heading(page, /^Verify with/);
  const asked = heading(page, 'Enter verification code');
  await expect(choice.or(single).or(asked)).toBeVisible();
  if (await choice.isVisible()) await choose(page, label);
  await expect(single.or(asked)).toBeVisible();
  if (await single.isVisible()) await page.getByRole('button', { name: /^Send a code/ }).click();
  await expect(asked).toBeVisible();
}

/** Chooses an authenticator if the org asks; an org with a single one may not. */
export async function chooseIfAskedHow(page, label) {
  const choice = heading(page, 'Choose an authenticator');
  await expect(choice.or(heading(page, /^Set|^Open|^Enter|^Choose a message|^What is your phone|^How would/))).toBeVisible();
  if (await choice.isVisible()) await choose(page, label);
}

/** Types a code and Enter at once: the page sends a complete code by itself soon after, and goes on without its button. */
export async function typeCode(page, digits) {
  await code(page).fill('');
  await code(page).pressSequentially(`${digits}\n`);
}

export async function enterCode(page, digits) {
  await expect(heading(page, /^Enter verification code|^Set up /)).toBeVisible();
  await typeCode(page, digits);
}

/** From the start to the page that asks for the emailed code. */
export async function reachTheCode(page, who = MARY) {
  await page.goto('/');
  await identify(page, who);
  await chooseIfAsked(page, 'Email');
}

export async function signIn(page, org, who = MARY) {
  await reachTheCode(page, who);
  await enterCode(page, await org.code(who.email));
  await expect(welcome(page)).toBeVisible();
}

/** Duplicates a tab as browsers do: with its address and its `sessionStorage`. */
export async function duplicate(page) {
  const stored = await page.evaluate(() => ({ ...sessionStorage }));
  const tab = await page.context().newPage();
  await tab.addInitScript((stored) => {
    for (const [name, value] of Object.entries(stored)) sessionStorage.setItem(name, value);
  }, stored);
  await tab.goto(page.url());
  return tab;
}

export const welcome = (page) => heading(page, /^Welcome, /);

export async function chooseMessage(page, kind) {
  await expect(heading(page, 'Choose a message type')).toBeVisible();
  await expect(page.getByText('How would you like to receive your verification code?')).toBeVisible();
  await page.getByRole('radio', { name: kind }).check();
  await button(page, 'Next').click();
}

export async function enterPhone(page, number) {
  await expect(heading(page, 'What is your phone number?')).toBeVisible();
  await page.getByLabel('Phone number').fill(number);
  await button(page, 'Next').click();
}

export async function setPassword(page, password, again = password) {
  await expect(heading(page, 'Set password')).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('Re-enter new password', { exact: true }).fill(again);
  await button(page, 'Submit').click();
}

/** From the start to the first step of a password recovery. */
export async function recover(page, login = MARY.login) {
  await page.goto('/');
  await offer(page, 'Forgot your password?').click();
  await expect(heading(page, 'Reset password')).toBeVisible();
  await expect(page).toHaveURL(/\/recover-password$/);
  await page.getByRole('textbox').fill(login);
  await button(page, 'Next').click();
}

/** A person who signs up. */
export const GRACE = Object.freeze({ firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com', password: 'Battery-Staple-7' });

export async function register(page, { firstName, lastName, email } = GRACE) {
  await expect(heading(page, 'Sign Up')).toBeVisible();
  await page.getByLabel('First name').fill(firstName);
  await page.getByLabel('Last name').fill(lastName);
  await page.getByLabel('Email').fill(email);
  await button(page, 'Sign Up').click();
}

/** Signs up, up to the optional authenticators. */
export async function signUp(page, org) {
  await page.goto('/');
  await offer(page, 'Sign Up').click();
  await expect(page).toHaveURL(/\/register$/);
  await register(page);
  await chooseIfAskedHow(page, 'Password');
  await setPassword(page, GRACE.password);
  await expect(heading(page, 'Set password')).toBeHidden();
  await chooseIfAskedHow(page, 'Email');
  await enterCode(page, await org.code(GRACE.email));
  await expect(button(page, 'Skip')).toBeVisible();
}
