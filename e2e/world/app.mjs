//! A Latchkey server with the built client, for one org.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { startPair } from './two-instances.mjs';
import { start } from './process.mjs';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const CLIENT = { id: 'latchkey-e2e', secret: 'e2e-client-secret' };
/** What the account page needs. */
const ACCOUNT = ['password', 'email', 'phone', 'webauthn', 'authenticators'].map((area) => `okta.myAccount.${area}.manage`);
/** The store that two instances share. Without it there is one instance with a memory store. */
const STORE = process.env.LATCHKEY_E2E_STORE;

export class App {
  /** Starts it for `org`, and registers it there with `policies`. */
  static async start(org, policies = {}, env = {}) {
    const settings = {
      LATCHKEY_BIND: '127.0.0.1:0',
      LATCHKEY_ISSUER: org.issuer,
      LATCHKEY_CLIENT_ID: CLIENT.id,
      LATCHKEY_CLIENT_SECRET: CLIENT.secret,
      LATCHKEY_SCOPES: ['openid', 'profile', 'email', 'offline_access', ...ACCOUNT].join(' '),
      LATCHKEY_ASSETS: path.resolve(process.env.LATCHKEY_ASSETS || DIST),
      ...env,
    };
    const servers = STORE ? await startPair(settings, STORE) : await start('latchkey', ['serve'], settings);
    const app = new App(servers, env.LATCHKEY_PUBLIC_URL);
    await app.enrol(org, policies);
    return app;
  }

  constructor(servers, url = servers.url) {
    this.servers = servers;
    this.url = url;
  }

  /** Registers the application at its org. */
  enrol(org, policies = {}) {
    return org.addApp({
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [`${this.url}/login/callback`],
      post_logout_redirect_uris: [this.url],
      trusted_origins: [this.url],
      poll_milliseconds: 500,
      ...policies,
    });
  }

  /** Everything that it printed so far. */
  output() {
    return this.servers.output();
  }

  stop() {
    return this.servers.stop();
  }
}
