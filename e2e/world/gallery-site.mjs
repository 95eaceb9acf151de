//! The gallery as it is published: its pages and the files of the client in one folder, below any path of a site.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { close, listen } from './loopback.mjs';

const PAGES = fileURLToPath(new URL('../../frontend/gallery', import.meta.url));
const CLIENT = path.resolve(process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../../dist', import.meta.url)));
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.json': 'application/json', '.wasm': 'application/wasm' };
/** Where a site might have it. */
const BELOW = '/design/sign-in/';

/** Serves it until `stop`. */
export async function serveGallery() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const name = pathname.startsWith(BELOW) && path.normalize(pathname.slice(BELOW.length) || 'index.html');
    const body = name && (await readFile(path.join(PAGES, name)).catch(() => readFile(path.join(CLIENT, name))).catch(() => undefined));
    if (!body) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': TYPES[path.extname(name)] ?? 'application/octet-stream' }).end(body);
  });
  const port = await listen(server);
  return {
    url: `http://localhost:${port}${BELOW}`,
    stop: () => close(server),
  };
}
