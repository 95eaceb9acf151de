//! Acceptance: cancel, resend, another authenticator, and a flow that expires.

import { button, choose, chooseIfAskedHow, chooseMessage, code, enterCode, heading, identify, link, offer, register, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const DAY = 24 * 60 * 60;

/** Some steps, and how to get there from the start. */
const STEPS = {
  'the choice': async (page) => {
    await identify(page);
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  },
  'the message type': async (page) => {
    await identify(page);
    await choose(page, 'Phone');
    await expect(heading(page, 'Choose a message type')).toBeVisible();
  },
  'the code': async (page) => {
    await identify(page);
    await choose(page, 'Email');
    await expect(heading(page, 'Enter verification code')).toBeVisible();
  },
  'the forgotten password': async (page) => {
    await offer(page, 'Forgot your password?').click();
    await expect(heading(page, 'Reset password')).toBeVisible();
    await page.getByRole('textbox').fill(MARY.login);
    await button(page, 'Next').click();
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  },
  'the new password': async (page) => {
    await offer(page, 'Sign Up').click();
    await register(page);
    await chooseIfAskedHow(page, 'Password');
    await expect(heading(page, 'Set password')).toBeVisible();
  },
};

test('cancel at every step', async ({ page, org }) => {
  await page.goto('/');
  for (const [step, reach] of Object.entries(STEPS)) {
    await test.step(step, async () => {
      await expect(heading(page, 'Sign In')).toBeVisible();
      await reach(page);
      await offer(page, 'Back to sign in').click();
      await expect(heading(page, 'Sign In')).toBeVisible();
    });
  }
  await STEPS['the code'](page);
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('resend, after its cool-down', async ({ page, org }) => {
  await page.clock.install();
  await page.goto('/');
  await identify(page);
  await choose(page, 'Phone');
  await chooseMessage(page, 'SMS');
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  const old = await org.code(MARY.phone);

  // The org sends no second message within 30 seconds, and the page offers none.
  await expect(offer(page, 'Resend')).toBeDisabled();
  await expect(page.getByText(/^in (30|29) seconds/)).toBeVisible();
  await org.pass(31);
  await page.clock.fastForward(31_000);
  await offer(page, 'Resend').click();
  await expect(page.getByText('A new code was sent.')).toBeAttached();
  expect(await org.inbox(MARY.phone)).toHaveLength(2);
  await org.pass(-31);
  const fresh = await org.code(MARY.phone);
  if (fresh !== old) {
    await enterCode(page, old);
    await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
  }
  await enterCode(page, fresh);
  await expect(welcome(page)).toBeVisible();
});

test('verify with something else', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await choose(page, 'Phone');
  await chooseMessage(page, 'SMS');
  // The previous page has this button too, and ignores clicks while its answer is in progress.
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await offer(page, 'Verify with something else').click();
  await choose(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('session expiry in the middle', async ({ page, org }) => {
  await page.goto('/');
  await STEPS['the code'](page);
  const late = await org.code(MARY.email);
  await org.pass(DAY);
  await enterCode(page, late);
  await link(page, 'Start again').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(username(page)).toHaveValue(MARY.login);
});
