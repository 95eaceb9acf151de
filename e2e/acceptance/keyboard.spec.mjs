//! Acceptance: the main paths once more, by nothing but a keyboard.

import { GRACE, button, code, heading, offer, password, tabTo, username, welcome } from '../person.mjs';
import { passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';

/** Types into the field, once it is there and Tab leads to it. */
async function type(page, field, words) {
  await expect(field).toBeVisible();
  await tabTo(page, field);
  await page.keyboard.type(words);
}

async function press(page, control) {
  await expect(control).toBeVisible();
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

/** Goes to a group of radios, and down to the one that is wanted. */
async function pick(page, name) {
  const wanted = page.getByRole('radio', { name });
  await expect(wanted).toBeVisible();
  await tabTo(page, page.getByRole('radio'));
  for (let down = 0; down < 10 && !(await wanted.isChecked()); down += 1) await page.keyboard.press('ArrowDown');
  await expect(wanted).toBeChecked();
}

async function choose(page, name) {
  await pick(page, name);
  await page.keyboard.press('Enter');
}

async function identify(page, { login, password: secret }) {
  await page.goto('/');
  await type(page, username(page), login);
  await type(page, password(page), secret);
  await page.keyboard.press('Enter');
}

/** A page of one field sends it with Enter. */
async function answer(page, title, field, words) {
  await expect(heading(page, title)).toBeVisible();
  await type(page, field, words);
  await page.keyboard.press('Enter');
}

async function setPassword(page, secret) {
  await type(page, page.getByLabel('New password', { exact: true }), secret);
  await type(page, page.getByLabel('Re-enter new password', { exact: true }), secret);
  await page.keyboard.press('Enter');
}

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
      await press(page, button(page, 'Sign out'));
      await identify(page, ada);
      await answer(page, 'Answer your security question', page.getByLabel('Answer'), 'the analytical one');
      await press(page, button(page, 'Sign out'));
    });
  });
});
