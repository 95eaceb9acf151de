//! Contrast of texts and of the edges of controls.

import { expect } from '@playwright/test';

/** The minimum contrast of text and of the edge of a control: https://www.w3.org/TR/WCAG22/#contrast-minimum. */
const [TEXT, EDGE] = [4.5, 3];

/** Expects enough contrast everywhere on the page, and returns the luminance of its background: 0 is black, 1 is white. */
export async function paper(page) {
  const { texts, edges, paper } = await page.run(contrasts);
  expect(texts.length).toBeGreaterThan(4);
  expect(edges.length).toBeGreaterThan(1);
  expect([...texts.filter(({ ratio }) => ratio < TEXT), ...edges.filter(({ ratio }) => ratio < EDGE)]).toEqual([]);
  return paper;
}

/** Runs in the page, so it may not use anything outside. */
function contrasts() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  /** Any CSS colour as red, green, blue and opacity. */
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, alpha], under) => [r, g, b].map((part, at) => part * alpha + under[at] * (1 - alpha));
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const parent = (element) => element.parentElement ?? element.getRootNode().host;
  /** The colour behind an element; without a background, the canvas of a page is white. */
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, behind(parent(element)));
  };
  const all = (root) => [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  const isSeen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).clipPath === 'none';
  const seen = all(document).filter(isSeen);
  const hasWords = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const texts = seen
    .filter((element) => hasWords(element) && !element.matches('option, style, script, title'))
    .map((element) => {
      const under = behind(element);
      return { text: element.textContent.trim().slice(0, 40), ratio: ratio(over(rgba(getComputedStyle(element).color), under), under) };
    });
  const edges = seen
    .filter((element) => element.matches('input:not([type=hidden]), button[type=submit], .field__input'))
    .map((element) => {
      const around = behind(parent(element));
      const { borderTopColor, backgroundColor } = getComputedStyle(element);
      const own = [over(rgba(borderTopColor), around), over(rgba(backgroundColor), around)];
      return { text: element.name || element.textContent, ratio: Math.max(...own.map((colour) => ratio(colour, around))) };
    });
  return { texts, edges, paper: luminance(behind(document.body)) };
}
