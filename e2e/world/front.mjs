//! What stands in front of the app where a browser cannot be told to wait or to change an answer: a proxy that can.

import { createServer, request } from 'node:http';

export class Front {
  static async start() {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Front(server, `http://localhost:${server.address().port}`);
  }

  #pages = new Map();
  #changes = [];
  #held = [];

  constructor(server, url) {
    this.url = url;
    this.server = server;
    server.on('request', (asked, response) => this.#answer(asked, response).catch(() => response.destroy()));
  }

  /** Where everything goes that is not answered here. */
  passTo(url) {
    this.behind = url;
  }

  /** A page of the site's own. */
  show(path, html, policy) {
    this.#pages.set(path, { html, policy });
  }

  /** Lets no answer through whose path fits, until the function that is given back is called. */
  hold(pattern) {
    const held = { pattern };
    held.until = new Promise((resolve) => (held.release = resolve));
    this.#held.push(held);
    return held.release;
  }

  /** Changes the text of every answer whose path fits. */
  change(pattern, change) {
    this.#changes.push({ pattern, change });
  }

  /** As at the start. */
  reset() {
    for (const { release } of this.#held) release();
    this.#held = [];
    this.#changes = [];
    this.#pages.clear();
  }

  stop() {
    return new Promise((resolve) => {
      this.server.closeAllConnections();
      this.server.close(resolve);
    });
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
