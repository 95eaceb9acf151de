//! Playwright's configuration for the other engines: one project for each engine, no retries.

import { defineConfig } from '@playwright/test';

import { executablePath, QUIET } from './world/chromium.mjs';

const PICTURES = 'pictures.engine.mjs';

export default defineConfig({
  testDir: 'engines',
  testMatch: '*.engine.mjs',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['list']],
  projects: [
    ...['firefox', 'webkit'].map((engine) => ({ name: engine, testIgnore: PICTURES, use: { engine } })),
    ...(process.env.SHOTS ? [{ name: 'pictures', testMatch: PICTURES, use: { launchOptions: { executablePath, args: QUIET } } }] : []),
  ],
});
