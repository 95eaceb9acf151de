//! Someone new: a profile, a password, an email that is theirs, and what else the org lets them enrol or skip.

import { button, choose, chooseMessage, enterCode, enterPhone, heading, offer, setPassword, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

const GRACE = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' };
const PASSWORD = 'Battery-Staple-7';

async function register(page, { firstName, lastName, email } = GRACE) {
  await expect(heading(page, 'Sign Up')).toBeVisible();
  await page.getByLabel('First name').fill(firstName);
  await page.getByLabel('Last name').fill(lastName);
  await page.getByLabel('Email').fill(email);
  await button(page, 'Sign Up').click();
}

async function reachTheOptional(page, org) {
  await page.goto('/');
  await offer(page, 'Sign Up').click();
  await expect(page).toHaveURL(/\/register$/);
  await register(page);
  await choose(page, 'Password');
  await setPassword(page, PASSWORD);
  await choose(page, 'Email');
  await enterCode(page, await org.code(GRACE.email));
  await expect(button(page, 'Skip')).toBeVisible();
}

test('someone signs up and skips what is optional', async ({ page, org }) => {
  await reachTheOptional(page, org);
  await button(page, 'Skip').click();
  await expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();
});

test('someone signs up with a phone', async ({ page, org }) => {
  await reachTheOptional(page, org);
  await choose(page, 'Phone');
  await chooseMessage(page, 'SMS');
  await enterPhone(page, '12');
  await expect(heading(page, 'What is your phone number?')).toBeVisible();
  await enterPhone(page, '555 010-7788');
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await enterCode(page, await org.code('+15550107788'));
  await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();
});

test('an email that is none is said beside its field, and what was typed stays', async ({ page }) => {
  await page.goto('/register');
  await register(page, { ...GRACE, email: 'no-email' });
  const email = page.getByLabel('Email');
  await expect(email).toHaveAccessibleDescription(/\S/);
  await expect(page.getByLabel('First name')).toHaveValue(GRACE.firstName);
  await register(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test('there is a way back to the sign-in', async ({ page }) => {
  await page.goto('/register');
  await offer(page, 'Back to sign in').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
});
