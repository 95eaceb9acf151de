//! One visit: a browser without a cache opens a page, types a username, and measures the time.

import { readFileSync } from 'node:fs';

import { chromium } from '@playwright/test';

import { executablePath, QUIET } from '../world/chromium.mjs';
import { impose, relieve } from './conditions.mjs';
import { Wire } from './wire.mjs';

const PROBE = readFileSync(new URL('probe.js', import.meta.url), 'utf8');
const NAME = 'mary';
const PASSWORD = 'Correct-Horse-9';
const QUIET_MS = 1500;
const TIMEOUT_MS = 60_000;
const MEBIBYTE = 2 ** 20;

// Only loopback resolves, so requests to other hosts fail instead of being measured.
const ARGUMENTS = [...QUIET, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

/** Opens `host` under `condition`; throws if the page does not become usable. */
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
    // The letter can be in the field before the first paint; a person would not have typed it yet.
    const usableMs = Math.max(figures.painted, figures.landed);
    const heap = await memory(cdp);
    await relieve(cdp);
    const interactionMs = await signIn(cdp, host);
    refuse(errors);
    return {
      ...traffic,
      paintedMs: figures.painted,
      usableMs,
      settledMs: Math.max(usableMs, figures.long.end, lastMs),
      shift: figures.shift,
      buttonMoves: figures.buttonMoves,
      interactionMs,
      longTasks: figures.long.count,
      longTaskMs: figures.long.total,
      ...heap,
    };
  } finally {
    await browser.close();
  }
}

// Three clicks select the letter of an earlier try. Nothing is awaited in between:
// the browser keeps the order, and a busy page responds late.
function typeFirstLetter(cdp, { x, y }) {
  const mouse = { x, y, button: 'left', clickCount: 3 };
  const sent = [
    cdp.send('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed' }),
    cdp.send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased' }),
    cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: NAME[0], text: NAME[0] }),
    cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: NAME[0] }),
  ];
  // The page may be unloaded meanwhile; another check sees whether the letter arrived.
  Promise.allSettled(sent);
}

/** Waits until the letter stayed, and the network and the processor were idle for a while. */
async function settled(cdp, wire, errors) {
  const until = Date.now() + TIMEOUT_MS;
  for (;;) {
    await wire.quiet(QUIET_MS, until);
    refuse(errors);
    const figures = await ask(cdp, 'yardstickFigures()');
    if (figures.holds && figures.painted && figures.now - figures.long.end > QUIET_MS) return figures;
    if (Date.now() > until) throw new Error('no username field kept the typed letter');
    await ask(cdp, 'new Promise((resolve) => requestAnimationFrame(resolve))');
  }
}

function refuse(errors) {
  if (errors.length) throw new Error(`the page's scripts failed: ${errors[0]}`);
}

/** Memory after a garbage collection: the scripts' objects, and their buffers and WebAssembly memory. */
async function memory(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
  return { heapMiB: usedSize / MEBIBYTE, besideMiB: (backingStorageSize + (await ask(cdp, 'yardstickMemory()'))) / MEBIBYTE };
}

/** Types the rest of the name and a password, and submits: a form that only looks usable fails here. Returns the longest interaction. */
async function signIn(cdp, host) {
  await type(cdp, NAME.slice(1));
  const { x, y } = await ask(cdp, 'yardstickPassword()');
  for (const kind of ['mousePressed', 'mouseReleased']) {
    await cdp.send('Input.dispatchMouseEvent', { type: kind, x, y, button: 'left', clickCount: 1 });
  }
  await type(cdp, PASSWORD);
  const typedMs = await ask(cdp, 'yardstickInteraction()');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', text: '\r', windowsVirtualKeyCode: 13 });
  await host.heard(({ body }) => body.includes(NAME) && body.includes(PASSWORD));
  // A form without a script leaves its page.
  const sentMs = await ask(cdp, 'yardstickInteraction()').catch(() => 0);
  return Math.max(typedMs, sentMs);
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
