//! Shows every recorded response of an org with the real client and server: each must be a form that a person can
//! submit, a wait, or an explained end, without a script error.
//!
//! The recordings are not part of this project. You need a folder of response bodies (`NAME.json`) and optionally an
//! `index.json` beside the folder with the status of each (`mocks[NAME].status`):
//!
//!     RECORDED=/path/to/raw LATCHKEY_ASSETS=../dist node recorded/render.mjs [PART OF A NAME…]
//!
//! It prints a line for each failure and a table of the shown kinds, and ends with 1 if there is a failure.

import { chromium } from '@playwright/test';

import playwright from '../playwright.config.mjs';
import { readRecorded, replayingOrg, startServer } from './replay.mjs';

const TIMEOUT_MS = 8_000;
const AT_ONCE = 2;
/** The headings of pages that a person can close; such a page offers nothing else. */
const CLOSES = /^(Continue in the other tab|You can close this page|Your device is activated)$/;
/** What a page says where the operator has not listed an origin for the frame of a vendor; it names the setting. */
const NO_CAPTCHA = 'This sign-in needs a CAPTCHA that is not set up here.';

const folder = process.env.RECORDED;
if (!folder) throw new Error('Set RECORDED to the folder of the recorded responses.');
const recorded = await readRecorded(folder, process.argv.slice(2));
const browser = await chromium.launch(playwright.use.launchOptions);
const shown = new Map();
const wrong = [];
const queue = [...recorded];
await Promise.all(Array.from({ length: AT_ONCE }, play));
await browser.close();

for (const [name, why] of wrong) console.log(`${name}: ${why}`);
console.log();
for (const [kind, count] of [...shown].sort((one, other) => other[1] - one[1])) console.log(`${String(count).padStart(5)}  ${kind}`);
console.log(`${String(recorded.length).padStart(5)}  recorded responses, ${wrong.length} failed`);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Shows responses one after another, with an org and a server of its own. */
async function play() {
  const org = await replayingOrg();
  const app = await startServer(org);
  for (let one = queue.shift(); one; one = queue.shift()) {
    org.replay(one);
    try {
      const kind = await show(app.url);
      shown.set(kind, (shown.get(kind) ?? 0) + 1);
    } catch (error) {
      wrong.push([one.name, error.message.split('\n')[0]]);
    }
  }
  await app.stop();
  org.close();
}

/** Opens the page, returns what it shows, and submits it if it is a form. */
async function show(url) {
  const context = await browser.newContext({ locale: 'en-US' });
  const errors = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(`console: ${message.text()}`);
    });
    await page.goto(`${url}/login`);
    const kind = await kindOf(page);
    if (kind === 'form') await send(page);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    if (errors.length > 0) throw new Error(errors.join(' · '));
    return kind;
  } finally {
    await context.close();
  }
}

/** The kind of the page: a form, a wait, a device, an end, or a problem. */
async function kindOf(page) {
  const main = page.getByRole('main');
  const signs = {
    problem: main.getByRole('button', { name: 'Try again' }),
    end: main.getByRole('link', { name: /^(Start again|Back to sign in)$/ }),
    device: main.getByRole('button', { name: /^(Set up|Verify)$/ }),
    form: main.locator('[type=submit]'),
    providers: main.getByRole('link', { name: /^Continue with/ }),
    wait: main.getByRole('button', { name: 'Back to sign in' }),
  };
  await page.waitForFunction(isShown, null, { timeout: TIMEOUT_MS });
  if (await main.getByText(NO_CAPTCHA).isVisible()) return 'setting to add';
  for (const [kind, sign] of Object.entries(signs)) {
    if (await sign.first().isVisible()) {
      if (kind === 'problem' && !(await main.locator('p').first().isVisible())) throw new Error('a problem without a text');
      // A form has a link back as well; it is an end only without fields.
      if (kind === 'end' && (await signs.form.first().isVisible())) continue;
      return kind;
    }
  }
  if (await main.getByRole('heading', { level: 1, name: CLOSES }).isVisible()) return 'end';
  throw new Error(`the page offers no action: ${(await main.innerText()).replaceAll('\n', ' | ')}`);
}

/** Whether the page shows a step. The early form is part of the page itself, and a page that still starts has no way out. */
function isShown() {
  const isStarting = document.querySelector('main h1')?.textContent === 'One moment' && !document.querySelector('main button');
  return !document.querySelector('[data-early]') && !isStarting;
}

/** Fills in and submits the form: the page must send a request, or show an error beside a field. */
async function send(page) {
  const main = page.getByRole('main');
  for (const field of await main.getByRole('combobox').all()) await field.selectOption({ index: 1 });
  // The username for password managers is read-only.
  for (const field of await main.locator('input:visible:not([readonly])').all()) {
    const [type, mode] = [await field.getAttribute('type'), await field.getAttribute('inputmode')];
    if (type === 'radio') {
      const group = main.locator(`input[name="${await field.getAttribute('name')}"]`);
      if (!(await group.evaluateAll((radios) => radios.some((radio) => radio.checked)))) await field.check();
    }
    if (type === 'radio' || type === 'checkbox') continue;
    const words = { date: '2001-02-03', email: 'mary@example.com', tel: '+1 555 123 4567', password: 'Correct-Horse-9' }[type];
    await field.fill(words ?? (mode === 'numeric' || mode === 'decimal' ? '123456' : 'mary'));
  }
  const asked = page.waitForRequest((request) => request.method() === 'POST' && /\/api\/idx\//.test(request.url()), { timeout: TIMEOUT_MS });
  const next = page.getByRole('heading', { name: 'What is your phone number?' }).waitFor({ timeout: TIMEOUT_MS });
  await main.locator('[type=submit]').first().click();
  await Promise.any([asked, next]).catch(async () => {
    throw new Error(`the form cannot be submitted: ${(await main.innerText()).replaceAll('\n', ' | ')}`);
  });
}
