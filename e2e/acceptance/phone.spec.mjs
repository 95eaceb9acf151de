//! Acceptance: codes by SMS and by voice call.

import { button, chooseIfAskedHow, chooseMessage, code, enterCode, enterPhone, heading, identify, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const NUMBER = '+15550107788';

test.use({ policies: passwordAnd('phone_number') });

async function reachTheCode(page, kind) {
  await page.goto('/');
  await identify(page);
  await chooseMessage(page, kind);
  await expect(heading(page, 'Enter verification code')).toBeVisible();
}

/** Leads a user without a phone to the page that asks for its number. */
async function reachTheNumber(page, org, kind) {
  await page.goto('/');
  await identify(page, await org.newUser());
  await chooseIfAskedHow(page, 'Phone');
  await chooseMessage(page, kind);
  await expect(heading(page, 'What is your phone number?')).toBeVisible();
}

/** The name of each method on the page and at the org, and what the page says when a code was sent. */
const WAYS = {
  SMS: { label: 'SMS', channel: 'sms', sentence: 'An SMS was sent to your phone with a verification code.' },
  voice: { label: 'Voice', channel: 'voice', sentence: 'You will receive a call with a verification code.' },
};

for (const [way, { label, channel, sentence }] of Object.entries(WAYS)) {
  test.describe(`password + ${way}`, () => {
    test('enrol during the sign-in', async ({ page, org }) => {
      await reachTheNumber(page, org, label);
      await enterPhone(page, '555 010-7788');
      await expect(heading(page, 'Enter verification code')).toBeVisible();
      expect((await org.inbox(NUMBER))[0].channel).toBe(channel);
      await enterCode(page, await org.code(NUMBER));
      await expect(welcome(page)).toBeVisible();
    });

    test('enrolled', async ({ page, org }) => {
      await reachTheCode(page, label);
      await expect(page.getByText(sentence)).toBeVisible();
      expect((await org.inbox(MARY.phone))[0].channel).toBe(channel);
      await enterCode(page, await org.code(MARY.phone));
      await expect(welcome(page)).toBeVisible();
    });
  });
}

test('the number is advised in the form of the chosen country, on one line', async ({ page, org }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await reachTheNumber(page, org, 'SMS');
  const advice = (number) => page.getByText(`Please use the following format when entering your number: ${number}`);
  await expect(advice('+1 555 666 7777 (US)')).toBeVisible();
  await page.getByLabel('Country').selectOption('DE');
  await expect(advice('+49 1512 3456789 (DE)')).toBeVisible();
  await page.getByLabel('Country').selectOption('JP');
  await expect(advice('+81 90-1234-5678 (JP)')).toBeVisible();
  await page.getByLabel('Country').selectOption('DE');
  const tops = await advice('+49').evaluate((paragraph) => {
    const text = paragraph.firstChild;
    const range = document.createRange();
    range.setStart(text, text.data.indexOf('+'));
    range.setEnd(text, text.data.length);
    return [...new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))];
  });
  expect(tops).toHaveLength(1);
});

test.describe('password + SMS', () => {
  test('wrong code', async ({ page, org }) => {
    await reachTheCode(page, 'SMS');
    await enterCode(page, await org.wrongCode(MARY.phone));
    await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
    await enterCode(page, await org.code(MARY.phone));
    await expect(welcome(page)).toBeVisible();
  });

  test('bad number', async ({ page, org }) => {
    await reachTheNumber(page, org, 'SMS');
    await enterPhone(page, '12');
    await expect(page.getByText('Enter a valid phone number.')).toBeVisible();
    await enterPhone(page, '555 010-7788');
    await enterCode(page, await org.code(NUMBER));
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('two phones of one person', () => {
  const NUMBERS = ['+15550100001', '+15550100002'];
  const MASKED = ['+1 XXX-XXX-0001', '+1 XXX-XXX-0002'];

  for (const chosen of [0, 1]) {
    test(`each is named by its number, and the chosen one gets the code: ${MASKED[chosen]}`, async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['phone_number'], phone: NUMBERS[0], more_phones: [NUMBERS[1]] });
      await page.goto('/');
      await identify(page, ada);
      const phones = page.getByRole('radio', { name: 'Phone' });
      await expect(phones).toHaveCount(2);
      for (const [at, number] of MASKED.entries()) await expect(phones.nth(at)).toHaveAccessibleDescription(number);
      await phones.nth(chosen).check();
      await button(page, 'Next').click();
      await chooseMessage(page, 'SMS');
      await expect(page.getByText(MASKED[chosen])).toBeVisible();
      await enterCode(page, await org.code(NUMBERS[chosen]));
      await expect(welcome(page)).toBeVisible();
    });
  }
});
