//! Everything else a person does with an account: sign up, recover, unlock.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Org } from '../world/org.mjs';
import { COMBINATIONS, CONFIDENTIAL } from './sdk.mjs';

const PASSWORD = 'Battery-Staple-7';
let count = 0;

for (const [title, connect] of COMBINATIONS) {
  describe(title, () => {
    let org;
    before(async () => { org = await Org.start(); });
    after(() => org.stop());

    /** Somebody nobody has heard of yet. */
    function stranger() {
      count += 1;
      const email = `person${count}@example.com`;
      return { firstName: 'Grace', lastName: 'Hopper', email, phone: `+1555000${1000 + count}` };
    }

    /** Somebody with an account, a password and an email. */
    async function member(more = {}) {
      const { email, firstName, lastName } = stranger();
      await org.addUser({
        login: email,
        email,
        profile: { firstName, lastName },
        password: PASSWORD,
        factors: ['okta_password', 'okta_email'],
        ...more,
      });
      return email;
    }

    test('signs up with a password and an email, and skips the phone', async () => {
      const { firstName, lastName, email } = stranger();
      const client = connect(org);
      const form = await client.idx.register();
      assert.equal(form.nextStep.name, 'enroll-profile');
      assert.deepEqual(inputsOf(form).slice(0, 3), ['firstName', 'lastName', 'email']);

      await client.idx.proceed({ firstName, lastName, email });
      await client.idx.proceed({ authenticator: 'okta_password' });
      const afterPassword = await client.idx.proceed({ password: PASSWORD });
      assert.equal(afterPassword.nextStep.name, 'select-authenticator-enroll');
      await client.idx.proceed({ authenticator: 'okta_email' });
      const optional = await client.idx.proceed({ verificationCode: await org.code(email) });
      assert.equal(optional.nextStep.name, 'select-authenticator-enroll');
      assert.equal(optional.nextStep.canSkip, true);
      const done = await client.idx.proceed({ skip: true });
      assert.equal(done.status, 'SUCCESS');
      assert.equal(done.tokens.idToken.claims.email, email);
    });

    test('signs up and enrols a phone', async () => {
      const { firstName, lastName, email, phone } = stranger();
      const client = connect(org);
      await client.idx.register({ firstName, lastName, email, password: PASSWORD, authenticators: ['okta_password', 'okta_email'] });
      await client.idx.proceed({ verificationCode: await org.code(email) });
      const asked = await client.idx.proceed({ authenticator: 'phone_number' });
      assert.equal(asked.nextStep.name, 'authenticator-enrollment-data');
      assert.deepEqual(inputsOf(asked), ['methodType', 'phoneNumber']);

      const refused = await client.idx.proceed({ methodType: 'sms', phoneNumber: '+1' });
      assert.ok(refused.messages.length > 0);
      await client.idx.proceed({ methodType: 'sms', phoneNumber: phone });
      let done = await client.idx.proceed({ verificationCode: await org.code(phone) });
      if (done.status === 'PENDING') done = await client.idx.proceed({ skip: true });
      assert.equal(done.status, 'SUCCESS');
    });

    test('an email that is none is refused beside its field, twice over', async () => {
      const { firstName, lastName } = stranger();
      const client = connect(org);
      await client.idx.register();
      const refused = await client.idx.proceed({ firstName, lastName, email: 'no-email' });
      assert.equal(refused.nextStep.name, 'enroll-profile');
      assert.deepEqual(keysOf(refused), ['registration.error.invalidLoginEmail', 'registration.error.doesNotMatchPattern']);
    });

    test('recovers a forgotten password by email', async () => {
      const email = await member();
      const client = connect(org);
      const asked = await client.idx.recoverPassword();
      assert.equal(asked.nextStep.name, 'identify-recovery');
      let step = await client.idx.proceed({ username: email });
      if (step.nextStep.name === 'select-authenticator-authenticate') step = await client.idx.proceed({ authenticator: 'okta_email' });
      if (step.nextStep.name === 'authenticator-verification-data') step = await client.idx.proceed({ methodType: 'email' });
      assert.equal(step.nextStep.name, 'challenge-authenticator');
      const reset = await client.idx.proceed({ verificationCode: await org.code(email) });
      assert.equal(reset.nextStep.name, 'reset-authenticator');

      const weak = await client.idx.proceed({ password: 'short' });
      assert.ok(keysOf(weak).includes('password.passwordRequirementsNotMet'));
      const next = await client.idx.proceed({ password: 'Another-Horse-3' });
      assert.ok(['PENDING', 'SUCCESS'].includes(next.status));

      const again = connect(org);
      const old = await again.idx.authenticate({ username: email, password: PASSWORD });
      assert.deepEqual(keysOf(old), ['errors.E0000004']);
    });

    test('unlocks an account by email', async () => {
      const email = await member({ status: 'LOCKED_OUT' });
      const client = connect(org);
      const asked = await client.idx.unlockAccount();
      assert.equal(asked.nextStep.name, 'select-authenticator-unlock-account');
      await client.idx.proceed({ username: email, authenticator: 'okta_email' });
      const done = await client.idx.proceed({ verificationCode: await org.code(email) });
      assert.equal(done.status, 'TERMINAL');
      assert.deepEqual(keysOf(done), ['oie.selfservice.unlock_user.success.message']);

      const again = connect(org);
      const choice = await again.idx.authenticate({ username: email, password: PASSWORD });
      assert.notEqual(choice.nextStep.name, 'identify');
    });

    test('a locked account refuses the right password', async () => {
      const email = await member({ status: 'LOCKED_OUT' });
      const refused = await connect(org).idx.authenticate({ username: email, password: PASSWORD });
      assert.equal(refused.nextStep?.name, 'identify');
    });
  });
}

// A public client may not bring an activation token.
for (const [title, connect] of CONFIDENTIAL) {
  test(`${title} activates an account by an invitation`, async (t) => {
    const org = await Org.start();
    t.after(() => org.stop());
    const ada = await org.somebody({ password: undefined, status: 'STAGED' });
    const { activationToken } = await org.invite(ada.login, 'activate');
    const client = connect(org);
    let step = await client.idx.register({ activationToken });
    assert.equal(step.nextStep.name, 'select-authenticator-enroll');
    await client.idx.proceed({ authenticator: 'okta_password' });
    await client.idx.proceed({ password: PASSWORD });
    await client.idx.proceed({ authenticator: 'okta_email' });
    step = await client.idx.proceed({ verificationCode: await org.code(ada.email) });
    assert.equal(step.nextStep.canSkip, true);
    step = await client.idx.proceed({ skip: true });
    assert.equal(step.status, 'SUCCESS');
    assert.equal(step.tokens.idToken.claims.email, ada.email);
  });
}

const inputsOf = (transaction) => transaction.nextStep.inputs.map(({ name }) => name);
const keysOf = (transaction) => (transaction.messages ?? []).map(({ i18n }) => i18n.key);
