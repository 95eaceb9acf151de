//! Errors during a sign-in: each has a message, typed values stay, and the person can continue.

import { REFUSED, AWAY, choose, code, enterCode, heading, identify, link, offer, password, reachTheCode, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const DAY = 24 * 60 * 60;

test('a wrong password is refused, the username stays, and the right password is accepted', async ({ page, org }) => {
  await page.goto('/');
  await identify(page, { ...MARY, password: 'not-the-password' });
  await expect(page.getByText(REFUSED)).toBeVisible();
  await expect(username(page)).toHaveValue(MARY.login);
  await expect(password(page)).toHaveValue('');
  await identify(page);
  await choose(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('an unknown user gets the same message as a wrong password', async ({ page }) => {
  await page.goto('/');
  await identify(page, { login: 'nobody@example.com', password: 'not-the-password' });
  await expect(page.getByText(REFUSED)).toBeVisible();
  await expect(username(page)).toHaveValue('nobody@example.com');
});

test('a wrong code is an error beside its field, and the right one is accepted', async ({ page, org }) => {
  await reachTheCode(page);
  await enterCode(page, await org.wrongCode(MARY.email));
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
  await expect(code(page)).toHaveAttribute('aria-invalid', 'true');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('an expired flow has a message, and one click starts again with the username', async ({ page, org }) => {
  await reachTheCode(page);
  const late = await org.code(MARY.email);
  await org.pass(DAY);
  await enterCode(page, late);
  await expect(link(page, 'Start again')).toBeFocused();
  await expect(link(page, 'Start again')).toHaveAccessibleDescription('This sign-in took too long and has ended. Your username is kept.');
  // The form is gone, because it could no longer be submitted.
  await expect(page.getByRole('main').locator('form, input, button')).toHaveCount(0);
  await link(page, 'Start again').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(username(page)).toHaveValue(MARY.login);
});

for (const [title, what] of [
  ['an org that answers with an error', { kind: 'status', status: 503 }],
  ['an org that answers garbage', { kind: 'garbage' }],
  ['a page in place of an answer', { kind: 'html' }],
  ['a connection that breaks', { kind: 'reset' }],
]) {
  test(`${title} has a message, typed values stay, and the same answer is then accepted`, async ({ page, org }) => {
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
    await org.fault('/idp/idx/identify', what);
    await identify(page);
    await expect(page.getByText(AWAY)).toBeVisible();
    await expect(username(page)).toHaveValue(MARY.login);

    await org.clearFaults();
    await identify(page);
    await choose(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
}

test('if the org is down from the start, the page says so and can try again', async ({ page, org }) => {
  await org.fault('/*', { kind: 'reset' });
  await page.goto('/');
  await expect(page.getByText(AWAY)).toBeVisible();
  await org.clearFaults();
  await offer(page, 'Try again').click();
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test.describe('in an org whose codes live a minute', () => {
  test.use({
    orgFile: `
      org = { code_lifetime_minutes = 1 }
      [[users]]
      login = "${MARY.login}"
      password = "${MARY.password}"
      factors = ["okta_email", "phone_number"]
    `,
  });

  test('an expired code is refused like a wrong one, and a new one is accepted', async ({ page, org }) => {
    await reachTheCode(page);
    const expired = await org.code(MARY.email);
    await org.pass(90);
    await enterCode(page, expired);
    await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);

    await offer(page, 'Resend').click();
    await expect(code(page)).toBeFocused();
    await expect.poll(() => org.code(MARY.email)).not.toBe(expired);
    // The server would refuse a token from the future.
    await org.pass(-90);
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});
