//! Passkeys: what the browser is asked for, and what the step is answered with.

import assert from 'node:assert/strict';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { built } from './built.mjs';

const { passkey } = await import(pathToFileURL(path.join(await built(), 'client/index.js')));

const bytes = (...values) => new Uint8Array(values);
const buffer = (...values) => bytes(...values).buffer;
const real = Object.getOwnPropertyDescriptor(globalThis, 'navigator');

/** A browser that answers with this credential and keeps what it was asked for. */
function browser(response) {
  const asked = [];
  const answer = async (options) => asked.push(options) && { response };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { credentials: { create: answer, get: answer } } });
  return asked;
}

afterEach(() => Object.defineProperty(globalThis, 'navigator', real ?? { configurable: true, value: undefined }));

const step = (contextualData) => ({
  authenticator: { contextualData },
  authenticatorEnrollments: [{ credentialId: '_-8' }, { key: 'okta_email' }],
});

test('a step with activation data is answered with a new passkey, on no device that has one', async () => {
  const asked = browser({ clientDataJSON: buffer(251, 255), attestationObject: buffer(1), getTransports: () => ['internal'] });
  const activationData = { challenge: '-_8=', rp: { name: 'Acme' }, user: { id: '+/8', name: 'mary' }, extensions: { appid: 'https://acme.example.com' } };
  const answer = await passkey(step({ activationData }));
  assert.deepEqual(answer, { clientData: '-_8', attestation: 'AQ', transports: '["internal"]', clientExtensions: '{}' });
  assert.deepEqual(asked[0].publicKey, {
    challenge: bytes(251, 255),
    rp: { name: 'Acme' },
    user: { id: bytes(251, 255), name: 'mary' },
    excludeCredentials: [{ type: 'public-key', id: bytes(255, 239) }],
  });
});

test('a step with challenge data is answered with one of the passkeys of the person', async () => {
  const asked = browser({ clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: buffer(4) });
  const { signal } = new AbortController();
  const challenge = step({ challengeData: { challenge: 'AQ', rpId: 'example.com', allowCredentials: [], userVerification: 'preferred' } });
  assert.deepEqual(await passkey(challenge, { signal }), { clientData: 'AQ', authenticatorData: 'Ag', signatureData: 'Aw' });
  const { publicKey, ...rest } = asked[0];
  assert.deepEqual(rest, { signal });
  assert.deepEqual(Object.keys(publicKey).sort(), ['allowCredentials', 'challenge', 'rpId', 'userVerification']);
  assert.equal(publicKey.allowCredentials.length, 1);
});

test('a passkey that the browser offers while a username is typed says whose it is', async () => {
  browser({ clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: buffer(4) });
  const answer = await passkey(step({ challengeData: { challenge: 'AQ' } }), { mediation: 'conditional' });
  assert.equal(answer.userHandle, 'BA');
});

test('a step before the username asks whose the passkey is', async () => {
  browser({ clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: buffer(4) });
  const answer = await passkey({ ...step({ challengeData: { challenge: 'AQ' } }), inputs: [{ name: 'userHandle' }] });
  assert.deepEqual(answer, { clientData: 'AQ', authenticatorData: 'Ag', signatureData: 'Aw', userHandle: 'BA' });
});

test('a step that asks for no passkey is a mistake of the page, and a refusal of the person is the browser\'s error', async () => {
  await assert.rejects(passkey({}), TypeError);
  const refusal = new DOMException('The person has cancelled.', 'NotAllowedError');
  const get = () => Promise.reject(refusal);
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { credentials: { get } } });
  await assert.rejects(passkey(step({ challengeData: { challenge: 'AQ' } })), refusal);
});
