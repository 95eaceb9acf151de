//! How the page looks where a person has set their system to dark, in every engine.

import { paper } from './contrast.mjs';
import { field } from './page.mjs';
import { expect, test } from './test.mjs';

test.use({ look: 'dark' });

test('in dark everything can be read', async ({ page }) => {
  await page.visit('/');
  await page.see(field('Password'));
  expect(await paper(page)).toBeLessThan(0.1);
});
