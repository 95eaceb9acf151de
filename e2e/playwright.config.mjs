//! Playwright's configuration for the browser specs: Chromium, fresh processes for every test, no retries.

import { defineConfig } from '@playwright/test';

import { executablePath, QUIET } from './world/chromium.mjs';

export default defineConfig({
  testMatch: '**/*.spec.mjs',
  testIgnore: process.env.SHOTS ? [] : ['**/shots.spec.mjs', '**/docs-pictures.spec.mjs', '**/pictures.spec.mjs'],
  fullyParallel: true,
  // One more than CI has processors, because one test is always waiting for a page.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000, toMatchAriaSnapshot: { pathTemplate: '{testDir}/aria/{arg}{ext}' } },
  reporter: [['list']],
  use: {
    locale: 'en-US',
    // Animations are a fifth of the work. The specs of the main paths keep them, to click during animations.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath,
      // Chromium need not keep a spare process ready.
      args: [...QUIET, '--renderer-process-limit=1'],
    },
  },
});
