//! Okta's own JavaScript SDK: the tested releases, modes and clients.

import * as v7 from 'okta-auth-js-7';
import * as v8 from 'okta-auth-js-8';

export const REDIRECT_URI = 'http://localhost:8080/login/callback';

const SDKS = [
  { name: 'okta-auth-js 7.14.5', OktaAuth: v7.OktaAuth, isStepwise: false },
  { name: 'okta-auth-js 8.0.1', OktaAuth: v8.OktaAuth, isStepwise: false },
  { name: 'okta-auth-js 8.0.1 in step mode', OktaAuth: v8.OktaAuth, isStepwise: true },
];

/** Every SDK release, in every mode, as every kind of client; `connect(org, { clientId, … })` starts without state. */
export const CLIENTS = SDKS.flatMap(({ name, OktaAuth, isStepwise }) =>
  [true, false].map((isConfidential) => ({
    title: `${name}, ${isConfidential ? 'confidential' : 'public'} client`,
    isStepwise,
    isConfidential,
    connect: (org, options) => connect(OktaAuth, org, { idx: { enableLegacyMode: !isStepwise }, ...options }),
  })),
);

const DEFAULT = {
  true: { clientId: 'latchkey', clientSecret: 'latchkey-dev-secret' },
  false: { clientId: 'latchkey-public' },
};

/** The clients in legacy mode, at the default org's own applications: `[title, connect]`. */
export const COMBINATIONS = CLIENTS.filter(({ isStepwise }) => !isStepwise).map(atTheDefaultApps);
export const PUBLIC = CLIENTS.filter(({ isStepwise, isConfidential }) => !isStepwise && !isConfidential).map(atTheDefaultApps);

/** The newest release in step mode, its default: each call names the step that it answers. */
export const stepwise = atTheDefaultApps(CLIENTS.findLast(({ isStepwise }) => isStepwise))[1];

function atTheDefaultApps({ title, isConfidential, connect: plain }) {
  return [title, (org, options = {}) => plain(org, { ...DEFAULT[isConfidential], ...options })];
}

function connect(OktaAuth, org, options) {
  const client = new OktaAuth({
    issuer: org.issuer,
    redirectUri: REDIRECT_URI,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    ...options,
  });
  // In Node all clients of the SDK share one storage.
  client.transactionManager.clear({ clearSharedStorage: true });
  client.tokenManager.clear();
  return client;
}
