//! Every second factor a client can play by itself: an application for each, whose policy asks for nothing else.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Org } from '../world/org.mjs';
import { totp } from '../world/totp.mjs';
import { PUBLIC, REDIRECT_URI } from './sdk.mjs';

const HALF_A_MINUTE = 30_000;

for (const [title, connect] of PUBLIC) {
  describe(title, () => {
    let org;
    before(async () => { org = await Org.start(); });
    after(() => org.stop());

    /** Clients of an application that asks for a password and `factor`, unless `more` says otherwise. */
    async function clientFor(factor, more = {}) {
      const clientId = `only-${factor.replace('_', '-')}-${Object.keys(more).length}`;
      await org.addApp({
        client_id: clientId,
        redirect_uris: [REDIRECT_URI],
        sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
        enrollment: { okta_password: 'REQUIRED', [factor]: 'REQUIRED' },
        ...more,
      });
      return () => connect(org, { clientId });
    }

    async function identify(client, person) {
      return client.idx.authenticate({ username: person.login, password: person.password });
    }

    test('a security question of one\'s own is enrolled, and answered the next time', async () => {
      const fresh = await clientFor('security_question');
      const ada = await org.somebody();
      let client = fresh();
      let step = await choose(client, await identify(client, ada), 'security_question');
      assert.equal(step.nextStep.name, 'enroll-authenticator');
      step = await client.idx.proceed({ questionKey: 'custom', question: 'Which harbour?', answer: 'the small one' });
      assert.equal(step.status, 'SUCCESS');

      client = fresh();
      step = await choose(client, await identify(client, ada), 'security_question');
      const refused = await client.idx.proceed({ answer: 'the large one' });
      assert.deepEqual(keysOf(refused), ['authfactor.challenge.question_factor.answer_invalid']);
      step = await client.idx.proceed({ answer: 'the small one' });
      assert.equal(step.status, 'SUCCESS');
    });

    test('an authenticator app is enrolled by its secret, and a code is taken once', async () => {
      const fresh = await clientFor('google_otp');
      const ada = await org.somebody();
      let client = fresh();
      let step = await choose(client, await identify(client, ada), 'google_otp');
      const { sharedSecret } = step.nextStep.authenticator.contextualData;
      const now = Date.now();
      const refused = await client.idx.proceed({ verificationCode: '000000' });
      assert.equal(refused.status, 'PENDING');
      assert.ok(refused.messages.length > 0);
      step = await client.idx.proceed({ verificationCode: totp(sharedSecret, now) });
      assert.equal(step.status, 'SUCCESS');

      client = fresh();
      await choose(client, await identify(client, ada), 'google_otp');
      const again = await client.idx.proceed({ verificationCode: totp(sharedSecret, now) });
      assert.deepEqual(keysOf(again), ['authfactor.challenge.soft_token.used_passcode']);
      step = await client.idx.proceed({ verificationCode: totp(sharedSecret, now + HALF_A_MINUTE) });
      assert.equal(step.status, 'SUCCESS');
    });

    for (const [outcome, approve] of [['approved', true], ['rejected', false]]) {
      test(`a push to Okta Verify is ${outcome}`, async () => {
        const client = (await clientFor('okta_verify', {
          sign_on: [{ authenticate_with: 'password-and-another' }],
          enrollment: { okta_password: 'REQUIRED', okta_verify: 'OPTIONAL', okta_email: 'OPTIONAL' },
        }))();
        const ada = await org.somebody({ factors: ['okta_password', 'okta_verify', 'okta_email'] });
        let step = await choose(client, await identify(client, ada), 'okta_verify');
        if (step.nextStep.name === 'authenticator-verification-data') step = await client.idx.proceed({ methodType: 'push' });
        assert.equal(step.nextStep.name, 'challenge-poll');
        assert.equal(step.nextStep.poll.required, true);
        const waiting = await client.idx.poll();
        assert.equal(waiting.nextStep.name, 'challenge-poll');

        await org.answerPush(ada.login, { approve });
        const answered = await client.idx.poll();
        if (approve) {
          assert.equal(answered.status, 'SUCCESS');
        } else {
          assert.equal(answered.status, 'PENDING');
          assert.deepEqual(keysOf(answered), ['api.authn.poll.error.push_rejected']);
        }
      });
    }

    test('an expired password is changed on the way in', async () => {
      const client = (await clientFor('okta_email'))();
      const ada = await org.somebody({ factors: ['okta_password', 'okta_email'], status: 'PASSWORD_EXPIRED' });
      let step = await identify(client, ada);
      assert.equal(step.nextStep.name, 'reenroll-authenticator');
      step = await client.idx.proceed({ newPassword: 'Another-Horse-3' });
      step = await choose(client, step, 'okta_email');
      step = await client.idx.proceed({ verificationCode: await org.code(ada.email) });
      assert.equal(step.status, 'SUCCESS');
    });

    test('a link in a mail is opened where the flow began, and finishes it', async () => {
      const client = (await clientFor('okta_email', { email_callback: REDIRECT_URI }))();
      const ada = await org.somebody({ factors: ['okta_password', 'okta_email'] });
      await choose(client, await identify(client, ada), 'okta_email');
      const [{ link }] = await org.inbox(ada.email);
      const opened = await fetch(link, { redirect: 'manual' });
      const callback = new URL(opened.headers.get('location'));
      assert.equal(callback.origin + callback.pathname, REDIRECT_URI);
      assert.ok(client.idx.isEmailVerifyCallback(callback.search));
      const done = await client.idx.handleEmailVerifyCallback(callback.search);
      assert.equal(done.status, 'SUCCESS');
    });

    test('a recovery token leads to a new password', async () => {
      const ada = await org.somebody({ factors: ['okta_password', 'okta_email'] });
      const { recoveryToken } = await org.invite(ada.login, 'recover');
      const client = connect(org, { recoveryToken });
      const step = await client.idx.recoverPassword({ recoveryToken });
      assert.equal(step.nextStep.name, 'reset-authenticator');
    });
  });
}

/** Takes the step that asks which authenticator, if there is one. */
async function choose(client, step, authenticator) {
  let at = step;
  if (at.nextStep.name.startsWith('select-authenticator')) at = await client.idx.proceed({ authenticator });
  if (at.nextStep.name === 'authenticator-verification-data' && authenticator === 'okta_email') at = await client.idx.proceed({ methodType: 'email' });
  return at;
}

const keysOf = (transaction) => (transaction.messages ?? []).map(({ i18n }) => i18n.key);
