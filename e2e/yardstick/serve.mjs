//! A host for one page: every file compressed beforehand, the same caching for all, and it remembers what was posted.

import { createServer } from 'node:http';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

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
const PATIENCE_MS = 20_000;

/** A file as it is kept: `compressed` is what its maker shipped beside it, or is made here. */
export function file(name, body, compressed = brotli(body, BEST)) {
  return { type: TYPES[path.extname(name)] ?? 'application/octet-stream', body: Buffer.from(body), compressed };
}

/** Serves `site.files`, `site.answer` and, for whatever else is asked, the page itself. */
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
    if (answer) return send(request, response, said(answer));
    const kept = site.files.get(pathname);
    // An address that names a file we do not have must not be answered with the page: it would be measured as one.
    if (!kept && path.extname(pathname)) return response.writeHead(404).end();
    return send(request, response, kept ? lasting(kept) : fresh(site.files.get('/index.html'), site.headers));
  });
  /** Resolves once something has been posted that is `like` this; what was posted before is forgotten then. */
  const heard = (like) => new Promise((resolve, reject) => {
    const end = (settle) => (value) => {
      clearTimeout(late);
      listeners.delete(look);
      posted.length = 0;
      settle(value);
    };
    const late = setTimeout(() => end(reject)(new Error('what was typed was never sent')), site.patienceMs ?? PATIENCE_MS);
    const look = () => posted.some(like) && end(resolve)();
    listeners.add(look);
    look();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    heard,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

const lasting = (kept) => ({ ...kept, status: 200, headers: { 'cache-control': 'public, max-age=31536000, immutable' } });
const fresh = (kept, headers) => ({ ...kept, status: 200, headers: { 'cache-control': 'no-cache', ...headers } });

function said({ status = 200, type = TYPES['.json'], json }) {
  const body = json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
  const compressed = body.length ? brotli(body, WHILE_ONE_WAITS) : body;
  return { status, type, body, compressed, headers: { 'cache-control': 'no-store' } };
}

function send(request, response, { status, type, body, compressed, headers }) {
  // Chromium offers brotli over plain http to loopback alone, so this also notices a page that was fetched otherwise.
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
