//! How the browser specs are run: one Chromium, fresh processes for every test, nothing tried twice.

import { defineConfig } from '@playwright/test';

import { executablePath, QUIET } from './world/chromium.mjs';

export default defineConfig({
  testMatch: '**/*.spec.mjs',
  testIgnore: process.env.SHOTS ? [] : ['**/shots.spec.mjs', '**/pictures.spec.mjs'],
  fullyParallel: true,
  // One more than the processors that CI has: somebody is always waiting for a page.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000, toMatchAriaSnapshot: { pathTemplate: '{testDir}/aria/{arg}{ext}' } },
  reporter: [['list']],
  use: {
    locale: 'en-US',
    // A fifth of the work is motion. The specs of whole journeys keep it, to click while things move.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath,
      // No process is kept ready for a page that does not come.
      args: [...QUIET, '--renderer-process-limit=1'],
    },
  },
});
