//! Takes the pictures of docs/samples.md: `SHOTS=1 npx playwright test samples/pictures`.

import { fileURLToPath } from 'node:url';

import { contactSheet } from '../contact-sheet.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect } from '../test.mjs';
import { MARY } from '../world/org.mjs';
import { BUILT, signIn, test } from './fixtures.mjs';

const STILL = { animations: 'disabled', caret: 'hide' };

test.use({ policies: PASSWORD_ALONE, viewport: { width: 400, height: 560 } });
test.describe.configure({ timeout: 120_000 });

for (const sample of BUILT) {
  test.describe(sample, () => {
    test.use({ sample });

    test('before and after signing in', async ({ page }) => {
      await page.goto('/');
      await expect(page.getByLabel(/^Username/)).toBeVisible();
      const before = await page.screenshot(STILL);
      await signIn(page, sample);
      await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
      const after = await page.screenshot(STILL);
      const file = fileURLToPath(new URL(`../../docs/samples/${sample}.png`, import.meta.url));
      await contactSheet(page, [{ title: `${sample}: sign-in`, picture: before }, { title: 'signed in', picture: after }], file);
    });
  });
}
