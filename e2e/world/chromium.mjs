//! Which Chromium the specs and measurements use, with arguments that keep it from making requests of its own.

import { existsSync } from 'node:fs';

const INSTALLED = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** From `CHROMIUM`, or the system's; without either, Playwright uses its own. */
export const executablePath = process.env.CHROMIUM || INSTALLED.find(existsSync);

export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
