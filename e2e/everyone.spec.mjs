//! For everyone: what has to hold on every page, whoever looks at it, however, and in whatever language.

import { COLOURS, barriers } from './axe.mjs';
import { lost } from './forced.mjs';
import { PAGES, openElsewhere } from './pages.mjs';
import { button, code, languages, password, speak, username } from './person.mjs';
import { expect, test } from './test.mjs';

const LOOKS = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
];
/** As wide as a page of 1280 is at 400 %. */
const NARROW = { width: 320, height: 800 };
const WIDE = { width: 1280, height: 720 };
/** What is not a sentence of ours: names, addresses, numbers, keys, and what is known about somebody. */
const ANYBODYS = /^(\P{L}*|Latchkey|SMS|.*@.*|[A-Z2-7]{16,}|.* \+\d+)$/u;

for (const [name, visit] of Object.entries(PAGES)) {
  test(`${name}: axe finds nothing in any look from either side, a narrow window loses nothing, every word is in the table`, async ({
    page,
    org,
  }) => {
    await visit(page, org);
    expect(await page.evaluate(() => document.getAnimations().length), 'what moves').toBe(0);
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    for (const language of ['en', 'ar']) {
      await speak(page, language);
      for (const [at, look] of LOOKS.entries()) {
        await page.emulateMedia(look);
        // The page is the same in every look; only its colours are others.
        const found = await barriers(page, at === 0 ? undefined : COLOURS);
        expect(found, JSON.stringify({ language, ...look })).toEqual([]);
      }
    }
    // The pseudo language is half as long again as English.
    for (const language of ['ar', 'en-XA']) {
      await speak(page, language);
      await page.setViewportSize(NARROW);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), language).toBeLessThanOrEqual(NARROW.width);
      expect(await clipped(page), language).toEqual([]);
      await page.setViewportSize(WIDE);
    }
    await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active' });
    expect(await lost(page)).toEqual([]);
    const said = await page.getByRole('main').evaluate(texts);
    expect(said.filter((text) => !ANYBODYS.test(text) && !/^\[.*[\]…]/s.test(text))).toEqual([]);
  });
}

test('a link opened in another browser: axe finds nothing in any look, and a narrow window loses nothing', async ({ page }) => {
  await openElsewhere(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Enter this code where you began' })).toBeFocused();
  for (const look of LOOKS) {
    await page.emulateMedia(look);
    expect(await barriers(page), JSON.stringify(look)).toEqual([]);
  }
  await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
  expect(await lost(page)).toEqual([]);
  await page.setViewportSize(NARROW);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width);
  expect(await clipped(page)).toEqual([]);
});

test.describe('whose browser is set to Austrian German', () => {
  test.use({ locale: 'de-AT' });

  test('is told in German what to do with the code', async ({ page }) => {
    await openElsewhere(page);
    await expect(page.getByRole('heading', { level: 1, name: 'Geben Sie diesen Code dort ein, wo Sie begonnen haben' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

test('a poll that finds nothing new takes nobody’s focus, whatever is still said', async ({ page, org }) => {
  await PAGES['code-refused'](page, org);
  // What was refused takes the focus; from then on it is the person's.
  await expect(code(page)).toBeFocused();
  await languages(page).focus();
  for (let polls = 0; polls < 2; polls += 1) await page.waitForResponse('**/api/idx/poll');
  await expect(languages(page)).toBeFocused();
});

test('a rule that is kept is told to those who do not see it ticked', async ({ page, org }) => {
  await PAGES['set-password'](page, org);
  await page.getByLabel('New password', { exact: true }).fill('abc');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - list:
      - listitem: At least 8 characters
      - listitem: ✓ A lowercase letter
  `);
});

test('in forced colours every control has an edge, and the focus a ring', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto('/');
  await expect(password(page)).toBeVisible();
  for (const control of await page.getByRole('main').locator('input, button').all()) {
    if (!(await control.isVisible())) continue;
    await control.focus();
    // Shadows are gone then, so the ring is an outline: of the control, or of the label that stands for it.
    const rings = await control.evaluate((element) =>
      [element, element.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one).outlineStyle),
    );
    expect(rings).toContain('solid');
  }
  for (const field of [username(page), password(page), button(page, 'Next')]) {
    expect(await field.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe('solid');
  }
});

/** What has more inside than it shows, in a window without room to spare. */
function clipped(page) {
  return page.getByRole('main').evaluate((main) => {
    const isUnseen = (element) => getComputedStyle(element).clipPath !== 'none';
    const isCut = (element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible';
    const all = [...main.querySelectorAll('*')].filter((element) => element.clientWidth && !isUnseen(element) && !element.matches('input, select'));
    return all.filter(isCut).map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Every text that can be read, lists of countries and somebody's own data left out. */
function texts(main) {
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const inside = walker.currentNode.parentElement;
    if (text && !inside.closest('td, th[scope="row"], noscript, code, select')) found.push(text);
  }
  return found;
}
