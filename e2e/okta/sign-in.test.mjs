//! Password, then a code by e-mail: the flow of the default applications.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { MARY, Org } from '../world/org.mjs';
import { COMBINATIONS, PUBLIC } from './sdk.mjs';

const { login: username, password, email } = MARY;

for (const [title, connect] of COMBINATIONS) {
  describe(title, () => {
    let org;
    before(async () => { org = await Org.start(); });
    after(() => org.stop());

    test('signs in with a password and an emailed code, and the tokens verify', async () => {
      const client = connect(org);

      const choice = await client.idx.authenticate({ username, password });
      assert.equal(choice.status, 'PENDING');
      assert.equal(choice.nextStep.name, 'select-authenticator-authenticate');
      assert.deepEqual(optionsOf(choice), ['okta_email', 'phone_number']);

      const challenge = await client.idx.proceed({ authenticator: 'okta_email' });
      assert.equal(challenge.status, 'PENDING');
      assert.equal(challenge.nextStep.name, 'challenge-authenticator');
      assert.equal(challenge.nextStep.authenticator.key, 'okta_email');
      assert.deepEqual(inputsOf(challenge), ['verificationCode']);
      assert.equal(challenge.nextStep.canResend, true);

      const done = await client.idx.proceed({ verificationCode: await org.code(email) });
      assert.equal(done.status, 'SUCCESS');
      const { accessToken, idToken, refreshToken } = done.tokens;
      assert.equal(idToken.claims.iss, org.issuer);
      assert.equal(idToken.claims.email, email);
      assert.ok(refreshToken.refreshToken);

      await client.token.verify(idToken, { clientId: client.options.clientId, issuer: org.issuer, accessToken: accessToken.accessToken });
      const user = await client.token.getUserInfo(accessToken, idToken);
      assert.equal(user.sub, idToken.claims.sub);
      assert.equal(user.preferred_username, username);
    });

    test('goes from the phone back to the email', async () => {
      const client = connect(org);
      await client.idx.authenticate({ username, password });
      await client.idx.proceed({ authenticator: 'phone_number' });
      await client.idx.proceed({ authenticator: 'okta_email' });
      const done = await client.idx.proceed({ verificationCode: await org.code(email) });
      assert.equal(done.status, 'SUCCESS');
    });

    test('signs in with a texted code', async () => {
      const client = connect(org);
      await client.idx.authenticate({ username, password });
      const kinds = await client.idx.proceed({ authenticator: 'phone_number' });
      assert.equal(kinds.nextStep.name, 'authenticator-verification-data');
      assert.deepEqual(inputsOf(kinds), ['methodType']);
      await client.idx.proceed({ methodType: 'sms' });
      const done = await client.idx.proceed({ verificationCode: await org.code(MARY.phone) });
      assert.equal(done.status, 'SUCCESS');
    });

    test('a wrong password is refused, and the right one is then accepted', async () => {
      const client = connect(org);
      const refused = await client.idx.authenticate({ username, password: 'not-the-password' });
      assert.equal(refused.status, 'PENDING');
      assert.equal(refused.requestDidSucceed, false);
      assert.equal(refused.nextStep.name, 'identify');
      assert.deepEqual(keysOf(refused), ['errors.E0000004']);

      const choice = await client.idx.authenticate({ username, password });
      assert.equal(choice.nextStep.name, 'select-authenticator-authenticate');
    });

    test('an unknown user gets the same response as a wrong password', async () => {
      const client = connect(org);
      const refused = await client.idx.authenticate({ username: 'nobody@example.com', password });
      assert.equal(refused.nextStep.name, 'identify');
      assert.deepEqual(keysOf(refused), ['errors.E0000004']);
    });

    test('a wrong code is an error of its field, and the right one is then accepted', async () => {
      const client = connect(org);
      await atTheCode(client);
      const refused = await client.idx.proceed({ verificationCode: await org.wrongCode(email) });
      assert.equal(refused.status, 'PENDING');
      assert.equal(refused.nextStep.name, 'challenge-authenticator');
      assert.deepEqual(keysOf(refused), ['api.authn.error.PASSCODE_INVALID']);
      assert.equal(refused.nextStep.inputs[0].messages.value[0].i18n.key, 'api.authn.error.PASSCODE_INVALID');

      const done = await client.idx.proceed({ verificationCode: await org.code(email) });
      assert.equal(done.status, 'SUCCESS');
    });

    test('a code is accepted once', async () => {
      const first = connect(org);
      await atTheCode(first);
      const code = await org.code(email);
      assert.equal((await first.idx.proceed({ verificationCode: code })).status, 'SUCCESS');

      const second = connect(org);
      await atTheCode(second);
      const refused = await second.idx.proceed({ verificationCode: code });
      assert.deepEqual(keysOf(refused), ['api.authn.error.PASSCODE_INVALID']);
    });

    test('cancelling ends the attempt, and a new one can begin', async () => {
      const client = connect(org);
      await atTheCode(client);
      const canceled = await client.idx.cancel();
      assert.equal(canceled.status, 'CANCELED');
      const choice = await client.idx.authenticate({ username, password });
      assert.equal(choice.nextStep.name, 'select-authenticator-authenticate');
    });

    test('the first step lists the available steps', async () => {
      const client = connect(org);
      const start = await client.idx.start();
      assert.equal(start.status, 'PENDING');
      assert.ok(start.enabledFeatures.includes('recover-password'));
    });

    test('a revoked access token is refused', async () => {
      const client = connect(org);
      await atTheCode(client);
      const { tokens } = await client.idx.proceed({ verificationCode: await org.code(email) });
      await client.token.revoke(tokens.accessToken);
      await assert.rejects(client.token.getUserInfo(tokens.accessToken, tokens.idToken));
    });
  });
}

// The SDK sends no client secret with a refresh token, so confidential clients cannot refresh.
for (const [title, connect] of PUBLIC) {
  test(`${title} exchanges a refresh token for new tokens`, async (t) => {
    const org = await Org.start();
    t.after(() => org.stop());
    const client = connect(org);
    await atTheCode(client);
    const { tokens } = await client.idx.proceed({ verificationCode: await org.code(email) });
    const renewed = await client.token.renewTokensWithRefresh({ scopes: tokens.refreshToken.scopes }, tokens.refreshToken);
    assert.notEqual(renewed.accessToken.accessToken, tokens.accessToken.accessToken);
    assert.equal(renewed.idToken.claims.sub, tokens.idToken.claims.sub);
  });
}

async function atTheCode(client) {
  await client.idx.authenticate({ username, password });
  return client.idx.proceed({ authenticator: 'okta_email' });
}

const optionsOf = (transaction) =>
  transaction.nextStep.inputs.find(({ name }) => name === 'authenticator').options.map(({ value }) => value).sort();
const inputsOf = (transaction) => transaction.nextStep.inputs.map(({ name }) => name);
const keysOf = (transaction) => transaction.messages.map(({ i18n }) => i18n.key);
