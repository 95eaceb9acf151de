//! A new code, no network for a while, a slow org.

import { button, code, enterCode, heading, identify, offer, password, reachTheCode, started, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('after a resend, only the new code is accepted', async ({ page, org }) => {
  await reachTheCode(page);
  const old = await org.code(MARY.email);
  await org.pass(31);
  await offer(page, 'Resend').click();
  await expect(code(page)).toBeFocused();
  await expect.poll(async () => (await org.inbox(MARY.email)).length).toBe(2);
  await org.pass(-31);
  await enterCode(page, old);
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('without a network typed values stay, and are sent when it is back', async ({ page, context }) => {
  await page.goto('/');
  await started(page);
  await context.setOffline(true);
  await identify(page);
  await expect(page.getByText('You seem to be offline.')).toBeVisible();
  await expect(username(page)).toHaveValue(MARY.login);
  await context.setOffline(false);
  await password(page).fill(MARY.password);
  await button(page, 'Next').click();
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});

test('while the org is slow, the page shows that it is busy', async ({ page, org }) => {
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await org.fault('/idp/idx/identify', { kind: 'delay', ms: 2000, times: 1 });
  await identify(page);
  await expect(page.getByRole('button', { name: 'Next' })).toHaveAttribute('aria-busy', 'true');
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
});
