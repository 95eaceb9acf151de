//! A picture of every page, light and dark, wide and narrow: `SHOTS=1 SHOTS_DIR=… npx playwright test shots.spec`.

import path from 'node:path';

import { REFUSED, choose, enterCode, heading, identify, offer, reachTheCode, signIn } from './person.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

const FOLDER = process.env.SHOTS_DIR ?? 'test-results/shots';
const WIDTHS = [1280, 320];

/** Each page by name: how someone gets there. */
const PAGES = {
  'sign-in': async (page) => {
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
  },
  'sign-in-refused': async (page) => {
    await page.goto('/');
    await identify(page, { ...MARY, password: 'not-the-password' });
    await expect(page.getByText(REFUSED)).toBeVisible();
  },
  choose: async (page) => {
    await page.goto('/');
    await identify(page);
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  },
  'message-type': async (page) => {
    await page.goto('/');
    await identify(page);
    await choose(page, 'Phone');
    await expect(heading(page, 'Choose a message type')).toBeVisible();
  },
  code: (page) => reachTheCode(page),
  'code-refused': async (page, org) => {
    await reachTheCode(page);
    await enterCode(page, await org.wrongCode(MARY.email));
    await expect(page.getByText('Invalid code. Try again.').first()).toBeVisible();
  },
  welcome: (page, org) => signIn(page, org),
  'sign-up': async (page) => {
    await page.goto('/');
    await offer(page, 'Sign Up').click();
    await expect(heading(page, 'Sign Up')).toBeVisible();
  },
  reset: async (page) => {
    await page.goto('/');
    await offer(page, 'Forgot your password?').click();
    await expect(heading(page, 'Reset password')).toBeVisible();
  },
  unlock: async (page) => {
    await page.goto('/');
    await offer(page, 'Unlock account').click();
    await expect(heading(page, 'Sign In')).toBeHidden();
  },
};

for (const [name, visit] of Object.entries(PAGES)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${name}, ${colorScheme}`, async ({ page, org }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await visit(page, org);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const file = path.join(FOLDER, `${name}.${width}.${colorScheme}.png`);
        await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
      }
    });
  }
}
