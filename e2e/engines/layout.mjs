//! The layout of a form: fields are below their labels, nothing overlaps, and everything fits the window.

import { expect } from '@playwright/test';

/** The minimum width of a field, and the minimum height of a touch target: https://www.w3.org/TR/WCAG22/#target-size-enhanced. */
const [FIELD_WIDTH, TARGET_HEIGHT] = [200, 44];

/** Expects a well laid-out form. */
export async function isLaidOut(page) {
  const { fields, buttons, overlaps, isScrolled } = await page.run(layout);
  expect(fields.length).toBeGreaterThan(0);
  expect(fields.filter(({ width, height, isBelowLabel }) => width < FIELD_WIDTH || height < TARGET_HEIGHT || !isBelowLabel)).toEqual([]);
  expect(buttons.length).toBeGreaterThan(0);
  expect(buttons.filter(({ height }) => height < TARGET_HEIGHT)).toEqual([]);
  expect(overlaps).toEqual([]);
  expect(isScrolled, 'the page is wider than the window').toBe(false);
}

/** Runs in the page, so it may not use anything outside. */
function layout() {
  const isSeen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).clipPath === 'none';
  const inputs = [...document.querySelectorAll('main :is(input, select):not([type=checkbox], [type=radio], [type=hidden])')].filter(isSeen);
  const submits = [...document.querySelectorAll('main [type=submit]')].filter(isSeen);
  const texts = [...document.querySelectorAll('main :is(h1, p, label)')].filter((element) => isSeen(element) && element.textContent.trim());
  const box = (element) => element.getBoundingClientRect();
  const nameOf = (element) => element.name || element.textContent.trim().slice(0, 40);
  const fields = inputs.map((input) => {
    const { width, height, top } = box(input);
    return { name: nameOf(input), width, height, isBelowLabel: [...input.labels].every((label) => box(label).bottom <= top + 1) };
  });
  const solid = [...inputs, ...submits, ...texts];
  const overlap = (one, other) => {
    const [a, b] = [box(one), box(other)];
    return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  };
  const isInside = (one, other) => one.contains(other) || other.contains(one);
  const isTicked = (element) => element.matches('label') && element.control?.matches('[type=checkbox], [type=radio]');
  const overlaps = solid.flatMap((one, at) =>
    solid.slice(at + 1).filter((other) => !isInside(one, other) && !isTicked(one) && !isTicked(other) && overlap(one, other)).map((other) => [nameOf(one), nameOf(other)]),
  );
  return {
    fields,
    buttons: submits.map((button) => ({ name: nameOf(button), height: box(button).height })),
    overlaps,
    isScrolled: document.documentElement.scrollWidth > innerWidth,
  };
}
