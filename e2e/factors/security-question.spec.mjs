//! Password and a security question: one given, and the answer the next time.

import { button, choose, identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

const ANSWER = 'the small one';

async function reachTheQuestion(page, org) {
  const ada = await org.somebody({ factors: ['okta_password'], enroll: ['security_question'] });
  await page.goto('/');
  await identify(page, ada);
  await choose(page, 'Security Question');
  await expect(page).toHaveURL(/\/enroll-authenticator\/security_question$/);
  return ada;
}

async function answerAtNextSignIn(page, ada) {
  await page.context().clearCookies();
  await page.goto('/');
  await identify(page, ada);
  await page.getByRole('textbox').fill('the large one');
  await button(page, 'Submit').click();
  await expect(page.getByRole('textbox')).toHaveAccessibleDescription(/doesn.t match/);
  await page.getByRole('textbox').fill(ANSWER);
  await button(page, 'Submit').click();
  await expect(welcome(page)).toBeVisible();
}

test('a given question is enrolled, and answered the next time', async ({ page, org }) => {
  const ada = await reachTheQuestion(page, org);
  await page.getByLabel('Question', { exact: true }).selectOption({ index: 2 });
  await page.getByLabel('Answer').fill(ANSWER);
  await button(page, 'Submit').click();
  await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();
  await answerAtNextSignIn(page, ada);
});
