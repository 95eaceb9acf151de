//! "Keep me signed in": whether the person is still signed in when the browser starts again.

import { choose, enterCode, heading, identify, started, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

/** Signs in, with the box ticked or not. */
async function signInWithChoice(page, org, choice) {
  await page.goto('/');
  await page.getByRole('checkbox', { name: 'Keep me signed in' }).setChecked(choice);
  await identify(page);
  await choose(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
}

for (const [choice, sees] of [[true, welcome], [false, (page) => heading(page, 'Sign In')]]) {
  test(`a person who ${choice ? 'stays signed in is' : 'does not stay signed in is not'} signed in after a restart of the browser`, async ({ playwright, launchOptions, org, baseURL }, testInfo) => {
    const profile = testInfo.outputPath('profile');
    const open = () => playwright.chromium.launchPersistentContext(profile, { ...launchOptions, baseURL, locale: 'en-US' });
    const first = await open();
    await signInWithChoice(await first.newPage(), org, choice);
    await first.close();
    const restarted = await open();
    const page = await restarted.newPage();
    await page.goto('/');
    await expect(sees(page)).toBeVisible();
    await restarted.close();
  });
}

test.describe('an org that forbids to stay signed in', () => {
  test.use({ policies: { global_session: { keep_me_signed_in: false } } });

  test('has no box for it', async ({ page }) => {
    await page.goto('/');
    await started(page);
    await expect(username(page)).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Keep me signed in' })).toBeHidden();
  });
});
