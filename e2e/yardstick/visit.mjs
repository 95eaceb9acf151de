//! One visit: a browser that has never been here opens a page, a person types their name, and we look at the clock.

import { readFileSync } from 'node:fs';

import { chromium } from '@playwright/test';

import { executablePath, QUIET } from '../world/chromium.mjs';
import { impose, relieve } from './conditions.mjs';
import { Wire } from './wire.mjs';

const PROBE = readFileSync(new URL('probe.js', import.meta.url), 'utf8');
const NAME = 'mary';
const PASSWORD = 'Correct-Horse-9';
const QUIET_MS = 1500;
const PATIENCE_MS = 60_000;
const MEBIBYTE = 2 ** 20;

// Nothing but loopback resolves: what a page would fetch elsewhere fails, instead of being measured.
const ARGUMENTS = [...QUIET, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

/** Opens `host` under `condition`; throws when the page does not become usable. */
export async function visit(host, condition) {
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    const cdp = await page.context().newCDPSession(page);
    const wire = new Wire(cdp);
    const errors = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    const asked = ({ payload }) => typeFirstLetter(cdp, JSON.parse(payload));
    cdp.on('Runtime.bindingCalled', asked);
    for (const domain of ['Network', 'Page', 'Runtime']) await cdp.send(`${domain}.enable`);
    await cdp.send('Runtime.addBinding', { name: 'yardstickAsks' });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: PROBE });
    await impose(cdp, condition);
    await cdp.send('Page.navigate', { url: host.url });
    const figures = await settled(cdp, wire, errors);
    cdp.off('Runtime.bindingCalled', asked);
    const { lastMs, ...traffic } = wire.soFar(host.url);
    // The letter can be in before the picture is out; a person would not have typed it yet.
    const usableMs = Math.max(figures.painted, figures.landed);
    const heap = await memory(cdp);
    await relieve(cdp);
    await signIn(cdp, host);
    refuse(errors);
    return {
      ...traffic,
      paintedMs: figures.painted,
      usableMs,
      settledMs: Math.max(usableMs, figures.long.end, lastMs),
      longTasks: figures.long.count,
      longTaskMs: figures.long.total,
      ...heap,
    };
  } finally {
    await browser.close();
  }
}

// Three clicks, because a letter may be left over from a try whose focus was lost. Nothing is awaited in between:
// the browser keeps the order, and on a busy page each answer would be late.
function typeFirstLetter(cdp, { x, y }) {
  const mouse = { x, y, button: 'left', clickCount: 3 };
  const sent = [
    cdp.send('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed' }),
    cdp.send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased' }),
    cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: NAME[0], text: NAME[0] }),
    cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: NAME[0] }),
  ];
  // The page may go away in the middle of it; whether the letter arrived is asked elsewhere.
  Promise.allSettled(sent);
}

/** Waits until the letter has stayed and neither the network nor the processor has been at work for a while. */
async function settled(cdp, wire, errors) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await wire.quiet(QUIET_MS, until);
    refuse(errors);
    const figures = await ask(cdp, 'yardstickFigures()');
    if (figures.holds && figures.painted && figures.now - figures.long.end > QUIET_MS) return figures;
    if (Date.now() > until) throw new Error('no username field took what was typed and kept it');
    await ask(cdp, 'new Promise((resolve) => requestAnimationFrame(resolve))');
  }
}

function refuse(errors) {
  if (errors.length) throw new Error(`the page's scripts failed: ${errors[0]}`);
}

/** What is left after collecting: the objects of scripts, and beside them their buffers and what WebAssembly uses. */
async function memory(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
  return { heapMiB: usedSize / MEBIBYTE, besideMiB: (backingStorageSize + (await webAssembly(cdp))) / MEBIBYTE };
}

// No counter of Chromium's includes these, so the objects themselves are asked.
async function webAssembly(cdp) {
  const { result } = await cdp.send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
  const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: result.objectId });
  const sum = await cdp.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }',
    returnByValue: true,
  });
  return sum.result.value;
}

/** The rest of the name is typed where the letter was, so a form that only looked alive is found out. */
async function signIn(cdp, host) {
  await type(cdp, NAME.slice(1));
  const { x, y } = await ask(cdp, 'yardstickPassword()');
  for (const kind of ['mousePressed', 'mouseReleased']) {
    await cdp.send('Input.dispatchMouseEvent', { type: kind, x, y, button: 'left', clickCount: 1 });
  }
  await type(cdp, PASSWORD);
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', text: '\r', windowsVirtualKeyCode: 13 });
  await host.heard(({ body }) => body.includes(NAME) && body.includes(PASSWORD));
}

async function type(cdp, text) {
  for (const letter of text) {
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: letter, text: letter });
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: letter });
  }
}

async function ask(cdp, expression) {
  const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}
