//! Older browsers ignore the CSS that they do not know: every form can still be read and filled in without it.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { contactSheet } from './contact-sheet.mjs';
import { paper } from './engines/contrast.mjs';
import { isLaidOut } from './engines/layout.mjs';
import { PAGES } from './pages.mjs';
import { expect, test } from './test.mjs';

const DIST = path.resolve(process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../dist', import.meta.url)));
const SHEETS = readdirSync(DIST).filter((name) => /^(main|late)-.*\.css$/.test(name)).sort().reverse();
/** The sheet of the page, then that of the late part. */
const SHEET = SHEETS.map((name) => readFileSync(path.join(DIST, name), 'utf8')).join('\n');
const DOCS = readFileSync(new URL('../docs/browsers.md', import.meta.url), 'utf8');

/** A name that no browser knows. */
const UNKNOWN = 'not-in-this-browser';
/** Features of the sheet that one of the oldest browsers lacks, by their names in docs/browsers.md. */
const NEWER = {
  'color-mix()': (sheet) => sheet.replaceAll('color-mix(', `${UNKNOWN}(`),
  ':has()': (sheet) => sheet.replaceAll(':has(', `:${UNKNOWN}(`),
  ':dir()': (sheet) => sheet.replaceAll(':dir(', `:${UNKNOWN}(`),
  'field-sizing': (sheet) => sheet.replaceAll('field-sizing:', `${UNKNOWN}:`),
  'text-wrap': (sheet) => sheet.replaceAll('text-wrap:', `${UNKNOWN}:`),
  mask: (sheet) => sheet.replaceAll(/(?<![-\w])mask(?=(-image)?:)/g, UNKNOWN),
  dvh: (sheet) => sheet.replaceAll(/\d+dvh/g, UNKNOWN),
  'content with words': (sheet) => sheet.replaceAll(/content:(""|'') ?\/[^;}]*/g, `${UNKNOWN}:0`),
};
/** The features that each of the oldest browsers lacks. */
const OLDEST = {
  'Chrome 109': ['color-mix()', ':dir()', 'field-sizing', 'text-wrap', 'mask'],
  'Firefox 115': [':has()', 'field-sizing', 'text-wrap', 'content with words'],
  'Safari 16.4': ['field-sizing', 'text-wrap', 'content with words'],
};
const VISITED = ['sign-in-refused', 'set-password', 'phone', 'question', 'choose'];
const LOOKS = ['light', 'dark'];
const PICTURED = ['sign-in-refused', 'phone'];

const without = (...names) => names.reduce((sheet, name) => NEWER[name](sheet), SHEET);

/** Replaces the sheet of the page. The page's policy allows this to scripts. */
function replaceSheet(page, sheet) {
  return page.evaluate((sheet) => {
    for (const link of document.querySelectorAll('link[rel=stylesheet]')) link.disabled = true;
    const replacement = new CSSStyleSheet();
    replacement.replaceSync(sheet);
    document.adoptedStyleSheets = [replacement];
  }, sheet);
}

async function expectUsable(page, name) {
  const seen = { run: (script) => page.evaluate(script) };
  const papers = {};
  // The colours of the hovered button count too.
  await page.getByRole('main').locator('[type=submit]').hover();
  for (const colorScheme of LOOKS) {
    await page.emulateMedia({ colorScheme });
    papers[colorScheme] = await paper(seen);
    if (name !== 'choose') await isLaidOut(seen);
  }
  expect(papers.light).toBeGreaterThan(0.5);
  expect(papers.dark).toBeLessThan(0.1);
}

const picture = (browser) => fileURLToPath(new URL(`../docs/screens/without-what-${browser.toLowerCase().replace(' ', '-')}-lacks.png`, import.meta.url));

async function inBothLooks(page, name) {
  await page.setViewportSize({ width: 720, height: 720 });
  const pictures = [];
  for (const colorScheme of LOOKS) {
    await page.emulateMedia({ colorScheme });
    pictures.push({ title: `${name}, ${colorScheme}`, picture: await page.screenshot({ animations: 'disabled', caret: 'hide' }) });
  }
  return pictures;
}

test('each newer feature is in the sheet and in the table', () => {
  for (const [name, strip] of Object.entries(NEWER)) {
    expect(strip(SHEET), name).not.toBe(SHEET);
    expect(DOCS, name).toContain(`| \`${name}\` |`);
  }
  expect(SHEET).not.toContain('light-dark(');
});

for (const name of VISITED) {
  test(`${name}: can be read and filled in without any one of the newer features`, async ({ page, org }) => {
    await PAGES[name](page, org);
    for (const feature of Object.keys(NEWER)) {
      await test.step(`without ${feature}`, async () => {
        await replaceSheet(page, without(feature));
        await expectUsable(page, name);
      });
    }
  });
}

for (const [browser, lacks] of Object.entries(OLDEST)) {
  test(`every form can be read and filled in without all features that ${browser} lacks`, async ({ page, org }) => {
    const pictures = [];
    for (const name of VISITED) {
      await page.context().clearCookies();
      await page.goto('/');
      await page.evaluate(() => sessionStorage.clear());
      await PAGES[name](page, org);
      await replaceSheet(page, without(...lacks));
      await expectUsable(page, name);
      if (process.env.SHOTS && PICTURED.includes(name)) pictures.push(...(await inBothLooks(page, name)));
    }
    if (process.env.SHOTS) await contactSheet(page, pictures, picture(browser));
  });
}
