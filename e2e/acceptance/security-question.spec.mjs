//! Acceptance: the security question.

import { button, chooseIfAskedHow, heading, identify, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';

const ANSWER = 'the small one';

test.use({ policies: passwordAnd('security_question') });

test.describe('password + security question', () => {
  test('enrol a predefined question', async ({ page, org }) => {
    await page.goto('/');
    await identify(page, await org.newUser());
    await chooseIfAskedHow(page, 'Security Question');
    await page.getByRole('combobox', { name: /question/i }).selectOption({ index: 2 });
    await page.getByLabel('Answer').fill(ANSWER);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('enrol a custom question', async ({ page, org }) => {
    const ada = await org.newUser();
    await page.goto('/');
    await identify(page, ada);
    await chooseIfAskedHow(page, 'Security Question');
    await page.getByRole('radio', { name: 'Create my own security question' }).check();
    await page.getByLabel('Your own question').fill('Which harbour?');
    await page.getByLabel('Answer').fill(ANSWER);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();

    await page.context().clearCookies();
    await page.goto('/');
    await identify(page, ada);
    await expect(page.getByText('Which harbour?').first()).toBeVisible();
  });

  test('verify', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['okta_password', 'security_question'], answer: ANSWER });
    await page.goto('/');
    await identify(page, ada);
    await expect(heading(page, 'Answer your security question')).toBeVisible();
    await page.getByRole('textbox').fill('the large one');
    await button(page, 'Submit').click();
    await expect(page.getByRole('textbox')).toHaveAccessibleDescription(/not correct/);
    await page.getByRole('textbox').fill(ANSWER);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });
});
