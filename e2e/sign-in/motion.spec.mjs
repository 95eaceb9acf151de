//! From screen to screen: the card takes its new height, and the screens cross over in the direction of travel.

import { button, heading, identify, offer, password, REFUSED, speak, started, username } from '../person.mjs';
import { expect, MOVING, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

/** The animations so far: what moved, and how. */
const moves = (page) => page.evaluate(() => globalThis.moves.splice(0));

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const { animate } = Element.prototype;
    globalThis.moves = [];
    Element.prototype.animate = function (frames, options) {
      const typed = [...this.querySelectorAll('input:not([type=checkbox])')].map(({ value }) => value).filter(Boolean);
      globalThis.moves.push({ name: this.localName, isPicture: this.inert, typed, ids: this.querySelectorAll('[id]').length, ...frames });
      return animate.call(this, frames, options);
    };
  });
});

test.describe('for most people', () => {
  test.use(MOVING);

  test('a step forward comes from where one reads on to, and a step back from the other side', async ({ page }) => {
    await page.goto('/');
    await started(page);
    const before = (await page.locator('main').boundingBox()).height;
    await identify(page);
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
    const [card, leaving, coming] = await moves(page);
    expect(card).toMatchObject({ name: 'main', height: [`${before}px`, expect.stringMatching(/^\d+px$/)] });
    expect(card.height[1]).not.toBe(card.height[0]);
    expect(leaving).toMatchObject({ isPicture: true, opacity: [1, 0], translate: ['0', '-24px'], ids: 0 });
    expect(coming).toMatchObject({ isPicture: false, opacity: [0, 1], translate: ['24px', '0'] });
    await expect(page.locator('main section')).toHaveCount(1);
    await page.goBack();
    await expect(username(page)).toBeVisible();
    const [, left, came] = await moves(page);
    expect([left.translate, came.translate]).toEqual([['0', '24px'], ['-24px', '0']]);
  });

  test('a screen that leaves is a picture without the password', async ({ page }) => {
    await page.goto('/');
    await started(page);
    await identify(page);
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
    const [, leaving] = await moves(page);
    expect(leaving.typed).toEqual([MARY.login]);
  });

  test('from right to left, forward is to the left', async ({ page }) => {
    await page.goto('/');
    await started(page);
    await speak(page, 'ar');
    await moves(page);
    await page.locator('main a[href="/recover-password"]').click();
    await expect(page).toHaveURL(/\/recover-password$/);
    await expect.poll(() => page.evaluate(() => globalThis.moves.length)).toBe(3);
    const [, leaving, coming] = await moves(page);
    expect([leaving.translate, coming.translate]).toEqual([['0', '24px'], ['-24px', '0']]);
  });

  test('a refused answer moves nothing', async ({ page }) => {
    await page.goto('/');
    await started(page);
    await username(page).fill(MARY.login);
    await password(page).fill('wrong');
    await button(page, 'Next').click();
    await expect(page.getByText(REFUSED)).toBeVisible();
    expect(await moves(page)).toEqual([]);
  });
});

test('there is none of it for people who want less motion', async ({ page }) => {
  await page.goto('/');
  await started(page);
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await offer(page, 'Back to sign in').click();
  await expect(username(page)).toBeVisible();
  expect(await moves(page)).toEqual([]);
});
