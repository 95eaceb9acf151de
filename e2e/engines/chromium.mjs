//! Chromium with the interface of the other engines' drivers, for pictures and measurements side by side.

import { chromium } from '@playwright/test';

import { executablePath, QUIET } from '../world/chromium.mjs';
import { DELETE, ENTER, expression } from './protocol.mjs';

/** Starts Chromium in this look, `light` or `dark`. */
export async function launch(look) {
  const browser = await chromium.launch({ executablePath, args: QUIET });
  return {
    /** A browser without history; `open` opens another tab. */
    async context() {
      const context = await browser.newContext({ colorScheme: look, reducedMotion: 'reduce', locale: 'en-US', ignoreHTTPSErrors: true });
      return { open: async () => new Tab(await context.newPage()), close: () => context.close() };
    },
    stop: () => browser.close(),
  };
}

/** Playwright's names of special keys. */
const KEYS = { [DELETE]: 'Delete', [ENTER]: 'Enter' };

class Tab {
  constructor(page) {
    this.page = page;
  }

  goto(url) {
    return this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  size(width, height) {
    return this.page.setViewportSize({ width, height });
  }

  /** Calls `script` in the page; arguments and result go as JSON. */
  async run(script, ...values) {
    const result = await this.page.evaluate(expression(script, values));
    return result === undefined ? undefined : JSON.parse(result);
  }

  click(x, y) {
    return this.page.mouse.click(x, y);
  }

  async type(text) {
    for (const letter of text) await this.page.keyboard.press(KEYS[letter] ?? letter);
  }

  picture() {
    return this.page.screenshot({ caret: 'hide' });
  }
}
