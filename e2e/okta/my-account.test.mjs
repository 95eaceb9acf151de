//! The MyAccount functions of okta-auth-js against the dev org: reading, changing, confirming, and stepping up.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as v7 from 'okta-auth-js-7';
import * as myAccount7 from 'okta-auth-js-7/myaccount';
import * as v8 from 'okta-auth-js-8';
import * as myAccount8 from 'okta-auth-js-8/myaccount';

import { MARY, Org } from '../world/org.mjs';
import { REDIRECT_URI } from './sdk.mjs';

const AREAS = ['profile', 'email', 'phone', 'password'];
const SCOPES = AREAS.flatMap((area) => [`okta.myAccount.${area}.read`, `okta.myAccount.${area}.manage`]);
const QUARTER_OF_AN_HOUR = 15 * 60;

const RELEASES = [
  ['okta-auth-js 7.14.5', v7.OktaAuth, myAccount7],
  ['okta-auth-js 8.0.1', v8.OktaAuth, myAccount8],
];

for (const [title, OktaAuth, api] of RELEASES) {
  describe(title, () => {
    let org;
    let client;
    let accessToken;
    before(async () => { org = await Org.start(); });
    after(() => org.stop());
    beforeEach(() => org.reset());

    /** Signs Mary in with these scopes of the API. */
    async function signIn(scopes = SCOPES) {
      client = new OktaAuth({ issuer: org.issuer, clientId: 'latchkey-public', redirectUri: REDIRECT_URI, scopes: ['openid', ...scopes], idx: { enableLegacyMode: true } });
      client.transactionManager.clear({ clearSharedStorage: true });
      client.tokenManager.clear();
      await client.idx.authenticate({ username: MARY.login, password: MARY.password });
      await client.idx.proceed({ authenticator: 'okta_email' });
      const { tokens } = await client.idx.proceed({ verificationCode: await org.code(MARY.email) });
      ({ accessToken } = tokens);
    }

    /** Calls a function of the SDK with the token. Stored tokens would start timers that do not end. */
    const call = (name, options) => api[name](client, { accessToken, ...options });

    test('shows the profile and its schema', async () => {
      await signIn();
      const { profile } = await call('getProfile');
      assert.equal(profile.login, MARY.login);
      assert.equal((await call('getProfileSchema')).properties.email.title, 'Email');
    });

    test('adds an address, and confirms it by the code that was sent', async () => {
      await signIn();
      const address = 'mary.major@example.com';
      const email = await call('addEmail', { payload: { profile: { email: address }, sendEmail: true, role: 'PRIMARY' } });
      assert.equal(email.status, 'UNVERIFIED');
      assert.equal((await email.poll()).status, 'UNVERIFIED');
      await assert.rejects(email.verify({ verificationCode: 'nope' }), { errorCode: 'E0000004' });
      await email.verify({ verificationCode: await org.code(address) });
      const [only] = await call('getEmails');
      assert.deepEqual([only.profile.email, only.roles, only.status], [address, ['PRIMARY'], 'VERIFIED']);
    });

    test('challenges an address by its link and by its id, and deletes one that is not confirmed', async () => {
      await signIn();
      const payload = { profile: { email: 'second@example.com' }, sendEmail: false, role: 'SECONDARY' };
      const email = await call('addEmail', { payload });
      const challenge = await email.challenge();
      assert.equal((await challenge.poll()).status, 'UNVERIFIED');
      const again = await call('sendEmailChallenge', { id: email.id });
      const { status } = await call('getEmailChallenge', { emailId: email.id, challengeId: again.id });
      assert.equal(status, 'UNVERIFIED');
      await call('deleteEmail', { id: email.id });
      assert.equal((await call('getEmails')).length, 1);
      const [primary] = await call('getEmails');
      await assert.rejects(primary.delete(), { errorCode: 'E0000001' });
    });

    test('adds a phone, confirms it, and deletes it', async () => {
      await signIn();
      const number = '+15557654321';
      const phone = await call('addPhone', { payload: { profile: { phoneNumber: number }, sendCode: true, method: 'SMS' } });
      await phone.verify({ verificationCode: await org.code(number) });
      const [only] = await call('getPhones');
      assert.deepEqual([only.profile.phoneNumber, only.status], [number, 'VERIFIED']);
      await only.challenge({ method: 'CALL' }).catch(({ errorCode }) => assert.equal(errorCode, 'E0000109'));
      await only.delete();
      assert.deepEqual(await call('getPhones'), []);
    });

    test('changes the password, and says which rule a new one breaks', async () => {
      await signIn();
      const password = await call('getPassword');
      assert.equal(password.status, 'ACTIVE');
      const short = password.update({ profile: { password: 'short' } });
      await assert.rejects(short, ({ errorCauses: [{ errorSummary }] }) => /at least 8 characters/.test(errorSummary));
      await password.update({ profile: { password: 'Battery-Staple-7' } });
      await call('deletePassword');
      const none = await call('getPassword');
      assert.equal(none.status, 'NOT_ENROLLED');
      assert.equal((await none.enroll({ profile: { password: MARY.password } })).status, 'ACTIVE');
    });

    test('tells the client how to step up when the sign-in is too old', async () => {
      await signIn();
      await org.pass(QUARTER_OF_AN_HOUR + 1);
      const late = call('addEmail', { payload: { profile: { email: 'late@example.com' }, sendEmail: true, role: 'PRIMARY' } });
      await assert.rejects(late, ({ errorSummary, meta }) => {
        assert.equal(errorSummary, 'insufficient_authentication_context');
        assert.deepEqual({ ...meta }, { max_age: 900, acr_values: 'urn:okta:loa:2fa:any:ifpossible' });
        return true;
      });
      assert.equal((await call('getEmails')).length, 1);
    });

    test('refuses a token without the scope', async () => {
      await signIn(['okta.myAccount.email.read']);
      assert.equal((await call('getEmails')).length, 1);
      await assert.rejects(async () => call('getPhones'), { errorCode: 'E0000006' });
    });

    test('refuses a request without the version in Accept', async () => {
      await signIn();
      const headers = { authorization: `Bearer ${accessToken.accessToken}` };
      const response = await fetch(`${org.url}/idp/myaccount/emails`, { headers });
      assert.equal(response.status, 406);
      assert.equal((await response.json()).errorCode, 'E0000149');
    });
  });
}
