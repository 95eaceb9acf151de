//! Takes the pictures of README.md and docs/devorg.md: `SHOTS=1 npx playwright test docs-pictures`.

import { fileURLToPath } from 'node:url';

import { link, started, username } from './person.mjs';
import { PROVIDER } from './policies.mjs';
import { expect, test } from './test.mjs';
import { begin } from './world/api-sign-in.mjs';
import { MARY } from './world/org.mjs';

const STILL = { animations: 'disabled', caret: 'hide' };

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
