//! The fixtures for the other engines: an org and an app as in test.mjs, and a browser of the project's engine.

import { writeFile } from 'node:fs/promises';

import { expect, test as base } from '@playwright/test';

import { App } from '../world/app.mjs';
import { TestProxy } from '../world/test-proxy.mjs';
import { Org } from '../world/org.mjs';
import * as firefox from './firefox.mjs';
import { Page } from './page.mjs';
import * as webkit from './webkit.mjs';

export { expect };

const ENGINES = { firefox, webkit };
const SIZE = [1280, 800];

export const test = base.extend({
  /** `firefox` or `webkit`. */
  engine: ['firefox', { option: true, scope: 'worker' }],
  /** The colour scheme of the system: `light` or `dark`. */
  look: ['light', { option: true, scope: 'worker' }],
  /** The application's policies, with the names of the org file. */
  policies: [{}, { option: true }],

  /** Errors that the engine may log because the test causes them. */
  expectedError: [/^$/, { option: true }],

  launched: [
    async ({ engine, look }, use) => {
      const launched = await ENGINES[engine].launch(look);
      await use(launched);
      await launched.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  shared: [
    async ({}, use) => {
      const [org, proxy] = await Promise.all([Org.start(), TestProxy.start()]);
      const app = await App.start(org, {}, { LATCHKEY_PUBLIC_URL: proxy.url });
      proxy.passTo(app.servers.url);
      await use({ org, proxy, app });
      await app.stop();
      await proxy.stop();
      await org.stop();
    },
    { scope: 'worker' },
  ],

  org: async ({ shared }, use) => {
    await shared.org.reset();
    await use(shared.org);
  },

  app: async ({ shared, org, policies }, use) => {
    await shared.app.enrol(org, policies);
    await use(shared.app);
  },

  proxy: async ({ shared }, use) => {
    await use(shared.proxy);
    shared.proxy.reset();
  },

  /** Opens another tab of the test's own browser. */
  open: async ({ launched, app, expectedError }, use, testInfo) => {
    const context = await launched.context();
    const pages = [];
    await use(async () => {
      const tab = await context.open();
      await tab.size(...SIZE);
      const page = new Page(tab, app.url);
      pages.push(page);
      return page;
    });
    if (testInfo.status !== testInfo.expectedStatus) await record(pages, app, testInfo);
    await context.close();
    expect(pages.flatMap(({ tab }) => tab.errors()).filter((error) => !expectedError.test(error))).toEqual([]);
  },

  page: async ({ open }, use) => use(await open()),
});

/** Writes what every tab shows and what the app printed. */
async function record(pages, app, testInfo) {
  for (const [at, { tab }] of pages.entries()) {
    const body = await tab.run(() => `${location.href}\n${document.body.innerText}`).catch(({ message }) => message);
    await writeFile(testInfo.outputPath(`tab-${at + 1}.txt`), body);
    await writeFile(testInfo.outputPath(`tab-${at + 1}.png`), await tab.picture().catch(() => ''));
  }
  await writeFile(testInfo.outputPath('app.txt'), app.output());
}
