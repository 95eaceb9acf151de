//! Takes the pictures of README.md, docs/devorg.md and docs/screens/changes: `SHOTS=1 npx playwright test docs-pictures`.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { link, started, username } from './person.mjs';
import { PAGES } from './pages.mjs';
import { PROVIDER } from './policies.mjs';
import { expect, test } from './test.mjs';
import { begin } from './world/api-sign-in.mjs';
import { MARY } from './world/org.mjs';

const STILL = { animations: 'disabled', caret: 'hide' };

/** The pages of docs/screens/changes. */
const CHANGED = ['app', 'choose', 'code', 'code-refused', 'consent', 'message-type', 'okta-verify', 'passkey', 'phone', 'providers', 'push', 'set-password'];

const at = (name) => fileURLToPath(new URL(`../docs/${name}.png`, import.meta.url));

test.describe('with an identity provider', () => {
  test.use({ policies: { identity_providers: [PROVIDER] }, viewport: { width: 960, height: 800 } });

  test('the sign-in page', async ({ page }) => {
    await page.goto('/');
    await username(page).fill(MARY.login);
    await started(page);
    await expect(link(page, 'Continue with Dev Social')).toBeVisible();
    await page.screenshot({ path: at('sign-in'), ...STILL });
  });
});

test.describe('of the org', () => {
  test.use({ visitsOrg: true, viewport: { width: 1280, height: 720 } });

  test('the console: a pending push, a sent mail, users and applications', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['okta_password', 'okta_verify', 'okta_email', 'google_otp'], enroll: ['phone_number'] });
    await (await begin(org, MARY)).choose('Email');
    await (await begin(org, ada)).choose('Okta Verify', 'push');
    await page.goto(`${org.url}/dev`);
    await expect(page.getByRole('region', { name: 'Waiting on a device' })).toBeVisible();
    await page.screenshot({ path: at('devorg-console'), ...STILL });
  });
});

test.describe('that changed most', () => {
  test.use({ viewport: { width: 320, height: 800 } });

  for (const name of CHANGED) {
    test(`the page “${name}” after the change, in light and dark, beside the one before`, async ({ page, org, browser }) => {
      await PAGES[name](page, org);
      const after = await page.screenshot({ ...STILL, fullPage: true });
      await page.emulateMedia({ colorScheme: 'dark' });
      const dark = await page.screenshot({ ...STILL, fullPage: true });
      const file = fileURLToPath(new URL(`../docs/screens/changes/${name}.webp`, import.meta.url));
      const table = await browser.newPage();
      const made = await table.evaluate(sideBySide, [await readFile(file), after, dark].map((picture) => picture.toString('base64')));
      await writeFile(file, Buffer.from(made, 'base64'));
      await table.close();
    });
  }
});

/** The old picture with other ones beside its first third. All of them have a width of 320 pixels, under titles. */
async function sideBySide(pictures) {
  const [WIDTH, GAP, TITLE] = [320, 10, 30];
  const [old, ...others] = await Promise.all(pictures.map(async (data) => createImageBitmap(await (await fetch(`data:image/*;base64,${data}`)).blob())));
  const height = TITLE + Math.max(...others.map((other) => other.height)) + GAP;
  const canvas = Object.assign(document.createElement('canvas'), { width: old.width, height });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#ddd';
  pen.fillRect(0, 0, canvas.width, height);
  pen.drawImage(old, 0, 0, old.width, TITLE, 0, 0, old.width, TITLE);
  pen.drawImage(old, 0, 0, GAP + WIDTH, old.height, 0, 0, GAP + WIDTH, old.height);
  others.forEach((other, at) => pen.drawImage(other, GAP + (at + 1) * (WIDTH + GAP), TITLE));
  return canvas.toDataURL('image/webp', 0.9).split(',')[1];
}
