//! Answers recorded responses of an org in the real client, and compares what reaches the org with what Okta's widget sends: codes, consents,
//! CAPTCHAs, the offer of a passkey, and the probing of devices.
//!
//! The recordings are not part of this project; `render.mjs` says what folder you need:
//!
//!     RECORDED=/path/to/raw LATCHKEY_ASSETS=../dist node recorded/answers.mjs [PART OF A NAME…]
//!
//! It prints a line for each answer that differs, and ends with 1 if there is one.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';

import { chromium } from '@playwright/test';

import playwright from '../playwright.config.mjs';
import { freePort, listen } from '../world/loopback.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';
import { readRecorded, replayingOrg, startServer } from './replay.mjs';

/** Long enough for a busy machine. */
const TIMEOUT_MS = 30_000;
const CODE = '123456';
const NAME = 'mary@example.com';
const PASSWORD = 'Correct-Horse-9';
/** Where the recorded challenges look for Okta Verify. Nothing listens there. */
const PORTS = [2000, 6511, 6512, 6513];
const TOKEN = 'the-token-of-the-vendor';
const ALLOW = /^(Allow|Allow Access|Yes, it's me)$/;
const DECLINE = /^(Deny|Don't Allow|No, it's not me)$/;

/** A vendor's script that issues one token. */
const VENDOR = `
  const api = { render: (_, { callback }) => ((globalThis.answered = callback), 0), reset() {}, execute: () => globalThis.answered('${TOKEN}') };
  Object.assign(globalThis, { hcaptcha: api, grecaptcha: api });
  globalThis[new URL(document.currentScript.src).searchParams.get('onload')]();
`;

const folder = process.env.RECORDED;
if (!folder) throw new Error('Set RECORDED to the folder of the recorded responses.');

/** The answers by what a response asks for: how a person gives it, and what the widget sends. */
const ANSWERS = [
  {
    kind: 'code',
    isOf: ({ form, key }) => /^(challenge|enroll)-authenticator$/.test(form.name) && !PASSWORDS.includes(key) && codeField(form) !== undefined,
    act: async (page, { form }) => {
      for (const { name, value } of credentials(form).filter(({ name }) => name === 'clientData')) {
        await page.locator(`[id="${name}"]`).fill(value ?? 'mary');
      }
      // With Enter at once, since the page sends a complete code by itself soon after.
      await page.locator('[id="verificationCode"]').pressSequentially(`${codeFor(form)}\n`);
    },
    body: ({ form }) => ({
      credentials: Object.fromEntries(
        credentials(form)
          .filter(({ mutable }) => mutable !== false)
          .map(({ name, value }) => [name, name === 'clientData' ? (value ?? 'mary') : codeFor(form)]),
      ),
    }),
  },
  {
    kind: 'consent',
    isOf: ({ form }) => /consent$/.test(form.name),
    act: async (page) => {
      for (const scope of await page.getByRole('checkbox').all()) await scope.check();
      await page.getByRole('button', { name: ALLOW }).click();
    },
    body: ({ form }) => ({ consent: true, ...scopes(form, () => true) }),
  },
  {
    kind: 'consent refused',
    isOf: ({ form }) => /consent$/.test(form.name),
    act: (page) => page.getByRole('button', { name: DECLINE }).click(),
    // The person has ticked nothing; scopes that cannot be refused are sent as the org set them.
    body: ({ form }) => ({ consent: false, ...scopes(form, ({ mutable, value }) => mutable === false && value) }),
  },
  {
    kind: 'captcha',
    isOf: ({ document }) => document.captcha !== undefined,
    act: async (page, { form }) => {
      const typed = { identifier: NAME, username: NAME, password: PASSWORD };
      for (const field of await page.locator('main input:visible').all()) {
        const id = await field.getAttribute('id');
        if ((await field.getAttribute('type')) === 'checkbox') continue;
        await field.fill(typed[id] ?? profileOf(form)[id.split('.').at(-1)] ?? PASSWORD);
      }
      await page.locator('main [type=submit]').click();
    },
    body: ({ form }) => ({
      ...(has(form, 'identifier') && { identifier: NAME }),
      ...(has(form, 'credentials') && { credentials: { passcode: PASSWORD } }),
      ...(has(form, 'userProfile') && { userProfile: profileOf(form) }),
      // The second generation of the widget sends the id of the field; the recordings have another one in the CAPTCHA itself.
      captchaVerify: { captchaId: captchaIdOf(form), captchaToken: TOKEN },
    }),
  },
  {
    kind: 'passkey refused',
    isOf: ({ form }) => form.name === 'enroll-authenticator-promotion',
    act: (page) => page.getByRole('button', { name: 'Not now' }).click(),
    answered: ({ document }) => document.remediation.value.find(({ name }) => name === 'skip'),
    body: () => ({}),
  },
  {
    kind: 'passkey created',
    isOf: ({ form }) => form.name === 'enroll-authenticator-promotion',
    act: async (page) => {
      await plugIn(page);
      await page.getByRole('button', { name: 'Create a passkey' }).or(page.getByRole('button', { name: 'Set up' })).click();
    },
    // What a device makes differs each time, so its form is compared: texts, two of them with JSON inside.
    shape: ({ credentials: made }) => {
      assert.deepEqual(Object.keys(made).sort(), ['attestation', 'clientData', 'clientExtensions', 'transports']);
      assert.ok(Array.isArray(JSON.parse(made.transports)));
      assert.equal(typeof JSON.parse(made.clientExtensions), 'object');
      assert.match(made.clientData + made.attestation, /^[\w+/=-]+$/);
      return {};
    },
    body: () => ({}),
  },
  {
    kind: 'probing in vain',
    isOf: isLoopback,
    act: () => {},
    isAnswer: ({ path }) => path.endsWith('/cancel'),
    answered: ({ document }) => cancelOf(document),
    body: () => ({ reason: 'OV_UNREACHABLE_BY_LOOPBACK', statusCode: null }),
  },
  {
    kind: 'probing answered',
    isOf: isLoopback,
    // Okta Verify listens at the third port, and has another user at the second.
    prepare: async (page, { document }) => {
      const { domain, ports } = challengeOf(document);
      const at = (port, path, response) => page.route(`${domain}:${port}/${path}`, (route) => route.fulfill({ ...response, headers: CORS }));
      const passedOn = [1, 2].map((index) => page.waitForRequest((request) => request.method() === 'POST' && request.url() === `${domain}:${ports[index]}/challenge`));
      for (const [index, status] of [[1, 503], [2, 200]]) {
        await at(ports[index], 'probe', { status: 200 });
        await at(ports[index], 'challenge', { status });
      }
      return passedOn;
    },
    act: async (_, { document }, passedOn) => {
      const { challengeRequest } = challengeOf(document);
      for (const one of passedOn) assert.deepEqual((await one).postDataJSON(), { challengeRequest });
    },
    isAnswer: ({ path }) => path.endsWith('/poll'),
    body: () => ({}),
  },
];

/** Lets a page call the stand-in for Okta Verify. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' };

/** Keys of authenticators whose credential is no code. */
const PASSWORDS = ['okta_password', 'nfc_pin'];

const cases = (await readRecorded(folder, process.argv.slice(2))).flatMap((one) => {
  const document = JSON.parse(one.text);
  const form = document.remediation?.value?.[0];
  // A flow cannot begin with a refusal.
  if (!form?.value || one.status >= 400) return [];
  const asked = { document, form, key: related(document, form)?.key };
  return ANSWERS.filter(({ isOf }) => isOf(asked)).map((answer) => ({ one, asked, answer }));
});

// The names of Okta Verify on this device are known to no name server.
const { args, ...rest } = playwright.use.launchOptions;
const launchOptions = { ...rest, args: [...args, '--host-resolver-rules=MAP *.authenticatorlocaldev.com 127.0.0.1'] };
const browser = await chromium.launch(launchOptions);
const org = await replayingOrg();
const vendor = await serveVendor();
const port = await freePort();
const server = await startServer(org, {
  LATCHKEY_BIND: `127.0.0.1:${port}`,
  LATCHKEY_PUBLIC_URL: `http://localhost:${port}`,
  LATCHKEY_CAPTCHA_ORIGIN: `http://captcha.localhost:${port}`,
  LATCHKEY_CAPTCHA_SCRIPT: vendor.url,
  LATCHKEY_FASTPASS_PORTS: PORTS.join(' '),
});
const count = {};
let wrong = 0;
for (const { one, asked, answer } of cases) {
  org.replay(one);
  const context = await browser.newContext({ locale: 'en-US' });
  try {
    await check(await context.newPage(), asked, answer);
    count[answer.kind] = (count[answer.kind] ?? 0) + 1;
  } catch (error) {
    wrong += 1;
    console.log(`${one.name}: ${answer.kind}: ${error.message.split('\n').slice(0, 40).join('\n  ')}`);
  } finally {
    await context.close();
  }
}
await browser.close();
await server.stop();
vendor.close();
org.close();
for (const [kind, times] of Object.entries(count)) console.log(`${String(times).padStart(5)}  ${kind}`);
console.log(`${String(cases.length).padStart(5)}  answers, ${wrong} differ`);
process.exitCode = wrong > 0 ? 1 : 0;

/** Gives the answer in the client, and compares the first call that reaches the org with the widget's. */
async function check(page, asked, { prepare, act, isAnswer = isNoPoll, answered = ({ form }) => form, body, shape }) {
  page.setDefaultTimeout(TIMEOUT_MS);
  const prepared = await prepare?.(page, asked);
  await page.goto(`http://localhost:${port}/login`);
  await page.waitForFunction(() => !document.querySelector('[data-early]') && document.querySelector('main h1')?.textContent !== 'One moment');
  await act(page, asked, prepared);
  const call = await firstCall(isAnswer);
  const { stateHandle, rememberMe, ...sent } = call.body;
  const form = answered(asked);
  assert.equal(call.path, new URL(form.href).pathname);
  assert.equal(stateHandle, handleOf(form, asked.document));
  // The widget leaves an unticked box out, which means the same.
  assert.ok(!rememberMe);
  assert.deepEqual(shape ? shape(sent) : sent, body(asked));
}

/** Whether a call is more than the page's own poll. */
function isNoPoll({ path }) {
  return !path.endsWith('/poll');
}

async function firstCall(isAnswer) {
  const late = Date.now() + TIMEOUT_MS;
  while (!org.calls().some(isAnswer)) {
    if (Date.now() > late) throw new Error('nothing reached the org');
    await new Promise((done) => setTimeout(done, 20));
  }
  return org.calls().find(isAnswer);
}

/** The authenticator that a form relates to. */
function related(document, form) {
  const [path] = [form.relatesTo].flat();
  return path && document[path.replace('$.', '')]?.value;
}

function has(form, name) {
  return form.value.some((field) => field.name === name);
}

function credentials(form) {
  return form.value.find(({ name }) => name === 'credentials')?.form?.value ?? [];
}

/** A code as long as the org asks for: the page sends no shorter one. */
function codeFor(form) {
  return CODE.padEnd(codeField(form).minLength ?? 0, '0');
}

function codeField(form) {
  return credentials(form).find(({ name, visible }) => ['passcode', 'totp'].includes(name) && visible !== false);
}

/** Values for the attributes of a new account, by their names. */
function profileOf(form) {
  const attributes = form.value.find(({ name }) => name === 'userProfile')?.form.value ?? [];
  return Object.fromEntries(attributes.map(({ name }) => [name, name === 'email' ? NAME : 'Mary']));
}

/** The scopes that are allowed one by one, if there are such. */
function scopes(form, isAllowed) {
  const opted = form.value.find(({ name }) => name === 'optedScopes');
  return opted && { optedScopes: Object.fromEntries(opted.form.value.map((scope) => [scope.name, isAllowed(scope)])) };
}

/** Whether the page is to find Okta Verify on this device. */
function isLoopback({ document, form }) {
  return /challenge-poll$/.test(form.name) && challengeOf(document)?.challengeMethod === 'LOOPBACK';
}

/** What Okta Verify is to sign: before the user is known, or as an authenticator. */
function challengeOf({ authenticatorChallenge, currentAuthenticator }) {
  return authenticatorChallenge?.value ?? currentAuthenticator?.value.contextualData?.challenge?.value;
}

function cancelOf({ authenticatorChallenge, currentAuthenticator }) {
  return (authenticatorChallenge ?? currentAuthenticator).value.cancel;
}

function captchaIdOf(form) {
  const fields = form.value.find(({ name }) => name === 'captchaVerify').form.value;
  return fields.find(({ name }) => name === 'captchaId').value;
}

function handleOf(form, document) {
  return form.value.find(({ name }) => name === 'stateHandle')?.value ?? document.stateHandle;
}

async function serveVendor() {
  const script = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(VENDOR));
  const port = await listen(script);
  return { url: `http://localhost:${port}/api.js`, close: () => script.close() };
}
