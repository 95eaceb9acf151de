//! Acceptance: what a page loads for its element, and that nothing in it moves meanwhile, if it has reserved the height.

import { readFile } from 'node:fs/promises';

import { heading } from '../person.mjs';
import { painted, SHOP, shopWith, visitShop } from '../shop.mjs';
import { expect, MOVING, test } from '../test.mjs';

/** The rule that the documentation recommends. */
const [RESERVED] = (await readFile(new URL('../../docs/element.md', import.meta.url), 'utf8')).match(/^latchkey-sign-in \{ display: .* \}$/m);

/** What may stand between the tags. */
const CHILDREN = {
  'nothing between the tags': '',
  'content of its own': '<p>The sign-in cannot be shown here.</p><p>Sign in <a href="/login">on its own page</a>.</p>',
  'a slot for loading': '<p slot="loading">ACME is loading.</p><p slot="loading">One moment.</p>',
  'something in every slot': `<b slot="logo">ACME</b><p slot="before-heading">New here?</p><p slot="after-heading">For members only.</p>
    <label slot="before-submit"><input type="checkbox"> I accept the terms</label><a slot="after-form" href="/help">Help</a><p slot="footer">ACME Ltd.</p>`,
};

/** Answers each file that matches `files` only after the page has been painted without it. */
const afterPaint = (page, files) =>
  page.context().route(files, async (route) => {
    await painted(page);
    await route.continue();
  });

test('while the page has no element, nothing but its script is loaded', async ({ page }) => {
  const loaded = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await visitShop(page, SHOP.replace('<latchkey-sign-in></latchkey-sign-in>', ''));
  await page.waitForFunction(() => customElements.get('latchkey-sign-in'));
  await painted(page);
  expect(loaded.filter((path) => !/^\/(shop|favicon\.ico|latchkey\.js|boot(-\w+)?\.js)$/.test(path))).toEqual([]);
});

for (const [motion, options] of Object.entries({ 'without motion': {}, 'with motion': MOVING })) {
  test.describe(motion, () => {
    test.use(options);

    for (const [name, children] of Object.entries(CHILDREN)) {
      test(`nothing moves while the element loads, with ${name}`, async ({ page }) => {
        await page.addInitScript(() => {
          globalThis.shifts = [];
          const describe = ({ node, previousRect: before, currentRect: now }) => `${node?.nodeName} ${node?.textContent}: ${JSON.stringify([before, now])}`;
          new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries().flatMap(({ value, sources }) => [value, ...sources.map(describe)]))).observe({ type: 'layout-shift', buffered: true });
        });
        for (const files of ['**/*.css', '**/brand.json', '**/*.wasm']) await afterPaint(page, files);
        const html = shopWith('', children).replace('<style nonce="n">', `<style nonce="n">${name.includes('every') ? RESERVED.replace('36rem', '44rem') : RESERVED}`).replace('</latchkey-sign-in>', '</latchkey-sign-in><p>Below the element</p>');
        await visitShop(page, html);
        await expect(heading(page, 'Sign In')).toBeVisible();
        // The late sheet comes last.
        await page.waitForFunction(() => document.querySelector('latchkey-sign-in').shadowRoot.querySelectorAll('link').length > 1);
        await painted(page);
        expect(await page.evaluate(() => globalThis.shifts)).toEqual([]);
      });
    }
  });
}
