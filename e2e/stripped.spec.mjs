//! The sheet as older browsers read it, who pass over what they do not know: every form can still be read and filled in.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { contactSheet } from './contact-sheet.mjs';
import { paper } from './engines/contrast.mjs';
import { isLaidOut } from './engines/layout.mjs';
import { PAGES } from './pages.mjs';
import { expect, test } from './test.mjs';

const DIST = path.resolve(process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../dist', import.meta.url)));
const SHEET = readFileSync(path.join(DIST, readdirSync(DIST).find((name) => /^main-.*\.css$/.test(name))), 'utf8');
const DOCS = readFileSync(new URL('../docs/browsers.md', import.meta.url), 'utf8');

/** A name that no browser knows. */
const UNKNOWN = 'not-in-this-browser';
/** What the sheet uses that one of the oldest browsers lacks, as docs/browsers.md calls it. */
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
/** What each of the oldest browsers passes over. */
const OLDEST = {
  'Chrome 109': ['color-mix()', ':dir()', 'field-sizing', 'text-wrap', 'mask'],
  'Firefox 115': [':has()', 'field-sizing', 'text-wrap', 'content with words'],
  'Safari 16.4': ['field-sizing', 'text-wrap', 'content with words'],
};
const VISITED = ['sign-in-refused', 'set-password', 'phone', 'question', 'choose'];
const LOOKS = ['light', 'dark'];
const PICTURED = ['sign-in-refused', 'phone'];

const without = (...names) => names.reduce((sheet, name) => NEWER[name](sheet), SHEET);

/** Gives the page another sheet for its own. The page's policy lets scripts do this. */
function wear(page, sheet) {
  return page.evaluate((sheet) => {
    document.querySelector('link[rel=stylesheet]').disabled = true;
    const worn = new CSSStyleSheet();
    worn.replaceSync(sheet);
    document.adoptedStyleSheets = [worn];
  }, sheet);
}

async function holds(page, name) {
  const seen = { run: (script) => page.evaluate(script) };
  const papers = {};
  // What a colour is under the pointer, it must be readable in, too.
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

test('each of the newer features is in the sheet and in the table', () => {
  for (const [name, strip] of Object.entries(NEWER)) {
    expect(strip(SHEET), name).not.toBe(SHEET);
    expect(DOCS, name).toContain(`| \`${name}\` |`);
  }
  expect(SHEET).not.toContain('light-dark(');
});

for (const name of VISITED) {
  test(`${name}: without any one of the newer features it can be read and filled in`, async ({ page, org }) => {
    await PAGES[name](page, org);
    for (const feature of Object.keys(NEWER)) {
      await test.step(`without ${feature}`, async () => {
        await wear(page, without(feature));
        await holds(page, name);
      });
    }
  });
}

for (const [browser, lacks] of Object.entries(OLDEST)) {
  test(`without all that ${browser} lacks every form can be read and filled in`, async ({ page, org }) => {
    const pictures = [];
    for (const name of VISITED) {
      await page.context().clearCookies();
      await page.goto('/');
      await page.evaluate(() => sessionStorage.clear());
      await PAGES[name](page, org);
      await wear(page, without(...lacks));
      await holds(page, name);
      if (process.env.SHOTS && PICTURED.includes(name)) pictures.push(...(await inBothLooks(page, name)));
    }
    if (process.env.SHOTS) await contactSheet(page, pictures, picture(browser));
  });
}
