//! Password and phone: a text, a call, and a phone that is enrolled on the way in.

import { button, choose, chooseMessage, code, enterCode, enterPhone, heading, identify, offer, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const SENT = 'An SMS was sent to your phone with a verification code. Enter the code in the box below to continue.';

for (const [kind, channel] of [['SMS', 'sms'], ['Voice', 'voice']]) {
  test(`a person signs in with a password and a code by ${kind}`, async ({ page, org }) => {
    await page.goto('/');
    await identify(page);
    await choose(page, 'Phone');
    await expect(page).toHaveURL(/\/verify-authenticator\/phone_number$/);
    await chooseMessage(page, kind);
    await expect(heading(page, 'Enter verification code')).toBeVisible();
    if (channel === 'sms') await expect(page.getByText(SENT)).toBeVisible();
    expect((await org.inbox(MARY.phone))[0].channel).toBe(channel);
    await enterCode(page, await org.code(MARY.phone));
    await expect(welcome(page)).toBeVisible();
  });
}

test('a wrong code from a text is said, and the right one is then taken', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await choose(page, 'Phone');
  await chooseMessage(page, 'SMS');
  await enterCode(page, await org.wrongCode(MARY.phone));
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
  await enterCode(page, await org.code(MARY.phone));
  await expect(welcome(page)).toBeVisible();
});

test('a phone is enrolled during the sign-in, a bad number is said first', async ({ page, org }) => {
  const ada = await org.somebody({ factors: ['okta_password'], enroll: ['phone_number'] });
  await page.goto('/');
  await identify(page, ada);
  await choose(page, 'Phone');
  await expect(page).toHaveURL(/\/enroll-authenticator\/phone_number\/enrollment-data$/);
  await chooseMessage(page, 'SMS');
  await enterPhone(page, '12');
  await expect(page.getByText(/invalid phone number|phone number/i).first()).toBeVisible();
  await enterPhone(page, '555 010-7788');
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  expect(await org.inbox('+15550107788')).toHaveLength(1);
  await enterCode(page, await org.code('+15550107788'));
  await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();
});

test('from the phone one can verify with something else', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await choose(page, 'Phone');
  await chooseMessage(page, 'SMS');
  await offer(page, 'Verify with something else').click();
  await choose(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});
