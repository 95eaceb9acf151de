//! How the browser specs are run: one Chromium, fresh processes for every test, nothing tried twice.

import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

const INSTALLED = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

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
      executablePath: process.env.CHROMIUM || INSTALLED.find(existsSync),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // No process is kept ready for a page that does not come.
        '--renderer-process-limit=1',
      ],
    },
  },
});
