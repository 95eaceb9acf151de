//! Sites that are neighbours under one domain, each at an https origin of its own, as a company has them.

import { request } from 'node:http';
import { createServer } from 'node:https';

import { certificate } from './certificate.mjs';

/** Browsers find whatever ends so on this machine; what stands before it is a domain like any other. */
export const DOMAIN = 'company.localhost';

export class Neighbours {
  static async start() {
    const server = createServer(certificate());
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Neighbours(server);
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

  /** The origin of `name`, whether anything is there yet or not. */
  origin(name) {
    return `https://${name}.${DOMAIN}:${this.server.address().port}`;
  }

  /** Puts a page there, under a policy of its own. */
  show(name, html, policy) {
    const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
    this.#sites.set(this.origin(name), (_, response) => response.writeHead(200, headers).end(html));
  }

  /** Puts a page at a site that is no neighbour, and says where that is. */
  showAbroad(html) {
    const origin = `https://rival.localhost:${this.server.address().port}`;
    this.#sites.set(origin, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
    return origin;
  }

  /** Stands in front of a server that speaks plain http. */
  pass(name, url) {
    this.#sites.set(this.origin(name), (asked, response) => {
      const { method, headers } = asked;
      const passed = request(new URL(asked.url, url), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      asked.pipe(passed);
    });
  }

  stop() {
    return new Promise((resolve) => {
      this.server.closeAllConnections();
      this.server.close(resolve);
    });
  }
}
