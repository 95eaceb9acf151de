//! Okta's own JavaScript SDK, in the versions and as the clients it is run here.

import * as v7 from 'okta-auth-js-7';
import * as v8 from 'okta-auth-js-8';

export const REDIRECT_URI = 'http://localhost:8080/login/callback';

const VERSIONS = { '7.14.5': v7.OktaAuth, '8.0.1': v8.OktaAuth };
const CLIENTS = {
  confidential: { clientId: 'latchkey', clientSecret: 'latchkey-dev-secret' },
  public: { clientId: 'latchkey-public' },
};

/** Every version as every kind of client: `[title, connect]`, where `connect(org)` is a client with nothing remembered. */
export const COMBINATIONS = Object.keys(CLIENTS).flatMap(versions);
export const CONFIDENTIAL = versions('confidential');
export const PUBLIC = versions('public');

function versions(kind) {
  return Object.entries(VERSIONS).map(([version, OktaAuth]) => [
    `okta-auth-js ${version}, ${kind} client`,
    (org, options = {}) => connect(OktaAuth, { ...CLIENTS[kind], ...options }, org),
  ]);
}

/** The newest version in step mode, its default: each call names the step it answers. */
export function stepwise(org, options = {}) {
  return connect(v8.OktaAuth, { ...CLIENTS.public, idx: {}, ...options }, org);
}

function connect(OktaAuth, options, org) {
  const client = new OktaAuth({
    issuer: org.issuer,
    redirectUri: REDIRECT_URI,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    idx: { enableLegacyMode: true },
    ...options,
  });
  // In Node the SDK keeps one storage a process, whatever the client.
  client.transactionManager.clear({ clearSharedStorage: true });
  client.tokenManager.clear();
  return client;
}
