//! The browser of every spec and figure: which one, and that it keeps to itself.

import { existsSync } from 'node:fs';

const INSTALLED = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** The one that is named, or the one of the machine; with neither Playwright takes its own. */
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
