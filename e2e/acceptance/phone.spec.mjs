//! Acceptance: texts and calls.

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

/** Somebody without a phone stands before the page that asks for its number. */
async function reachTheNumber(page, org, kind) {
  await page.goto('/');
  await identify(page, await org.somebody());
  await chooseIfAskedHow(page, 'Phone');
  await chooseMessage(page, kind);
  await expect(heading(page, 'What is your phone number?')).toBeVisible();
}

/** What each way is called on the page and by the org, and what the page says once a code has been sent. */
const WAYS = {
  SMS: { label: 'SMS', channel: 'sms', said: 'An SMS was sent to your phone with a verification code.' },
  voice: { label: 'Voice', channel: 'voice', said: 'You will get a call that tells you a verification code.' },
};

for (const [way, { label, channel, said }] of Object.entries(WAYS)) {
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
      await expect(page.getByText(said)).toBeVisible();
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
    await expect(page.getByText(/invalid phone number/i)).toBeVisible();
    await enterPhone(page, '555 010-7788');
    await enterCode(page, await org.code(NUMBER));
    await expect(welcome(page)).toBeVisible();
  });
});
