//! The pictures of docs/browsers.md, eight pages in three engines: `SHOTS=1 npx playwright test --config engines.config.mjs --project pictures`.

import { fileURLToPath } from 'node:url';

import { test as base } from '@playwright/test';

import { contactSheet } from '../contact-sheet.mjs';
import { App } from '../world/app.mjs';
import { Org } from '../world/org.mjs';
import * as chromium from './chromium.mjs';
import * as firefox from './firefox.mjs';
import { Page } from './page.mjs';
import { PAGES } from './pages.mjs';
import * as webkit from './webkit.mjs';

const ENGINES = { Chromium: chromium, Firefox: firefox, WebKit: webkit };
const SIZE = [720, 720];
/** The pages that are shown in dark mode. */
const DARK = ['code', 'arabic'];

const test = base.extend({
  org: [
    async ({}, use) => {
      const org = await Org.start();
      await use(org);
      await org.stop();
    },
    { scope: 'worker' },
  ],
  app: [
    async ({ org }, use) => {
      const app = await App.start(org);
      await use(app);
      await app.stop();
    },
    { scope: 'worker' },
  ],
});

for (const [name, visit] of Object.entries(PAGES)) {
  test(`${name} in three engines`, async ({ org, app, page: table }) => {
    test.setTimeout(120_000);
    const pictures = [];
    for (const [engine, { launch }] of Object.entries(ENGINES)) {
      await org.reset();
      await app.enrol(org);
      const launched = await launch(DARK.includes(name) ? 'dark' : 'light');
      const context = await launched.context();
      const tab = await context.open();
      await tab.size(...SIZE);
      const page = new Page(tab, app.url);
      await visit(page, org);
      pictures.push({ title: engine, picture: await page.picture() });
      await context.close();
      await launched.stop();
    }
    await contactSheet(table, pictures, fileURLToPath(new URL(`../../docs/screens/${name}.png`, import.meta.url)));
  });
}
