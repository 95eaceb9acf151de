//! The bare form and Latchkey in three engines: how soon a form is visible, and how soon the program has started.

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import * as chromium from '../engines/chromium.mjs';
import * as firefox from '../engines/firefox.mjs';
import * as webkit from '../engines/webkit.mjs';
import { engineTable } from './figures.mjs';
import { PAGES } from './pages.mjs';
import { file, serve } from './serve.mjs';

const ENGINES = { Chromium: chromium, Firefox: firefox, WebKit: webkit };
const PAUSE_MS = 10;
const TIMEOUT_MS = 30_000;
const PROBE = readFileSync(new URL('form-probe.js', import.meta.url), 'utf8');
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const engines = Object.entries(ENGINES).filter(([name, { PROGRAM }]) => {
  const isThere = name === 'Chromium' || existsSync(PROGRAM ?? '');
  if (!isThere) console.log(`${name} is not installed: skipped`);
  return isThere;
});
const hosts = { form: await serve(probed(await PAGES.form.site())), latchkey: await serve(probed(await PAGES.latchkey.site())) };
try {
  const visits = [];
  for (const [engine, { launch }] of engines) {
    const launched = await launch('light');
    try {
      // The first visit also starts parts of the engine, so it does not count.
      await visit(launched, hosts.form);
      for (let run = 0; run < Number(values.runs); run += 1) {
        for (const [page, host] of Object.entries(hosts)) visits.push({ engine, page, ...(await visit(launched, host)) });
      }
    } finally {
      // An engine that still runs would keep this program from ending.
      await launched.stop();
    }
  }
  console.log(`\nMedians of ${values.runs}; ratios to the bare form in the same engine\n\n${engineTable(visits)}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await Promise.all(Object.values(hosts).map((host) => host.stop()));
}

/** The site with a script in its head that records when a field can be typed into. It costs both pages the same. */
function probed(site) {
  const index = site.files.get('/index.html').body.toString();
  site.files.set('/form-probe.js', file('form-probe.js', PROBE));
  site.files.set('/index.html', file('index.html', index.replace('<head>', '<head><script src="/form-probe.js"></script>')));
  return site;
}

/** One visit of a browser without a cache. */
async function visit(launched, host) {
  const context = await launched.context();
  const tab = await context.open();
  await tab.goto(host.url);
  for (const late = Date.now() + TIMEOUT_MS; Date.now() < late; await setTimeout(PAUSE_MS)) {
    const { usableMs, programMs } = (await tab.run(() => globalThis.formProbe).catch(() => undefined)) ?? {};
    if (usableMs === undefined || programMs === undefined) continue;
    await context.close();
    return { usableMs, programMs };
  }
  throw new Error(`${host.url} shows no form with a password`);
}
