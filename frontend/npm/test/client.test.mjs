//! The client against answers that a test gives.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { calls } from '../client/api.mjs';
import { built } from './built.mjs';

const { Client, ConnectionError, pollInterval, ProblemError } = await import(pathToFileURL(path.join(await built(), 'client/index.js')));

const FLOW = '0123456789abcdef01234567';
const CHALLENGE = { name: 'challenge-authenticator', authenticator: { key: 'okta_email' }, poll: { required: false, refresh: 4000 } };
const at = (step, more = {}) => ({ transaction: `${FLOW}.${step}`, status: 'PENDING', nextStep: CHALLENGE, availableSteps: [], enabledFeatures: [], messages: [], ...more });
const problem = (status, code, more = {}) => [status, { code, status, title: code, ...more }];

let requests;
let answers;

/** The next answers of the server, in order: a body, or a status, a body and headers, or an error of the network. */
function answer(...next) {
  answers.push(...next);
}

beforeEach(() => {
  requests = [];
  answers = [];
  mock.method(globalThis, 'fetch', async (input, init) => {
    const request = input instanceof Request ? input : { url: input, ...init, headers: new Headers(init.headers) };
    requests.push(request);
    init?.signal?.throwIfAborted();
    const next = await answers.shift();
    if (next instanceof Error) throw next;
    const [status, body, headers] = Array.isArray(next) ? next : [next === undefined ? 204 : 200, next];
    return new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
  });
  globalThis.window = { sessionStorage: new MemoryStorage() };
});

afterEach(() => {
  mock.reset();
  mock.timers.reset();
  for (const name of ['document', 'window', 'addEventListener', 'removeEventListener']) delete globalThis[name];
});

class MemoryStorage {
  #items = new Map();
  getItem = (name) => this.#items.get(name) ?? null;
  setItem = (name, value) => void this.#items.set(name, value);
  removeItem = (name) => void this.#items.delete(name);
}

const names = () => requests.map(({ headers }) => headers.get('x-transaction'));

test('every call of the description is a method of the client', async () => {
  const client = new Client();
  const made = {
    authenticate: [{}], register: [{}], recoverPassword: [{}], unlockAccount: [{}], activate: [{}], proceed: [{}], poll: [], cancel: [], callback: [{}], captcha: [], current: [],
    session: [], userinfo: [], sessions: [], endSession: ['0123'], endOtherSessions: [], logout: [], openapi: [],
  };
  for (const [method, values] of Object.entries(made)) {
    answer({ ...at(1), sessions: [] });
    await client[method](...values);
  }
  const ofAccount = {
    read: [], changePassword: [{}], addEmail: [{}], challengeEmail: ['0123'], verifyEmail: ['0123', {}], removeEmail: ['0123'],
    addPhone: [{}], challengePhone: ['0123', {}], verifyPhone: ['0123', {}], removePhone: ['0123'],
    passkeyOptions: [], addPasskey: [{}], removePasskey: ['0123'], renameEnrollment: ['autokta', '0123', {}],
  };
  for (const [method, values] of Object.entries(ofAccount)) {
    answer({});
    await client.account[method](...values);
  }
  const called = requests.map(({ method, url }) => `${method} ${url.replace('/0123', '/{id}').replace('/autokta', '/{authenticator}')}`);
  const others = ['GET /healthz', 'GET /readyz', 'GET /login/callback'];
  assert.deepEqual(called.sort(), (await calls()).filter((call) => !others.includes(call)).sort());
  for (const { headers, credentials } of requests) assert.deepEqual([headers.get('x-csrf'), credentials], ['1', 'include']);
});

test('each call names the step that the last answer stood at, and a new flow names none', async () => {
  const client = new Client();
  answer(at(1), at(2), at(3), at(1));
  await client.authenticate();
  await client.proceed({ username: 'mary' });
  await client.poll();
  await client.register();
  assert.deepEqual(names(), [null, `${FLOW}.1`, `${FLOW}.2`, null]);
});

test('a reload finds the flow of its tab, and an ended flow is forgotten', async () => {
  answer(at(4), at(4), at(5, { status: 'SUCCESS', nextStep: undefined }), undefined);
  await new Client().authenticate();
  const reloaded = new Client();
  await reloaded.current();
  await reloaded.proceed({ verificationCode: '123456' });
  assert.equal(await new Client().current(), undefined);
  assert.deepEqual(names(), [null, `${FLOW}.4`, `${FLOW}.4`, null]);
});

test('an answer that comes late does not replace the step of a newer one', async () => {
  const client = new Client();
  let arrive;
  answer(at(1), new Promise((resolve) => (arrive = resolve)), at(3), at(4));
  await client.authenticate();
  const late = client.poll();
  await client.proceed({ authenticator: 'okta_email' });
  arrive(at(1));
  await late;
  await client.proceed({ verificationCode: '123456' });
  assert.equal(names().at(-1), `${FLOW}.3`);
});

test('a step that has been answered already is a problem with the current transaction, and the next call is about that', async () => {
  const client = new Client();
  answer(at(1), problem(409, 'stale_step', { transaction: at(7) }), at(8));
  await client.authenticate();
  await assert.rejects(client.proceed({}), (error) => error instanceof ProblemError && error.transaction.transaction === `${FLOW}.7`);
  await client.proceed({});
  assert.equal(names().at(-1), `${FLOW}.7`);
});

test('a poll whose flow was finished by a mailed link in another tab answers that the person is signed in', async () => {
  for (const refused of [problem(404, 'no_transaction'), problem(401, 'not_signed_in')]) {
    const client = new Client();
    answer(at(1), refused, { authenticated: true, user: { sub: 'mary' } });
    await client.authenticate();
    const { status, nextStep } = await client.poll();
    assert.deepEqual([status, nextStep, requests.at(-1).url], ['SUCCESS', undefined, '/api/session?touch=0']);
  }
});

test('a poll whose flow is gone while no person is signed in is a problem', async () => {
  const client = new Client();
  answer(at(1), problem(404, 'no_transaction'), { authenticated: false });
  await client.authenticate();
  await assert.rejects(client.poll(), { code: 'no_transaction', status: 404 });
});

test('a poll that finds the flow at another step returns it', async () => {
  answer(problem(409, 'stale_step', { transaction: at(7) }));
  assert.equal((await new Client().poll()).transaction, `${FLOW}.7`);
});

test('waiting polls as often as the step asks until something has changed', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const client = new Client();
  answer(at(1), at(1), at(2, { status: 'SUCCESS', nextStep: undefined }));
  const waiting = client.wait(at(1));
  for (const expected of [1, 2, 3]) {
    mock.timers.tick(3999);
    assert.equal(requests.length, expected - 1);
    mock.timers.tick(1);
    while (requests.length < expected) await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  assert.equal((await waiting).status, 'SUCCESS');
});

test('a code that can be typed is polled for beside it, and never more than once a second', () => {
  const withCode = { ...CHALLENGE, poll: undefined };
  const waits = { name: 'challenge-poll', poll: { required: true, refresh: 500 } };
  assert.equal(pollInterval(at(1, { nextStep: withCode, availableSteps: [withCode, waits] })), 1000);
  assert.equal(pollInterval(at(1, { nextStep: { name: 'enroll-poll' } })), 4000);
  assert.equal(pollInterval(at(1, { nextStep: withCode })), undefined);
});

test('waiting ends with the reason of its signal', async () => {
  const stop = new AbortController();
  const waiting = new Client().wait(at(1), { signal: stop.signal });
  stop.abort(new Error('the page is left'));
  await assert.rejects(waiting, { message: 'the page is left' });
  assert.equal(requests.length, 0);
});

test('an aborted call rejects with the reason of its signal', async () => {
  const signal = AbortSignal.abort(new Error('the page is left'));
  await assert.rejects(new Client().session({ signal }), { message: 'the page is left' });
});

test('a server that cannot be reached, and an answer that is not Latchkey, are connection errors', async () => {
  const client = new Client({ server: 'https://login.example.com/' });
  for (const [given, expected] of [
    [new TypeError('Failed to fetch'), /^Latchkey cannot be reached: https:\/\/login\.example\.com$/],
    [[502, '<html>Bad gateway'], /not Latchkey \(status 502\)/],
    [[404, { error: 'not found' }], /not Latchkey \(status 404\)/],
  ]) {
    answer(given);
    await assert.rejects(client.userinfo(), (error) => error instanceof ConnectionError && expected.test(error.message));
  }
  assert.equal(requests[0].url, 'https://login.example.com/api/userinfo');
});

test('a problem says what to do and when', async () => {
  answer(problem(429, 'rate_limited', { detail: 'Wait.', retryAfter: 7 }));
  await assert.rejects(new Client().authenticate(), { name: 'ProblemError', code: 'rate_limited', message: 'rate_limited: Wait.', retryAfter: 7 });
});

test('the language of the client is that of the messages', async () => {
  answer(at(1));
  await new Client({ language: 'de' }).authenticate();
  assert.equal(requests[0].headers.get('accept-language'), 'de');
});

test('a request that finds no session is held for the sign-in and repeated exactly once', async () => {
  let signIns = 0;
  const client = new Client({ server: 'https://login.example.com', signIn: async () => void (signIns += 1) });
  answer(problem(401, 'not_signed_in'), problem(401, 'not_signed_in'));
  const response = await client.fetch('orders/1', { method: 'POST', body: 'two apples', headers: { 'content-type': 'text/plain' } });
  assert.deepEqual([response.status, signIns, requests.length], [401, 1, 2]);
  for (const request of requests) {
    assert.equal(`${request.method} ${request.url}`, 'POST https://login.example.com/api/proxy/orders/1');
    assert.deepEqual([request.headers.get('x-csrf'), request.headers.get('content-type')], ['1', 'text/plain']);
  }
  assert.equal(await requests[1].text(), 'two apples');
});

const challenge = (text) => ({ 'www-authenticate': `Bearer ${text}` });

for (const [title, status, text, asked] of [
  ['RFC 9470', 401, 'error="insufficient_user_authentication", acr_values="phr", max_age="60"', { acrValues: 'phr', maxAge: 60 }],
  ['Okta', 403, 'error="insufficient_authentication_context", max_age="900"', { maxAge: 900 }],
]) {
  test(`an API that asks for another sign-in in the words of ${title} gets it, and the held request exactly once more`, async () => {
    const requested = [];
    const client = new Client({ server: 'https://login.example.com', signIn: async (request) => void requested.push(request) });
    const refusal = [status, { error: 'a word of the API' }, challenge(text)];
    answer(refusal, refusal);
    const response = await client.fetch('transfers', { method: 'POST', body: 'all of it' });
    assert.deepEqual([response.status, requested, requests.length], [status, [asked], 2]);
    assert.equal(await requests[1].text(), 'all of it');
  });
}

test('requests that are held at the same time wait for one sign-in', async () => {
  let signIns = 0;
  let resolve;
  const signedIn = new Promise((resolved) => (resolve = resolved));
  const client = new Client({ server: 'https://login.example.com', signIn: () => ((signIns += 1), signedIn) });
  answer(problem(401, 'not_signed_in'), problem(401, 'not_signed_in'), { id: 1 }, { id: 2 });
  const both = Promise.all([client.fetch('orders/1'), client.fetch('orders/2')]);
  resolve();
  const bodies = await Promise.all((await both).map((response) => response.json()));
  assert.deepEqual([signIns, bodies], [1, [{ id: 1 }, { id: 2 }]]);
});

test('a sign-in that the person has closed leaves the refusal as the answer', async () => {
  const client = new Client({ server: 'https://login.example.com', signIn: async () => false });
  answer(problem(401, 'not_signed_in'));
  assert.deepEqual([(await client.fetch('orders')).status, requests.length], [401, 1]);
});

test('a page with the sign-in over it needs no setting', async () => {
  const client = new Client({ server: 'https://login.example.com' });
  answer(problem(401, 'not_signed_in'));
  assert.equal((await client.fetch('orders')).status, 401);
  const selectors = [];
  globalThis.document = { querySelector: (selector) => (selectors.push(selector), { start: async () => true }) };
  answer(problem(401, 'not_signed_in'), { id: 1 });
  assert.deepEqual(await (await client.fetch('orders')).json(), { id: 1 });
  assert.deepEqual(selectors, ['latchkey-sign-in[mode="overlay"]']);
});

test('an answer of the API itself is returned as it is', async () => {
  const client = new Client({ server: 'https://login.example.com', signIn: () => assert.fail('no sign-in is needed') });
  answer([401, { error: 'a word of the API' }, challenge('error="invalid_token"')], [201, { id: 1 }]);
  assert.equal((await client.fetch('/orders')).status, 401);
  assert.deepEqual(await (await client.fetch('orders')).json(), { id: 1 });
});

test('a listener is called with the session, and again when it has changed here or in another tab', async () => {
  const events = new EventTarget();
  globalThis.addEventListener = events.addEventListener.bind(events);
  globalThis.removeEventListener = events.removeEventListener.bind(events);
  const states = [];
  const next = async (count) => {
    while (requests.length < count) await new Promise(setImmediate);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  };
  const mary = { authenticated: true, user: { sub: 'mary' } };
  answer({ authenticated: false });
  const client = new Client();
  const end = client.watch(({ authenticated }) => states.push(authenticated));
  await next(1);
  answer(at(1, { status: 'SUCCESS' }), mary);
  await client.proceed({});
  await next(3);
  answer(mary);
  events.dispatchEvent(new Event('focus'));
  await next(4);
  answer({ authenticated: false });
  const otherTab = new BroadcastChannel('latchkey');
  otherTab.postMessage('latchkey-signed-out');
  await next(5);
  answer(new TypeError('Failed to fetch'));
  events.dispatchEvent(new Event('focus'));
  await next(6);
  assert.deepEqual(states, [false, true, false]);
  end();
  events.dispatchEvent(new Event('focus'));
  await next(6);
  assert.equal(requests.length, 6);
  otherTab.close();
});
