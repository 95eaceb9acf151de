//! The newest SDK in step mode: every call names the step that it answers and makes one request.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { MARY, Org } from '../world/org.mjs';
import { stepwise } from './sdk.mjs';

let org;
before(async () => { org = await Org.start(); });
after(() => org.stop());

test('signs in with one call for each step, by wire names', async () => {
  const client = stepwise(org);
  const start = await client.idx.start();
  assert.equal(start.availableSteps[0].name, 'identify');

  const choice = await client.idx.proceed({ step: 'identify', identifier: MARY.login, credentials: { passcode: MARY.password } });
  assert.equal(choice.nextStep.name, 'select-authenticator-authenticate');

  const email = choice.nextStep.inputs[0].options.find(({ label }) => label === 'Email');
  const id = email.value.find(({ name }) => name === 'id').value;
  const challenge = await client.idx.proceed({
    step: 'select-authenticator-authenticate',
    authenticator: { id, methodType: 'email' },
  });
  assert.equal(challenge.nextStep.name, 'challenge-authenticator');

  const refused = await client.idx.proceed({
    step: 'challenge-authenticator',
    credentials: { passcode: await org.wrongCode(MARY.email) },
  });
  assert.equal(refused.messages[0].i18n.key, 'api.authn.error.PASSCODE_INVALID');

  const done = await client.idx.proceed({
    step: 'challenge-authenticator',
    credentials: { passcode: await org.code(MARY.email) },
    exchangeCodeForTokens: true,
  });
  assert.equal(done.status, 'SUCCESS');
  assert.equal(done.tokens.idToken.claims.email, MARY.email);
});

test('every available step can be called', async () => {
  const client = stepwise(org);
  const start = await client.idx.start();
  const recover = start.availableSteps.find(({ name }) => name === 'currentAuthenticator-recover');
  const asked = await recover.action();
  assert.equal(asked.nextStep.name, 'identify-recovery');
});

test('the client refuses a step that the org does not offer', async () => {
  const client = stepwise(org);
  await client.idx.start();
  await assert.rejects(async () => client.idx.proceed({ step: 'nope' }), (reason) => String(reason).includes('Unknown remediation choice'));
});
