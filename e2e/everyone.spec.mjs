//! For everyone: what has to hold on every page, whoever looks at it and however.

import { AxeBuilder } from '@axe-core/playwright';

import { PAGES } from './pages.mjs';
import { expect, test } from './test.mjs';

const LOOKS = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** As wide as a page of 1280 is at 400 %. */
const NARROW = { width: 320, height: 800 };

for (const [name, visit] of Object.entries(PAGES)) {
  test(`${name}: axe finds nothing in any look, and a narrow window loses nothing`, async ({ page, org }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await visit(page, org);
    for (const look of LOOKS) {
      await page.emulateMedia(look);
      expect(await barriers(page), JSON.stringify(look)).toEqual([]);
    }
    await page.setViewportSize(NARROW);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width);
  });
}

async function barriers(page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(RULES)
    // The pages have no frames, so nothing is gained by a second page to join the results in.
    .setLegacyMode()
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}
