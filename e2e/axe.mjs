//! What stands in somebody's way on a page, as axe sees it.

import { AxeBuilder } from '@axe-core/playwright';

const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The rules that depend on a page's colours. */
export const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

export async function barriers(page, rules = RULES) {
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: rules })
    // The pages have no frames, so nothing is gained by a second page to join the results in.
    .setLegacyMode()
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}
