//! frontend/passkey.js with a fake `navigator.credentials` that records its calls.

import { readFile } from 'node:fs/promises';

import { expect, test } from '@playwright/test';

const SCRIPT = new URL('../frontend/passkey.js', import.meta.url);

/** Sends the questions in order; returns the answers and the calls to the browser. */
async function ask(page, questions, device = {}) {
  const source = `data:text/javascript;base64,${(await readFile(SCRIPT)).toString('base64')}`;
  return page.evaluate(
    async ({ source, questions, device }) => {
      const plain = (value) => {
        if (ArrayBuffer.isView(value)) return [...value];
        if (!value || typeof value !== 'object' || value instanceof AbortSignal) return value && String(value);
        return Array.isArray(value) ? value.map(plain) : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
      };
      const asked = [];
      const answer = (method) => async (options) => {
        asked.push({ method, ...plain(options) });
        if (device.waits) await new Promise((_, stop) => options.signal.addEventListener('abort', () => stop(options.signal.reason)));
        if (device.refusal) throw new DOMException('', device.refusal);
        const parts = { clientDataJSON: [1], attestationObject: [251, 255], authenticatorData: [2], signature: [3], userHandle: [211, 77, 52] };
        if (device.anonymous) parts.userHandle = [];
        const response = Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, Uint8Array.from(bytes).buffer]));
        const getClientExtensionResults = () => (options.publicKey.extensions ? { credProps: { rk: true } } : {});
        return { response: { ...response, getTransports: () => ['usb'] }, getClientExtensionResults };
      };
      const credentials = device.none ? undefined : { create: answer('create'), get: answer('get') };
      Object.defineProperty(navigator, 'credentials', { value: credentials, configurable: true });
      globalThis.PublicKeyCredential = device.none ? undefined : {
        isConditionalMediationAvailable: async () => !device.plain,
        getClientCapabilities: async () => ({ conditionalCreate: !device.plain }),
      };
      const { default: passkey } = await import(source);
      return { answers: await Promise.all(questions.map((question) => passkey(question))), asked };
    },
    { source, questions, device },
  );
}

const MAKE = { ask: 'make', known: ['AQI'], data: { challenge: '-_8', user: { id: 'AAEC', name: 'mary' }, rp: { name: 'Org' }, extensions: { appid: 'https://org.example' } } };
const USE = { ask: 'use', known: ['+/8='], data: { challenge: 'AQ', rpId: 'localhost', extensions: { appid: 'https://org.example' } } };
const OFFER = { ask: 'offer', data: { challenge: 'AQ', userVerification: 'preferred' } };

test('a passkey is created with the options of the org, decoded from base64 and without those of another origin', async ({ page }) => {
  const { answers, asked } = await ask(page, [MAKE]);
  const { signal, ...options } = asked[0];
  expect(signal).toBe('[object AbortSignal]');
  expect(options).toEqual({
    method: 'create',
    publicKey: { challenge: [251, 255], user: { id: [0, 1, 2], name: 'mary' }, rp: { name: 'Org' }, excludeCredentials: [{ type: 'public-key', id: [1, 2] }] },
  });
  expect(answers).toEqual([{ clientData: 'AQ', attestation: '-_8', transports: '["usb"]', clientExtensions: '{}' }]);
});

test('a passkey is used from the list of known ones', async ({ page }) => {
  const { answers, asked } = await ask(page, [USE]);
  expect(asked[0].publicKey).toEqual({ challenge: [1], rpId: 'localhost', allowCredentials: [{ type: 'public-key', id: [251, 255] }] });
  expect(answers).toEqual([{ clientData: 'AQ', authenticatorData: 'Ag', signatureData: 'Aw', userHandle: '0000' }]);
  const { answers: anonymous } = await ask(page, [USE], { anonymous: true });
  expect(anonymous).toEqual([{ clientData: 'AQ', authenticatorData: 'Ag', signatureData: 'Aw' }]);
});

test('a passkey picked by autofill includes its user handle', async ({ page }) => {
  const { answers, asked } = await ask(page, [OFFER]);
  expect(asked[0]).toMatchObject({ method: 'get', mediation: 'conditional', publicKey: { challenge: [1], userVerification: 'preferred' } });
  expect(answers).toEqual([{ clientData: 'AQ', authenticatorData: 'Ag', signatureData: 'Aw', userHandle: '0000' }]);
});

test('the button lets a person pick any passkey, and one that does not say whose it is is refused', async ({ page }) => {
  const pick = { ...OFFER, ask: 'pick' };
  const { answers, asked } = await ask(page, [pick]);
  expect(asked[0]).toMatchObject({ method: 'get', mediation: 'optional', publicKey: { challenge: [1], userVerification: 'preferred' } });
  expect(asked[0].publicKey).not.toHaveProperty('allowCredentials');
  expect(answers[0].userHandle).toBe('0000');
  expect((await ask(page, [pick], { anonymous: true })).answers).toEqual(['invalid']);
  expect((await ask(page, [OFFER], { anonymous: true })).answers).toEqual(['invalid']);
});

test('a passkey is made without asking only where the browser can', async ({ page }) => {
  const upgrade = { ...MAKE, ask: 'upgrade' };
  const { answers, asked } = await ask(page, [upgrade]);
  expect(asked[0]).toMatchObject({ method: 'create', mediation: 'conditional' });
  expect(answers[0]).toHaveProperty('attestation');
  expect(await ask(page, [upgrade], { plain: true })).toEqual({ answers: ['missing'], asked: [] });
});

test('an org that wants resident passkeys takes another one, and hears of their properties', async ({ page }) => {
  const data = { ...MAKE.data, authenticatorSelection: { requireResidentKey: true }, extensions: { credProps: true, appid: 'https://org.example' } };
  const { answers, asked } = await ask(page, [{ ...MAKE, data }]);
  expect(asked[0].publicKey).toMatchObject({ excludeCredentials: [], extensions: { credProps: 'true' } });
  expect(asked[0].publicKey.extensions).not.toHaveProperty('appid');
  expect(answers[0].clientExtensions).toBe('{"credProps":{"rk":true}}');
});

test('the browser gets one request at a time, and a stopped one counts as cancelled', async ({ page }) => {
  const { answers, asked } = await ask(page, [USE, USE, { ask: 'stop' }], { waits: true });
  expect(asked).toHaveLength(2);
  expect(answers).toEqual(['cancelled', 'cancelled', 'cancelled']);
});

for (const [refusal, word] of [['NotAllowedError', 'cancelled'], ['InvalidStateError', 'known'], ['SecurityError', 'domain'], ['NotSupportedError', 'missing']]) {
  test(`${refusal}: ${word}`, async ({ page }) => {
    expect((await ask(page, [MAKE, USE], { refusal })).answers).toEqual([word, word]);
  });
}

test('a browser without passkeys says so, and one without autofill is not asked for it', async ({ page }) => {
  expect((await ask(page, [MAKE, USE, OFFER], { none: true })).answers).toEqual(['missing', 'missing', 'missing']);
  const plain = await ask(page, [OFFER], { plain: true });
  expect(plain).toEqual({ answers: ['missing'], asked: [] });
});
