//! What can go wrong on the way in: each is said, what may be kept is kept, and the person can go on.

import { REFUSED, AWAY, choose, code, enterCode, heading, identify, link, offer, password, reachTheCode, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const DAY = 24 * 60 * 60;

test('a wrong password is said, the username stays, and the right password is taken', async ({ page, org }) => {
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

test('a user nobody knows is told the same as a wrong password', async ({ page }) => {
  await page.goto('/');
  await identify(page, { login: 'nobody@example.com', password: 'not-the-password' });
  await expect(page.getByText(REFUSED)).toBeVisible();
  await expect(username(page)).toHaveValue('nobody@example.com');
});

test('a wrong code is said beside its field, and the right one is then taken', async ({ page, org }) => {
  await reachTheCode(page);
  await enterCode(page, await org.wrongCode(MARY.email));
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
  await expect(code(page)).toHaveAttribute('aria-invalid', 'true');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('an expired flow is said, and one click starts again with the username kept', async ({ page, org }) => {
  await reachTheCode(page);
  const late = await org.code(MARY.email);
  await org.pass(DAY);
  await enterCode(page, late);
  await expect(link(page, 'Start again')).toBeFocused();
  await expect(link(page, 'Start again')).toHaveAccessibleDescription('This sign-in took too long and has ended. Your username is kept.');
  // Nothing is left of the form, which could not be sent.
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
  test(`${title} is said, what was typed stays, and the same answer is then taken`, async ({ page, org }) => {
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
    await org.fault('/idp/idx/identify', what);
    await identify(page);
    await expect(page.getByText(AWAY)).toBeVisible();
    await expect(username(page)).toHaveValue(MARY.login);

    await org.mend();
    await identify(page);
    await choose(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
}

test('an org that is down from the start is said, and the page can be tried again', async ({ page, org }) => {
  await org.fault('/*', { kind: 'reset' });
  await page.goto('/');
  await expect(page.getByText(AWAY)).toBeVisible();
  await org.mend();
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

  test('an expired code is refused like a wrong one, and a new one is taken', async ({ page, org }) => {
    await reachTheCode(page);
    const expired = await org.code(MARY.email);
    await org.pass(90);
    await enterCode(page, expired);
    await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);

    await offer(page, 'Resend').click();
    await expect(code(page)).toBeFocused();
    await expect.poll(() => org.code(MARY.email)).not.toBe(expired);
    // A token from a minute and a half ahead would rightly not be believed.
    await org.pass(-90);
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});
