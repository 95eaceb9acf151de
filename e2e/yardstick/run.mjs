//! Compares sign-in pages in Chromium: bytes over the wire, and how soon a person can type a username.

import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { CONDITIONS } from './conditions.mjs';
import { PAGES } from './pages.mjs';
import { medians, moves, ratios, table } from './figures.mjs';
import { serve } from './serve.mjs';
import { visit } from './visit.mjs';

const USAGE = `node e2e/yardstick/run.mjs [--runs N] [--pages ${Object.keys(PAGES).join(',')}] [--json FILE]`;
const UNLESS_TOLD = ['form', 'react', 'widget2', 'latchkey'];

const { runs, names, json } = read(process.argv.slice(2));

const hosts = new Map();
try {
  for (const name of names) hosts.set(name, await serve(await PAGES[name].site()));
  const visits = await takeTurns();
  const figures = medians(visits);
  const compared = ratios(figures);
  const machine = { cores: availableParallelism(), load: loadavg()[1] };
  console.log(`Medians of ${runs}, on ${machine.cores} cores with a load of ${machine.load.toFixed(1)}\n`);
  console.log(table(figures, compared));
  const moving = moves(figures);
  if (moving.length) throw new Error(`Our page moves while it loads: ${moving.join('; ')}.`);
  if (json) await writeFile(json, `${JSON.stringify({ runs, machine, figures, ratios: compared, visits }, null, 2)}\n`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await Promise.all([...hosts.values()].map((host) => host.stop()));
}

// Pages take turns, so that a busy machine slows all of them alike.
async function takeTurns() {
  const visits = [];
  for (let run = 0; run < runs; run += 1) {
    for (const condition of CONDITIONS) {
      for (const name of names) {
        progress(`${run + 1}/${runs}  ${condition.name}  ${PAGES[name].title}`);
        const seen = await visit(hosts.get(name), condition).catch((error) => {
          throw new Error(`${PAGES[name].title} (${condition.name}): ${error.message}`);
        });
        visits.push({ page: name, title: PAGES[name].title, condition: condition.name, ...seen });
      }
    }
  }
  progress('');
  return visits;
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}

function read(args) {
  try {
    const { values } = parseArgs({
      args,
      options: { runs: { type: 'string', default: '5' }, pages: { type: 'string' }, json: { type: 'string' } },
    });
    const names = values.pages?.split(',') ?? UNLESS_TOLD;
    const unknown = names.find((name) => !Object.hasOwn(PAGES, name));
    if (unknown !== undefined) throw new Error(`Unknown page "${unknown}".`);
    const runs = Number(values.runs);
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1 on.');
    return { runs, names, json: values.json };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}
