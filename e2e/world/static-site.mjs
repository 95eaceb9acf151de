//! A static site on an origin of its own: one page and a folder of files.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { close, listen } from './loopback.mjs';

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.html': 'text/html' };

/** Serves `html` at every address that ends in a slash or names no file, and `folder` below `/assets/`. */
export async function serveSite(html, folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = pathname.startsWith('/assets/') ? path.join(folder, path.normalize(pathname.slice('/assets'.length))) : null;
    try {
      const body = file ? await readFile(file) : html;
      response.setHeader('content-type', file ? (TYPES[path.extname(file)] ?? 'application/octet-stream') : TYPES['.html']);
      // Cached as from a CDN, so that the browser also keeps the compiled scripts.
      if (file) response.setHeader('cache-control', 'max-age=86400, immutable');
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  const port = await listen(server);
  return {
    url: `http://localhost:${port}`,
    stop: () => close(server),
  };
}
