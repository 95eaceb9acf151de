//! The brands of docs/theming.md keep every contrast, and docs/theming.md lists every token.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { barriers } from './axe.mjs';
import { PAGES } from './pages.mjs';
import { expect, test } from './test.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = await readFile(at('docs/theming.md'), 'utf8');
const TOKENS = await readFile(at('style/tokens.css'), 'utf8');
const BRANDS = [...DOCS.matchAll(/^### (\w+)\n[^`]*```css\n([^`]*)```/gm)].map(([, name, sheet]) => ({ name, sheet }));
const LOOKS = ['light', 'dark'];

test('there are three brands, of about a dozen values each', () => {
  expect(BRANDS.map(({ name }) => name)).toEqual(['Harbour', 'Meadow', 'Press']);
  for (const { sheet } of BRANDS) expect(named(sheet).length).toBeLessThanOrEqual(13);
});

test('every token is documented, and every documented token exists', () => {
  const tokens = named(TOKENS);
  const documented = new Set(DOCS.match(/--[a-z]+(-[a-z0-9]+)*/g));
  expect(tokens.filter((token) => !documented.has(token))).toEqual([]);
  expect([...documented].filter((token) => !tokens.includes(token))).toEqual([]);
});

for (const { name, sheet } of BRANDS) {
  test(`${name} has enough contrast in every look`, async ({ page, org }) => {
    await page.route('**/*.css', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n@layer brand {${sheet}}` });
    });
    for (const visit of [PAGES['sign-in-refused'], PAGES['set-password']]) {
      await visit(page, org);
      for (const colorScheme of LOOKS) {
        await page.emulateMedia({ colorScheme, contrast: 'no-preference' });
        expect(await accent(page)).toBe(colours(sheet)[colorScheme]);
        expect(await barriers(page), colorScheme).toEqual([]);
      }
      await page.emulateMedia({ contrast: 'more' });
      expect(Object.values(colours(sheet))).not.toContain(await accent(page));
    }
    if (process.env.SHOTS) await picture(page, org, name);
  });
}

/** The tokens that a sheet sets. */
function named(sheet) {
  return [...new Set([...sheet.matchAll(/^\s+(--[a-z0-9-]+):/gm)].map(([, token]) => token))];
}

/** The accent of a sheet in light and in dark. */
function colours(sheet) {
  const [, light, dark] = sheet.match(/--accent: var\(--light, (.*)\) var\(--dark, (.*)\);/);
  return { light, dark };
}

function accent(page) {
  return page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim());
}

async function picture(page, org, name) {
  await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' });
  await page.setViewportSize({ width: 640, height: 640 });
  await page.context().clearCookies();
  await page.evaluate(() => sessionStorage.clear());
  await PAGES['sign-in'](page, org);
  await expect(page.getByRole('checkbox')).toBeVisible();
  await page.screenshot({ path: at(`docs/brands/${name.toLowerCase()}.png`), animations: 'disabled', caret: 'hide' });
}
