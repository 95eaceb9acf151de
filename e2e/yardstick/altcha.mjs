//! The proof of work of a CAPTCHA on our page, on a slow phone's processor: how long the longest search of each hash function takes, and
//! the longest time in which the page does not react meanwhile.

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';

import { chromium } from '@playwright/test';

import { executablePath, QUIET } from '../world/chromium.mjs';
import { CONDITIONS, impose } from './conditions.mjs';
import { aligned, median } from './figures.mjs';
import * as latchkey from './latchkey.mjs';
import { PAGES } from './pages.mjs';
import { serve } from './serve.mjs';

/** The bound of a challenge that names none, so its last number is the longest search there is. */
const MAX_NUMBER = 1_000_000;
const MAX_SEARCH_MS = 2_000;
const MAX_BLOCKED_MS = 200;
const SALT = '9be0c1d4a7f2e85b63c0?expires=4102444800';
const SLOW = CONDITIONS.find(({ name }) => name === 'CPU ×4');
const COLUMNS = [
  ['hash function', ({ algorithm }) => algorithm],
  ['longest search', ({ searchMs }) => `${Math.round(searchMs)} ms`],
  ['bound', () => `${MAX_SEARCH_MS} ms`],
  ['longest task', ({ blockedMs }) => `${Math.round(blockedMs)} ms`],
  ['bound', () => `${MAX_BLOCKED_MS} ms`],
];
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const figures = [];
try {
  for (const algorithm of ['SHA-256', 'SHA-384', 'SHA-512']) figures.push({ algorithm, ...(await medians(algorithm)) });
  console.log(`\nALTCHA, ${MAX_NUMBER} numbers at CPU ×${SLOW.slowdown}, medians of ${values.runs}\n\n${aligned(figures, COLUMNS)}`);
  const isOver = ({ searchMs, blockedMs }) => searchMs > MAX_SEARCH_MS || blockedMs > MAX_BLOCKED_MS;
  if (figures.some(isOver)) throw new Error('The proof of work is over its bound.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function medians(algorithm) {
  const site = await PAGES.latchkey.site();
  const host = await serve({ ...site, answer: answers(algorithm) });
  try {
    const visits = [];
    for (let run = 0; run < Number(values.runs); run += 1) visits.push(await visit(host));
    return { searchMs: median(visits.map(({ searchMs }) => searchMs)), blockedMs: median(visits.map(({ blockedMs }) => blockedMs)) };
  } finally {
    await host.stop();
  }
}

/** The responses of our server for a first form with a CAPTCHA, whose number is the last one. */
function answers(algorithm) {
  const challenge = createHash(algorithm.replace('-', '')).update(SALT + MAX_NUMBER).digest('hex');
  const altcha = { algorithm, challenge, maxNumber: MAX_NUMBER, salt: SALT, signature: 'unchecked' };
  const hidden = { type: 'string', required: true, visible: false };
  const form = { value: [{ ...hidden, name: 'captchaId', value: 'altcha', mutable: false }, { ...hidden, name: 'captchaToken' }] };
  return (request) => {
    if (request.pathname === '/api/idx/captcha') return { json: { altcha } };
    const answer = latchkey.answer(request);
    if (!answer?.json?.nextStep) return answer;
    const nextStep = { ...answer.json.nextStep, inputs: [...answer.json.nextStep.inputs, { name: 'captchaVerify', type: 'object', required: true, form }] };
    return { json: { ...answer.json, nextStep, captcha: { type: 'ALTCHA', id: 'altcha' } } };
  };
}

/** One visit of a browser without a cache: from the challenge to the message that the check is complete. */
async function visit(host) {
  const browser = await chromium.launch({ executablePath, args: QUIET });
  try {
    const page = await browser.newPage({ locale: 'en-US' });
    await page.addInitScript(watch);
    await impose(await page.context().newCDPSession(page), SLOW);
    await page.goto(host.url);
    return await (await page.waitForFunction(() => globalThis.search)).jsonValue();
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
function watch() {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });
  const look = () => {
    const [challenge] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/api/idx/captcha'));
    const isComplete = [...document.querySelectorAll('[role=status]')].some(({ textContent }) => textContent.includes('check is complete'));
    if (!challenge || !isComplete) return setTimeout(look, 20);
    const during = tasks.filter(({ startTime, duration }) => startTime + duration > challenge.responseEnd);
    globalThis.search = { searchMs: performance.now() - challenge.responseEnd, blockedMs: Math.max(0, ...during.map(({ duration }) => duration)) };
  };
  look();
}
