//! The samples of `frontend/samples`, each as a person uses it.

import { barriers } from '../axe.mjs';
import { button } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect } from '../test.mjs';
import { MARY } from '../world/org.mjs';
import { BUILT, signIn, test, UNDER_OUR_POLICY } from './fixtures.mjs';

/** What else a sample shows when a person has signed in. */
const MORE = { leptos: unfoldClaims };
/** In development React mounts everything twice, and says when a page does not fit what the server has rendered. */
const IN_DEVELOPMENT = ['react', 'headless-react', 'next'];

test.use({ policies: PASSWORD_ALONE });
// A development server compiles a page when it is first opened.
test.describe.configure({ timeout: 120_000 });

for (const [samples, inDevelopment] of [[BUILT, false], [IN_DEVELOPMENT, true]]) {
  for (const sample of samples) {
    test.describe(`${sample}, ${inDevelopment ? 'in development' : 'built for production'}`, () => {
      test.use({ sample, inDevelopment });

      test('signs in, shows a claim, calls an API, signs out, and is signed out by another tab', async ({ page, site }) => {
        const warnings = [];
        page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
        const opened = await page.goto('/');
        const policy = opened.headers()['content-security-policy'] ?? '';
        expect(policy.includes("trusted-types 'none'")).toBe(UNDER_OUR_POLICY.includes(sample));
        await signIn(page, sample);
        await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
        await MORE[sample]?.(page, site);
        if (!policy) expect(await barriers(page)).toEqual([]);
        await button(page, 'Load profile').click();
        await expect(page.getByRole('status')).toContainText(`"email":"${MARY.email}"`);
        await button(page, 'Sign out').click();
        await signIn(page, sample);
        await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
        const other = await page.context().newPage();
        await other.goto('/');
        await expect(other.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
        await button(other, 'Sign out').click();
        await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeHidden();
        await expect(page.getByLabel(/^Username/)).toBeVisible();
        expect(warnings).toEqual([]);
      });
    });
  }
}

/** A component from crates.io stands among our parts, has our attributes, and draws our parts. */
async function unfoldClaims(page, site) {
  const trigger = button(page, 'Your claims');
  await expect(trigger).toHaveAttribute('part', 'link');
  await expect(trigger).toHaveAttribute('aria-expanded', 'false');
  const row = page.getByRole('row', { name: `email ${MARY.email}` });
  for (const isOpen of [true, false, true]) {
    await trigger.press('Enter');
    await expect(trigger).toHaveAttribute('aria-expanded', String(isOpen));
    await expect(row).toBeVisible({ visible: isOpen });
  }
  // Axe adds styles of its own, which our policy refuses.
  await site.withoutPolicy(async () => {
    const tab = await page.context().newPage();
    await tab.goto('/');
    await button(tab, 'Your claims').press('Enter');
    await expect(tab.getByRole('row', { name: `email ${MARY.email}` })).toBeVisible();
    expect(await barriers(tab)).toEqual([]);
    await tab.close();
  });
}
