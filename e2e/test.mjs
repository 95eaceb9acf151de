//! The fixtures of every browser spec: an org and an app as if of its own, someone who can sign in, and a watch on the browser.

import { writeFile } from 'node:fs/promises';

import { test as base, expect } from '@playwright/test';

import { App } from './world/app.mjs';
import { Org } from './world/org.mjs';

export { expect };

/** Chromium says this for every 4xx and 5xx; what it means is up to the page. */
const NETWORK_NOTE = /^Failed to load resource/;

/** For `test.use`, where the pages are to move as they do for most people. */
export const MOVING = { contextOptions: { reducedMotion: 'no-preference' } };

export const test = base.extend({
  /** Environment of the org's process. */
  orgEnv: [{}, { option: true }],
  /** The org file, in TOML; without one the org is the default one. */
  orgFile: ['', { option: true }],
  /** What the application asks for, in the words of the org file. */
  policies: [{}, { option: true }],

  /** Whether the test leads to pages of the org's own. */
  visitsOrg: [false, { option: true }],

  /** The domain whose other sites the test leads to. */
  around: ['nowhere.invalid', { option: true }],

  /** A default org and an app, which the tests of one worker use one after another. */
  shared: [
    async ({}, use) => {
      const org = await Org.start();
      const app = await App.start(org);
      await use({ org, app });
      await app.stop();
      await org.stop();
    },
    { scope: 'worker' },
  ],

  /** As it is at the start, every time. */
  org: async ({ orgEnv, orgFile, shared }, use, testInfo) => {
    if (!orgFile && Object.keys(orgEnv).length === 0) {
      await shared.org.reset();
      await use(shared.org);
      return;
    }
    const file = orgFile && testInfo.outputPath('org.toml');
    if (file) await writeFile(file, orgFile);
    const org = await Org.start(orgEnv, file ? ['--org', file] : []);
    await use(org);
    await org.stop();
  },

  app: async ({ org, shared, policies }, use) => {
    if (org === shared.org) {
      await shared.app.enrol(org, policies);
      await use(shared.app);
      return;
    }
    const app = await App.start(org, policies);
    await use(app);
    await app.stop();
  },

  baseURL: async ({ app }, use) => use(app.url),

  /** Nothing may be refused by the page's policy, go wrong in its code or come from elsewhere, in any test. */
  context: async ({ context, app, org, visitsOrg, around }, use) => {
    const wrong = [];
    context.on('weberror', (error) => wrong.push(`uncaught: ${error.error()}`));
    context.on('console', (message) => {
      if (message.type() === 'error' && !NETWORK_NOTE.test(message.text())) wrong.push(`console: ${message.text()}`);
    });
    context.on('request', (request) => {
      const { protocol, origin, hostname } = new URL(request.url());
      const expected = origin === app.url || (visitsOrg && origin === org.url) || hostname.endsWith(`.${around}`);
      if (protocol.startsWith('http') && !expected) wrong.push(`elsewhere: ${request.url()}`);
    });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`${event.effectiveDirective} refused ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    await use(context);
    expect(wrong).toEqual([]);
  },

  /** A test that fails tells what the page was showing, in the words of a screen reader, and what the app has said. */
  page: async ({ page, app }, use, testInfo) => {
    await use(page);
    if (testInfo.status === testInfo.expectedStatus) return;
    const told = {
      'what the page showed': `${page.url()}\n${await page.locator('body').ariaSnapshot()}\n`,
      'what the app said': app.said(),
    };
    for (const [name, body] of Object.entries(told)) {
      const path = testInfo.outputPath(`${name.replaceAll(' ', '-')}.txt`);
      await writeFile(path, body);
      await testInfo.attach(name, { path });
    }
  },
});
