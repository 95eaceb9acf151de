//! A proxy in front of the app that delays or changes responses, for engines whose driver cannot.

import { createServer, request } from 'node:http';

import { close, listen } from './loopback.mjs';

export class TestProxy {
  static async start() {
    const server = createServer();
    const port = await listen(server);
    return new TestProxy(server, `http://localhost:${port}`);
  }

  #pages = new Map();
  #changes = [];
  #held = [];

  constructor(server, url) {
    this.url = url;
    this.server = server;
    server.on('request', (asked, response) => this.#answer(asked, response).catch(() => response.destroy()));
  }

  /** Forwards all other requests to `url`. */
  passTo(url) {
    this.behind = url;
  }

  /** Serves a page at `path`. */
  show(path, html, policy) {
    this.#pages.set(path, { html, policy });
  }

  /** Holds the responses whose path matches, until the returned function is called. */
  hold(pattern) {
    const held = { pattern };
    held.until = new Promise((resolve) => (held.release = resolve));
    this.#held.push(held);
    return held.release;
  }

  /** Changes the text of every response whose path matches. */
  change(pattern, change) {
    this.#changes.push({ pattern, change });
  }

  /** Removes all pages, holds and changes. */
  reset() {
    for (const { release } of this.#held) release();
    this.#held = [];
    this.#changes = [];
    this.#pages.clear();
  }

  stop() {
    return close(this.server);
  }

  async #answer(asked, response) {
    const { pathname } = new URL(asked.url, this.url);
    const page = this.#pages.get(pathname);
    if (page) return void response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': page.policy }).end(page.html);
    await Promise.all(this.#held.filter(({ pattern }) => pattern.test(pathname)).map(({ until }) => until));
    const changes = this.#changes.filter(({ pattern }) => pattern.test(pathname));
    const headers = { ...asked.headers, ...(changes.length && { 'accept-encoding': 'identity' }) };
    const passed = request(new URL(asked.url, this.behind), { method: asked.method, headers }, async (answer) => {
      if (!changes.length) return void answer.pipe(response.writeHead(answer.statusCode, answer.headers));
      const parts = await answer.toArray();
      const body = changes.reduce((text, { change }) => change(text), Buffer.concat(parts).toString());
      response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': Buffer.byteLength(body) }).end(body);
    });
    passed.on('error', () => response.destroy());
    asked.pipe(passed);
  }
}
