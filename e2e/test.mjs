//! The fixtures of every browser spec: an org, an app, and a context that fails on policy violations, errors and foreign requests.

import { writeFile } from 'node:fs/promises';

import { test as base, expect } from '@playwright/test';

import { App } from './world/app.mjs';
import { Org } from './world/org.mjs';

export { expect };

/** Chromium logs this for every 4xx and 5xx, which the page handles. */
const NETWORK_NOTE = /^Failed to load resource/;

/** For `test.use`: animations as most people have them. */
export const MOVING = { contextOptions: { reducedMotion: 'no-preference' } };

export const test = base.extend({
  /** Environment of the org's process. */
  orgEnv: [{}, { option: true }],
  /** The org file, in TOML; without one the org is the default one. */
  orgFile: ['', { option: true }],
  /** Settings of the app's process. */
  appEnv: [{}, { option: true }],
  /** The application's policies, with the names of the org file. */
  policies: [{}, { option: true }],

  /** Whether the test visits pages of the org. */
  visitsOrg: [false, { option: true }],

  /** A domain that the test may visit, with the sites below it. */
  allowedDomain: ['nowhere.invalid', { option: true }],

  /** A default org and an app for all tests of a worker. */
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

  /** The org, reset before each test. */
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

  app: async ({ org, shared, policies, appEnv }, use) => {
    if (org === shared.org && Object.keys(appEnv).length === 0) {
      await shared.app.enrol(org, policies);
      await use(shared.app);
      return;
    }
    const app = await App.start(org, policies, appEnv);
    await use(app);
    await app.stop();
  },

  baseURL: async ({ app }, use) => use(app.url),

  /** Fails a test on a policy violation, a script error or a request to another origin. */
  context: async ({ context, app, org, visitsOrg, allowedDomain }, use) => {
    const wrong = [];
    context.on('weberror', (error) => wrong.push(`uncaught: ${error.error()}`));
    context.on('console', (message) => {
      if (message.type() === 'error' && !NETWORK_NOTE.test(message.text())) wrong.push(`console: ${message.text()}`);
    });
    context.on('request', (request) => {
      const { protocol, origin, hostname } = new URL(request.url());
      const expected = origin === app.url || (visitsOrg && origin === org.url) || `.${hostname}`.endsWith(`.${allowedDomain}`);
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

  /** Attaches the page's accessibility tree and the app's output to a failed test. */
  page: async ({ page, app }, use, testInfo) => {
    await use(page);
    if (testInfo.status === testInfo.expectedStatus) return;
    const report = {
      'page': `${page.url()}\n${await page.locator('body').ariaSnapshot()}\n`,
      'app output': app.output(),
    };
    for (const [name, body] of Object.entries(report)) {
      const path = testInfo.outputPath(`${name.replaceAll(' ', '-')}.txt`);
      await writeFile(path, body);
      await testInfo.attach(name, { path });
    }
  },
});
