//! Light mode, and a language from right to left, in every engine.

import { paper } from './contrast.mjs';
import { field, heading } from './page.mjs';
import { speak } from './person.mjs';
import { expect, test } from './test.mjs';

test('the page shows Arabic from right to left', async ({ page }) => {
  await page.visit('/');
  await page.see(field('Password'));
  await speak(page, 'ar');
  await page.see(heading('تسجيل الدخول'));
  const seen = await page.run(() => {
    const { lang, dir } = document.documentElement;
    return { lang, dir, scrolls: document.documentElement.scrollWidth > innerWidth };
  });
  expect(seen).toEqual({ lang: 'ar', dir: 'rtl', scrolls: false });
  const form = await page.run(() => {
    const box = (element) => element.getBoundingClientRect();
    const label = document.querySelector('label[for]');
    const words = document.createRange();
    words.selectNodeContents(label);
    return { label: words.getBoundingClientRect().right, field: box(document.querySelector('input')).right };
  });
  expect(Math.abs(form.label - form.field)).toBeLessThan(2);
});

test('in light mode every text has enough contrast', async ({ page }) => {
  await page.visit('/');
  await page.see(field('Password'));
  expect(await paper(page)).toBeGreaterThan(0.5);
});
