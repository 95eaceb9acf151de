//! A picture of every page, light and dark, wide and narrow: `SHOTS=1 SHOTS_DIR=… npx playwright test shots.spec`.

import path from 'node:path';

import { PAGES, openElsewhere, openFinishedWindow } from './pages.mjs';
import { test } from './test.mjs';

const FOLDER = process.env.SHOTS_DIR ?? 'test-results/shots';
const WIDTHS = [1280, 320];

for (const [name, visit] of Object.entries({ ...PAGES, 'link-elsewhere': openElsewhere, 'window-finished': openFinishedWindow })) {
  test(name, async ({ page, org }) => {
    await visit(page, org);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const file = path.join(FOLDER, `${name}.${width}.${colorScheme}.png`);
        await page.screenshot({ path: file, animations: 'disabled', caret: 'hide', fullPage: true });
      }
    }
  });
}
