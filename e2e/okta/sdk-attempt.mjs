//! One attempt with Okta's SDK, with the same methods for both of its modes. Legacy mode sends requests until it needs
//! another value; step mode makes one request for each call, which names its step.

import assert from 'node:assert/strict';

/** Forms that step mode does not know in a sign-in flow, by wire names. */
const RAW = {
  'identify-recovery': ({ username }) => ({ identifier: username }),
  'enroll-profile': (userProfile) => ({ userProfile }),
  'reset-authenticator': ({ password, ...more }) => ({ credentials: { passcode: password, ...more } }),
  'select-authenticator-unlock-account': ({ username, authenticator, methodType }, form) => ({
    identifier: username,
    authenticator: { id: idOf(form, authenticator), methodType },
  }),
};

/** Forms that legacy mode answers only by name. */
const NAMED = ['profile-update', 'launch-authenticator', 'launch-nfc-authenticator', 'launch-webauthn-authenticator', 'device-challenge-poll'];

export class SdkAttempt {
  #idx;
  #stepwise;

  constructor(client, stepwise) {
    this.client = client;
    this.#idx = client.idx;
    this.#stepwise = stepwise;
  }

  /** Answers the first step. */
  async signIn(values) {
    if (!this.#stepwise) return this.#arrive(await this.#idx.authenticate(values));
    this.#arrive(await this.#idx.start());
    return this.answer('identify', values);
  }

  /** Begins without an answer. */
  async start(options = {}) {
    return this.#arrive(await this.#idx.start(options));
  }

  async register() {
    if (!this.#stepwise) return this.#arrive(await this.#idx.register());
    this.#arrive(await this.#idx.start());
    return this.answer('select-enroll-profile');
  }

  /** Begins with the token of a link, as `{ name: token }`. */
  async startWithToken(token) {
    if (this.#stepwise) return this.start(token);
    return this.#arrive(await (token.activationToken ? this.#idx.register(token) : this.#idx.recoverPassword(token)));
  }

  async recover() {
    if (!this.#stepwise) return this.#arrive(await this.#idx.recoverPassword());
    this.#arrive(await this.#idx.start());
    return this.act('currentAuthenticator-recover');
  }

  async unlock() {
    if (!this.#stepwise) return this.#arrive(await this.#idx.unlockAccount());
    this.#arrive(await this.#idx.start());
    return this.answer('unlock-account');
  }

  /** Answers one of the current steps. */
  async answer(step, values = {}) {
    const form = this.at.neededToProceed.find(({ name }) => name === step);
    assert.ok(form, `${step} is not among ${this.steps}; ${this.messages}`);
    const raw = this.#stepwise && RAW[step];
    const named = this.#stepwise || NAMED.includes(step) ? { step } : {};
    return this.#arrive(await this.#idx.proceed({ ...named, ...(raw ? raw(values, form) : values) }));
  }

  /** Chooses an authenticator, and a method if the org asks. The org does not ask about a single one. */
  async choose(authenticator, methodType) {
    if (this.step.startsWith('select-authenticator')) await this.answer(this.step, { authenticator });
    if (this.step === 'authenticator-verification-data') await this.answer(this.step, { methodType });
    return this;
  }

  /** Calls one of the available steps, with these members in its body. */
  async act(name, members) {
    const action = this.at.availableSteps.find((step) => step.name === name);
    assert.ok(action, `${name} is not among ${this.at.availableSteps.map((step) => step.name)}`);
    return this.#arrive(await action.action(members));
  }

  /** Answers any step that asks for a code. */
  code(verificationCode) {
    return this.answer(this.step, { verificationCode });
  }

  async resend() {
    return this.#arrive(await this.#idx.proceed({ resend: true }));
  }

  async skip() {
    return this.#arrive(await this.#idx.proceed(this.#stepwise ? { step: 'skip' } : { skip: true }));
  }

  async poll() {
    if (this.step === 'device-challenge-poll') return this.answer(this.step);
    if (!/^(enroll|challenge)-poll$/.test(this.step)) return this.act(this.#action('-poll'));
    return this.#arrive(await (this.#stepwise ? this.#idx.proceed({ step: this.step }) : this.#idx.poll()));
  }

  async cancel() {
    return this.#arrive(await this.#idx.cancel());
  }

  /** Handles the query of an e-mail callback. */
  async openCallback(search) {
    if (!this.#stepwise) return this.#arrive(await this.#idx.handleEmailVerifyCallback(search));
    const { state, otp } = this.#idx.parseEmailVerifyCallback(search);
    return this.#arrive(await this.#idx.proceed({ state, otp, step: 'challenge-authenticator' }));
  }

  /** The name of the form to fill first. */
  get step() {
    return this.at.neededToProceed[0]?.name;
  }

  get steps() {
    return this.at.neededToProceed.map(({ name }) => name);
  }

  /** The i18n keys of the messages. */
  get messages() {
    return (this.at.messages ?? []).map(({ i18n }) => i18n?.key);
  }

  /** The authenticator to verify or enrol. */
  get authenticator() {
    const { currentAuthenticator, currentAuthenticatorEnrollment } = this.at.context;
    return (currentAuthenticator ?? currentAuthenticatorEnrollment).value;
  }

  /** The keys of the authenticators to choose from. */
  get options() {
    const field = this.at.neededToProceed[0].value.find(({ name }) => name === 'authenticator');
    return field.options.map(({ relatesTo }) => relatesTo.key);
  }

  /** Expects a finished sign-in, of this user. */
  expectSignedIn(email) {
    assert.equal(this.at.status, 'SUCCESS', `${this.steps}; ${this.messages}`);
    if (email) assert.equal(this.at.tokens.idToken.claims.email, email);
  }

  /** Expects a refused answer with this message. */
  expectRefused(key) {
    assert.equal(this.at.requestDidSucceed, false);
    assert.ok(this.messages.includes(key), `${key} is not among ${this.messages}`);
  }

  #action(ending) {
    return this.at.availableSteps.find(({ name }) => name.endsWith(ending))?.name;
  }

  #arrive(transaction) {
    this.at = transaction;
    return this;
  }
}

function idOf(form, key) {
  const { options } = form.value.find(({ name }) => name === 'authenticator');
  const option = options.find(({ relatesTo }) => relatesTo.key === key);
  return option.value.form.value.find(({ name }) => name === 'id').value;
}
