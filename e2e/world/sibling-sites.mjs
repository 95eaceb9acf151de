//! Sites under one registrable domain, each on an https origin of its own.

import { request } from 'node:http';
import { createServer } from 'node:https';

import { certificate } from './certificate.mjs';
import { close, listen } from './loopback.mjs';

/** Browsers resolve every name under `.localhost` to this machine. */
export const DOMAIN = 'company.localhost';

export class SiblingSites {
  static async start() {
    const server = createServer(certificate());
    await listen(server);
    return new SiblingSites(server);
  }

  #sites = new Map();

  constructor(server) {
    this.server = server;
    server.on('request', (request, response) => {
      const answer = this.#sites.get(`https://${request.headers.host}`);
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    });
  }

  /** The origin of `name`, even if it serves nothing yet. */
  origin(name) {
    return `https://${name}.${DOMAIN}:${this.server.address().port}`;
  }

  /** Serves a page there, with its own content security policy. */
  show(name, html, policy) {
    const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
    this.#sites.set(this.origin(name), (_, response) => response.writeHead(200, headers).end(html));
  }

  /** Serves a page on another registrable domain, and returns its origin. */
  showOtherSite(html) {
    const origin = `https://rival.localhost:${this.server.address().port}`;
    this.#sites.set(origin, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
    return origin;
  }

  /** Forwards requests for `name` to a plain http server, which may know itself by another `host`. */
  pass(name, url, host) {
    this.#sites.set(this.origin(name), (asked, response) => {
      const { method, headers } = asked;
      const passed = request(new URL(asked.url, url), { method, headers: host ? { ...headers, host } : headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      asked.pipe(passed);
    });
  }

  stop() {
    return close(this.server);
  }
}

/** The fixture `sites` of a test. */
export async function sites({}, use) {
  const started = await SiblingSites.start();
  await use(started);
  await started.stop();
}

/** The policy that `docs/element.md` requires of a page with the element of `login`. */
export const policyOf = (login) => `default-src 'none'; script-src ${login} 'wasm-unsafe-eval'; style-src ${login}; connect-src ${login}; img-src data:`;
