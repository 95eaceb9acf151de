//! The fixtures of the tests in other engines: an org and an app as in test.mjs, and a browser of the project's engine.

import { writeFile } from 'node:fs/promises';

import { expect, test as base } from '@playwright/test';

import { App } from '../world/app.mjs';
import { Front } from '../world/front.mjs';
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
  /** What the person has chosen in their system: `light` or `dark`. */
  look: ['light', { option: true, scope: 'worker' }],
  /** What the application asks for, in the words of the org file. */
  policies: [{}, { option: true }],

  /** What the engine may log as an error, because the test brings it about. */
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
      const [org, front] = await Promise.all([Org.start(), Front.start()]);
      const app = await App.start(org, {}, { LATCHKEY_PUBLIC_URL: front.url });
      front.passTo(app.servers.url);
      await use({ org, front, app });
      await app.stop();
      await front.stop();
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

  front: async ({ shared }, use) => {
    await use(shared.front);
    shared.front.reset();
  },

  /** Opens one more tab of the browser that the test has to itself. */
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

/** What every tab was showing, and what the app has printed. */
async function record(pages, app, testInfo) {
  for (const [at, { tab }] of pages.entries()) {
    const body = await tab.run(() => `${location.href}\n${document.body.innerText}`).catch(({ message }) => message);
    await writeFile(testInfo.outputPath(`tab-${at + 1}.txt`), body);
    await writeFile(testInfo.outputPath(`tab-${at + 1}.png`), await tab.picture().catch(() => ''));
  }
  await writeFile(testInfo.outputPath('app.txt'), app.said());
}
