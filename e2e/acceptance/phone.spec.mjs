//! Acceptance: codes by SMS and by voice call.

import { chooseIfAskedHow, chooseMessage, code, enterCode, enterPhone, heading, identify, welcome } from '../person.mjs';
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
