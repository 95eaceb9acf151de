//! A server for one page: compresses every file in advance, caches all alike, and records what was posted.

import { createServer } from 'node:http';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

import { close, listen } from '../world/loopback.mjs';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};
const BEST = 11;
const WHILE_ONE_WAITS = 4;
const TIMEOUT_MS = 20_000;

/** A file in memory: `compressed` comes from the build, or is made here. */
export function file(name, body, compressed = brotli(body, BEST)) {
  return { type: TYPES[path.extname(name)] ?? 'application/octet-stream', body: Buffer.from(body), compressed };
}

/** Serves `site.files`, `site.answer` and, for every other path, the page. */
export async function serve(site) {
  const posted = [];
  const listeners = new Set();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const body = await whole(request);
    if (request.method === 'POST') {
      posted.push({ pathname, body });
      for (const listen of listeners) listen();
    }
    const origin = `http://${request.headers.host}`;
    const answer = site.answer?.({ method: request.method, pathname, origin });
    if (answer) return send(request, response, toResponse(answer));
    const kept = site.files.get(pathname);
    // A missing file must be a 404: the page would be measured in its place.
    if (!kept && path.extname(pathname)) return response.writeHead(404).end();
    return send(request, response, kept ? lasting(kept) : fresh(site.files.get('/index.html'), site.headers));
  });
  /** Resolves when something `like` this is posted, and forgets earlier posts. */
  const heard = (like) => new Promise((resolve, reject) => {
    const end = (settle) => (value) => {
      clearTimeout(late);
      listeners.delete(look);
      posted.length = 0;
      settle(value);
    };
    const late = setTimeout(() => end(reject)(new Error('the typed values were never sent')), site.timeoutMs ?? TIMEOUT_MS);
    const look = () => posted.some(like) && end(resolve)();
    listeners.add(look);
    look();
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    heard,
    stop: () => close(server),
  };
}

const lasting = (kept) => ({ ...kept, status: 200, headers: { 'cache-control': 'public, max-age=31536000, immutable' } });
const fresh = (kept, headers) => ({ ...kept, status: 200, headers: { 'cache-control': 'no-cache', ...headers } });

function toResponse({ status = 200, type = TYPES['.json'], json }) {
  const body = json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
  const compressed = body.length ? brotli(body, WHILE_ONE_WAITS) : body;
  return { status, type, body, compressed, headers: { 'cache-control': 'no-store' } };
}

function send(request, response, { status, type, body, compressed, headers }) {
  // Over plain http Chromium accepts brotli only on loopback, so this also detects a page that was fetched from elsewhere.
  const smaller = compressed.length < body.length && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
  const bytes = smaller ? compressed : body;
  response.writeHead(status, {
    ...headers,
    vary: 'accept-encoding',
    ...(bytes.length && { 'content-type': type, 'content-length': bytes.length }),
    ...(smaller && { 'content-encoding': 'br' }),
  });
  response.end(bytes);
}

async function whole(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function brotli(body, quality) {
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}
