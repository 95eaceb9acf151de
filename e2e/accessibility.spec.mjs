//! Accessibility of every page: axe, narrow windows, contrast, forced colours, focus, and translated texts.

import { COLOURS, barriers, flatten } from './axe.mjs';
import { invisible } from './forced-colours.mjs';
import { PAGES, openElsewhere, openFinishedWindow } from './pages.mjs';
import { button, code, languages, password, speak, started, username } from './person.mjs';
import { expect, test } from './test.mjs';

const LOOKS = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
];
/** The width of a 1280 px page at 400 % zoom. */
const NARROW = { width: 320, height: 800 };
const WIDE = { width: 1280, height: 720 };
/** Texts that are not translated: names, addresses, numbers, keys and personal data. The org names a person's authenticators. */
const UNTRANSLATED = /^(\P{L}*|Latchkey|SMS|Google Authenticator|Okta Verify|.*@.*|[A-Z2-7]{16,}|.* \+\d+)$/u;

for (const [name, visit] of Object.entries(PAGES)) {
  test(`${name}: no axe violation in any look and direction, nothing is cut off in a narrow window, every text is translated`, async ({
    page,
    org,
  }) => {
    await visit(page, org);
    expect(await page.evaluate(() => document.getAnimations().length), 'animations').toBe(0);
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    for (const language of ['en', 'ar']) {
      await speak(page, language);
      for (const [at, look] of LOOKS.entries()) {
        await page.emulateMedia(look);
        // Looks differ in colours only, so the other rules run once.
        const found = await barriers(page, at === 0 ? undefined : COLOURS);
        expect(found, JSON.stringify({ language, ...look })).toEqual([]);
      }
    }
    // In a narrow window the texts are on the gradient.
    await page.setViewportSize(NARROW);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, contrast: 'no-preference' });
      const undo = await flatten(page);
      expect(await barriers(page, COLOURS), `on the gradient, ${colorScheme}`).toEqual([]);
      await undo();
    }
    expect(await small(page)).toEqual([]);
    await page.setViewportSize(WIDE);
    // The texts of the pseudo language are half as long again as English.
    for (const language of ['ar', 'en-XA']) {
      await speak(page, language);
      await page.setViewportSize(NARROW);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), language).toBeLessThanOrEqual(NARROW.width);
      expect(await clipped(page), language).toEqual([]);
      await page.setViewportSize(WIDE);
    }
    await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active' });
    expect(await invisible(page)).toEqual([]);
    const shown = await page.getByRole('main').evaluate(texts);
    expect(shown.filter((text) => !UNTRANSLATED.test(text) && !text.startsWith('['))).toEqual([]);
  });
}

for (const [name, visit, title] of [
  ['a link opened in another browser', openElsewhere, 'Enter this code where you started'],
  ['a window at the end of a sign-in elsewhere', openFinishedWindow, 'You can close this page'],
]) {
  test(`${name}: no axe violation in any look, and nothing is cut off in a narrow window`, async ({ page }) => {
    await visit(page);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeFocused();
    for (const look of LOOKS) {
      await page.emulateMedia(look);
      expect(await barriers(page), JSON.stringify(look)).toEqual([]);
    }
    await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
    expect(await invisible(page)).toEqual([]);
    await page.setViewportSize(NARROW);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width);
    expect(await clipped(page)).toEqual([]);
  });
}

test.describe('in a browser set to Austrian German', () => {
  test.use({ locale: 'de-AT' });

  for (const [name, visit, title] of [
    ['a mailed link', openElsewhere, 'Geben Sie diesen Code dort ein, wo Sie begonnen haben'],
    ['a finished window', openFinishedWindow, 'Sie können diese Seite schließen'],
  ]) {
    test(`the page of ${name} is in German`, async ({ page }) => {
      await visit(page);
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    });
  }
});

test('a poll without news does not move the focus, even while an error is shown', async ({ page, org }) => {
  await PAGES['code-refused'](page, org);
  // The refused field has the focus; then the person moves it.
  await expect(code(page)).toBeFocused();
  await languages(page).focus();
  for (let polls = 0; polls < 2; polls += 1) await page.waitForResponse('**/api/idx/poll');
  await expect(languages(page)).toBeFocused();
});

test('a satisfied password rule is announced to screen readers', async ({ page, org }) => {
  await PAGES['set-password'](page, org);
  await page.getByLabel('New password', { exact: true }).fill('abc');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - list:
      - listitem: At least 8 characters
      - listitem: ✓ A lowercase letter
  `);
});

test('with forced colours every control has an edge, and the focus a ring', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto('/');
  await started(page);
  for (const control of await page.getByRole('main').locator('input, button').all()) {
    if (!(await control.isVisible())) continue;
    await control.focus();
    // Forced colours remove shadows, so the ring is an outline, of the control or of its label.
    const rings = await control.evaluate((element) =>
      [element, element.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one).outlineStyle),
    );
    expect(rings).toContain('solid');
  }
  for (const field of [username(page), password(page), button(page, 'Next')]) {
    expect(await field.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe('solid');
  }
});

/** What can be pressed and is less than 44 pixels high. A radio button or a checkbox is pressed by its label. */
function small(page) {
  return page.locator('body').evaluate((body) => {
    const choices = [...body.querySelectorAll('[type=radio], [type=checkbox]')];
    const others = [...body.querySelectorAll('a, button, summary, select, input')].filter((element) => !choices.includes(element) && element.tabIndex !== -1);
    const pressed = [...choices.flatMap(({ labels }) => [...labels]), ...others];
    const seen = pressed.filter((element) => element.checkVisibility() && getComputedStyle(element).clipPath === 'none');
    const height = (element) => Math.round(element.getBoundingClientRect().height);
    return seen.filter((element) => height(element) < 44).map((element) => `${height(element)}: ${element.outerHTML.slice(0, 120)}`);
  });
}

/** Elements whose content is cut off. */
function clipped(page) {
  return page.getByRole('main').evaluate((main) => {
    const isUnseen = (element) => getComputedStyle(element).clipPath !== 'none';
    const isCut = (element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible';
    const all = [...main.querySelectorAll('*')].filter((element) => element.clientWidth && !isUnseen(element) && !element.matches('input, select'));
    return all.filter(isCut).map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Every visible text, without lists of countries and personal data. */
function texts(main) {
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const inside = walker.currentNode.parentElement;
    if (text && !inside.closest('td, th[scope="row"], noscript, code, select, bdi, time, [aria-hidden="true"]')) found.push(text);
  }
  return found;
}
