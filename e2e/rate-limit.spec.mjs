//! A rate limit says how long to wait, and counts down.

import { button, heading, identify } from './person.mjs';
import { expect, test } from './test.mjs';

const SECONDS = 40;

test('the message of a rate limit counts down, and is read out once', async ({ page }) => {
  await page.route('**/api/idx/proceed', (route) =>
    route.fulfill({ status: 429, contentType: 'application/problem+json', json: { code: 'rate_limited', status: 429, title: 'Too many requests', retryAfter: SECONDS } }),
  );
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.clock.install();
  await identify(page);
  const message = page.getByText(/^Too many tries\. Please try again/);
  await expect(message).toHaveText('Too many tries. Please try again in 40 seconds.');
  // A new element would be read out again.
  const element = await message.elementHandle();
  await page.clock.runFor(15_000);
  await expect(message).toHaveText(/in 2[45] seconds\.$/);
  await page.clock.runFor(SECONDS * 1000);
  await expect(message).toHaveText('Too many tries. Please try again now.');
  expect(await element.evaluate((one) => one.isConnected)).toBe(true);
  await expect(button(page, 'Try again')).toBeVisible();
});
