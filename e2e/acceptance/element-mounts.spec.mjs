//! Acceptance: an element that a page mounts and removes many times leaves nothing behind.

import { heading, username } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { visitShop } from '../shop.mjs';
import { expect, test } from '../test.mjs';

const MAX_GROWTH_BYTES = 1024 * 1024;

test.use({ policies: PASSWORD_ALONE });

test('after a hundred mounts and removals the heap has grown by less than a megabyte, and the listeners are as many', async ({ page }) => {
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  const mount = (times) =>
    page.evaluate(async (times) => {
      for (let time = 0; time < times; time += 1) {
        document.querySelector('latchkey-sign-in').remove();
        const element = document.createElement('latchkey-sign-in');
        document.body.append(element);
        await element.refresh();
      }
    }, times);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const figures = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  await mount(5);
  const before = await figures();
  await mount(100);
  const after = await figures();
  expect(after.JSHeapUsedSize - before.JSHeapUsedSize).toBeLessThan(MAX_GROWTH_BYTES);
  expect(after.JSEventListeners).toBeLessThanOrEqual(before.JSEventListeners);
  await expect(username(page)).toBeVisible();
});
