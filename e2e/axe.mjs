//! Accessibility violations of a page, found by axe.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The rules that depend on a page's colours. */
export const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/**
 * Paints the page in the strongest colour of the gradient behind it, because axe measures contrast on one colour alone. Returns what
 * undoes it.
 */
export async function flatten(page) {
  await page.evaluate(() => {
    const [strongest] = getComputedStyle(document.body).backgroundImage.match(/(?:oklab|oklch|color|rgba?)\([^()]*\)/);
    const paint = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
    for (const fill of [getComputedStyle(document.documentElement).backgroundColor, strongest]) {
      paint.fillStyle = fill;
      paint.fillRect(0, 0, 1, 1);
    }
    document.body.style.background = `rgb(${[...paint.getImageData(0, 0, 1, 1).data].slice(0, 3)})`;
  });
  return () => page.evaluate(() => document.body.style.removeProperty('background'));
}

export async function barriers(page, rules = RULES) {
  // Load axe once for each page: it has half a megabyte.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
  }, rules);
  return violations.flat();
}
