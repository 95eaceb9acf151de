//! Recorded responses of an org, and an org that answers every call of a flow with one of them.

import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

import { listen } from '../world/loopback.mjs';
import { start } from '../world/process.mjs';
import { answer, issuer } from '../yardstick/org.mjs';

const ION = 'application/ion+json; okta-version=1.0.0';

/** The recorded responses of a folder whose names have one of these parts. */
export async function readRecorded(from, parts) {
  const index = JSON.parse(await readFile(path.join(from, '..', 'index.json'), 'utf8').catch(() => '{}'));
  const names = (await readdir(from)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
  const wanted = names.filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));
  const read = async (name) => ({
    name,
    status: index.mocks?.[name]?.status ?? 200,
    text: await readFile(path.join(from, `${name}.json`), 'utf8'),
  });
  return Promise.all(wanted.sort().map(read));
}

/** An org that answers every call of a flow with one response, and remembers the calls after the first. */
export async function replayingOrg() {
  let current;
  let calls = [];
  const server = createServer(async (request, response) => {
    const origin = `http://localhost:${server.address().port}`;
    const { pathname } = new URL(request.url, origin);
    const ours = answer({ method: request.method, pathname, origin });
    const body = await text(request);
    if (pathname.includes('/oauth2/')) {
      response.writeHead(ours ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(ours?.json ?? { error: 'invalid_grant', error_description: 'It is a recording.' }));
      return;
    }
    if (!pathname.endsWith('/introspect')) calls.push({ path: pathname, body: JSON.parse(body || '{}') });
    response.writeHead(current.status, { 'content-type': ION });
    response.end(here(current.text, origin));
  });
  const port = await listen(server, 'localhost');
  return {
    origin: `http://localhost:${port}`,
    replay: (one) => {
      current = one;
      calls = [];
    },
    calls: () => calls,
    close: () => server.close(),
  };
}

/** The server in front of this org. */
export function startServer(org, env = {}) {
  return start('latchkey', ['serve'], {
    LATCHKEY_BIND: '127.0.0.1:0',
    LATCHKEY_ISSUER: issuer(org.origin),
    LATCHKEY_CLIENT_ID: 'recorded',
    LATCHKEY_CLIENT_SECRET: 'recorded-client-secret',
    LATCHKEY_LIMIT_ADDRESS: 'off',
    LATCHKEY_LIMIT_SESSION: 'off',
    LATCHKEY_LIMIT_IDENTIFIER: 'off',
    ...env,
  });
}

/** A recorded response with this org's addresses and present times. */
function here(recorded, origin) {
  return recorded
    .replaceAll(/("href"\s*:\s*")https?:\/\/[^/"]+/g, `$1${origin}`)
    .replaceAll(/("expiresAt"\s*:\s*")[^"]*/g, '$12099-12-31T23:59:59.000Z');
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
