//! The keys of messages that the client counts are those that Okta publishes with its widget.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8').split('\n');

/** Keys of messages that an org can send at sign-in. The other keys are labels of the widget, or other products. */
const SENT = [
  /^errors\.E\d+$/,
  /^E\d+$/,
  /^idx\.(?!return\.link\.otponly|device_assurance\.grace_period\.continue)/,
  /^(api|authfactor|core|securityQuestion|user\.fail|registration\.error)\./,
  /^(tagsNotAllowed|registration\.default\.callbackhook\.error)$/,
  /^oie\.(selfservice|feature\.disabled|configuration\.error|assurance|invalid\.recovery|post\.password|tooManyRequests)/,
  /^oie\.(password\.incorrect|phone\.invalid|registration\.is|forgot\.password\.is|return\.to\.original\.tab)/,
  /^oie\.(browser|webauthn|webauthn\.passkeysRebrand)\.error/,
  /^oie\.authenticator\..*(error|non_fips|enable\.biometrics|force\.upgrade)/,
];
/** Parts of the widget's pages. */
const DRAWN = /^oie\..*\.(title|description|point\d)$|\.prefix$/;

test('the list of keys is the one of the published catalogue', () => {
  const catalogue = read('../node_modules/@okta/okta-signin-widget/dist/labels/properties/login.properties');
  const keys = catalogue.map((line) => /^([A-Za-z][^=\s]*)\s*=/.exec(line)?.[1]).filter(Boolean);
  assert.ok(keys.length > 1000, 'the catalogue is read');
  const sent = keys.filter((key) => SENT.some((pattern) => pattern.test(key)) && !DRAWN.test(key));
  assert.deepEqual(sent.sort(), read('../../frontend/src/text/okta_keys.txt').filter(Boolean));
});
