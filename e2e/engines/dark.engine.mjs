//! The page in dark mode, in every engine.

import { paper } from './contrast.mjs';
import { field } from './page.mjs';
import { expect, test } from './test.mjs';

test.use({ look: 'dark' });

test('in dark mode every text has enough contrast', async ({ page }) => {
  await page.visit('/');
  await page.see(field('Password'));
  expect(await paper(page)).toBeLessThan(0.1);
});
