//! The keys of messages and labels that the client counts are those that Okta publishes with its widget.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const file = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const WIDGET = '../node_modules/@okta/okta-signin-widget/dist';
const TEXTS = '../../frontend/text';

/** The catalogue: English texts by key. */
const CATALOGUE = new Map(
  file(`${WIDGET}/labels/properties/login.properties`)
    .split('\n')
    .map((line) => /^([A-Za-z][^=\s]*)\s*=\s*(.*)$/.exec(line)?.slice(1))
    .filter(Boolean),
);

/** What an org sends, and the key that the widget has for it: the path to an input, or the key of a message. */
const MAPPED = ['ion/i18nUtils.js', 'view-builder/views/enroll-profile/i18nBaseAttributeMappings.js']
  .flatMap((path) => [...file(`${WIDGET}/esm/src/v2/${path}`).matchAll(/'([\w.-]+)': '([\w.-]+)'/g)])
  .map(([, sent, key]) => ({ sent, key }))
  .filter(({ key }) => CATALOGUE.has(key));
/** A path to an input begins with the name of its remediation. */
const PATH =
  /^(identify|select-|unlock-|enroll-|enrollment-|authenticator-|challenge-|reset-|reenroll-|profile-|user-code)/;

/**
 * The rule for messages: an org sends them with an `i18n.key`. The keys that match none of these are labels, texts that the
 * widget makes by itself, and those of the older sign-in API.
 */
const MESSAGES = [
  /^errors\.E\d+$/,
  /^E\d+$/,
  /^idx\.(?!return\.link\.otponly|device_assurance\.grace_period\.continue)/,
  /^(api|authfactor|core|securityQuestion|user\.fail|registration\.error)\./,
  /^(tagsNotAllowed|registration\.default\.callbackhook\.error|password\.common)$/,
  /^oie\.(selfservice|feature\.disabled|configuration\.error|assurance|invalid\.recovery|post\.password|tooManyRequests)/,
  /^oie\.(password\.incorrect|phone\.invalid|registration\.is|forgot\.password\.is|return\.to\.original\.tab)/,
  /^oie\.(browser|webauthn|webauthn\.passkeysRebrand)\.error/,
  /^oie\.authenticator\..*(error|non_fips|enable\.biometrics|force\.upgrade)/,
];
/** Parts of the widget's pages. */
const DRAWN = /^oie\..*\.(title|description|point\d)$|\.prefix$/;
/**
 * The rule for labels: an org sends the text of an input, a question or a scope in English and without a key, and the widget
 * finds a key by its place or its value.
 */
const LABELS = /^(security|consent\.scopes)\./;

const messages = [...CATALOGUE.keys()]
  .filter((key) => MESSAGES.some((pattern) => pattern.test(key)) && !DRAWN.test(key))
  .sort();
const ofInputs = MAPPED.filter(({ sent }) => PATH.test(sent)).map(({ key }) => key);
const labels = [...new Set([...ofInputs, ...[...CATALOGUE.keys()].filter((key) => LABELS.test(key))])];

test('the list of keys is the one of the published catalogue', () => {
  assert.equal(CATALOGUE.size, 1390);
  const listed = file('../../frontend/src/text/okta_keys.txt').split('\n').filter(Boolean);
  assert.deepEqual(messages, listed);
});

test('some 400 keys of the catalogue are messages or labels that an org sends', () => {
  const own = labels.filter((key) => !messages.includes(key));
  assert.deepEqual({ messages: messages.length, labels: own.length }, { messages: 266, labels: 164 });
});

test('a message that the widget calls by another key has our words', () => {
  const ours = file('../../frontend/src/text/org_messages.rs');
  const sent = MAPPED.map(({ sent }) => sent).filter((sent) => !PATH.test(sent));
  assert.ok(sent.length >= 15, String(sent));
  assert.deepEqual(
    sent.filter((key) => !ours.includes(`"${key}"`)),
    [],
  );
});

test('labels of the org have our words in every language, or are the text of the org', () => {
  const languages = readdirSync(new URL(TEXTS, import.meta.url)).filter((name) => name !== 'en-XA.json');
  assert.equal(languages.length, 10, 'and English');
  const texts = languages.map((name) => JSON.parse(file(`${TEXTS}/${name}`)));
  const ours = labels.filter((key) => texts.every((text) => CATALOGUE.get(key) in text));
  // The number may only grow.
  assert.equal(ours.length, 47, `of ${labels.length}`);
});
