//! One attempt with Okta's SDK, told alike in both of its modes: legacy goes as far as the values lead, step mode
//! makes one request a call and is told which step it answers.

import assert from 'node:assert/strict';

/** Forms that step mode has no words of its own for in the flow it begins with, in the words of the wire. */
const RAW = {
  'identify-recovery': ({ username }) => ({ identifier: username }),
  'enroll-profile': (userProfile) => ({ userProfile }),
  'reset-authenticator': ({ password, ...more }) => ({ credentials: { passcode: password, ...more } }),
  'select-authenticator-unlock-account': ({ username, authenticator, methodType }, form) => ({
    identifier: username,
    authenticator: { id: idOf(form, authenticator), methodType },
  }),
};

export class Talk {
  #idx;
  #stepwise;

  constructor(client, stepwise) {
    this.client = client;
    this.#idx = client.idx;
    this.#stepwise = stepwise;
  }

  /** The first page, answered. */
  async signIn(values) {
    if (!this.#stepwise) return this.#arrive(await this.#idx.authenticate(values));
    this.#arrive(await this.#idx.start());
    return this.answer('identify', values);
  }

  /** The first page, looked at. */
  async start(options = {}) {
    return this.#arrive(await this.#idx.start(options));
  }

  async register() {
    if (!this.#stepwise) return this.#arrive(await this.#idx.register());
    this.#arrive(await this.#idx.start());
    return this.answer('select-enroll-profile');
  }

  /** By a token in a link: the name of the token, and what it is. */
  async invited(token) {
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

  /** Answers a step that is there to be answered. */
  async answer(step, values = {}) {
    const form = this.at.neededToProceed.find(({ name }) => name === step);
    assert.ok(form, `${step} is not among ${this.steps}; ${this.said}`);
    const raw = this.#stepwise && RAW[step];
    const named = this.#stepwise || step === 'profile-update' ? { step } : {};
    return this.#arrive(await this.#idx.proceed({ ...named, ...(raw ? raw(values, form) : values) }));
  }

  /** Picks an authenticator, and a method if that is asked. What there is no choice about is not asked. */
  async choose(authenticator, methodType) {
    if (this.step.startsWith('select-authenticator')) await this.answer(this.step, { authenticator });
    if (this.step === 'authenticator-verification-data') await this.answer(this.step, { methodType });
    return this;
  }

  /** Does one of the things that can be done beside the step. */
  async act(name) {
    const action = this.at.availableSteps.find((step) => step.name === name);
    assert.ok(action, `${name} is not among ${this.at.availableSteps.map((step) => step.name)}`);
    return this.#arrive(await action.action());
  }

  /** A code, wherever one is asked for. */
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
    if (!/^(enroll|challenge)-poll$/.test(this.step)) return this.act(this.#action('-poll'));
    return this.#arrive(await (this.#stepwise ? this.#idx.proceed({ step: this.step }) : this.#idx.poll()));
  }

  async cancel() {
    return this.#arrive(await this.#idx.cancel());
  }

  /** Comes back from a page elsewhere with what its address says. */
  async arriveBy(search) {
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

  /** The i18n keys of what is said. */
  get said() {
    return (this.at.messages ?? []).map(({ i18n }) => i18n?.key);
  }

  /** The authenticator that is asked for or set up, with what belongs to it. */
  get authenticator() {
    const { currentAuthenticator, currentAuthenticatorEnrollment } = this.at.context;
    return (currentAuthenticator ?? currentAuthenticatorEnrollment).value;
  }

  /** The authenticators there are to choose from. */
  get options() {
    const field = this.at.neededToProceed[0].value.find(({ name }) => name === 'authenticator');
    return field.options.map(({ relatesTo }) => relatesTo.key);
  }

  /** That the sign-in is through, and whose it is. */
  isIn(email) {
    assert.equal(this.at.status, 'SUCCESS', `${this.steps}; ${this.said}`);
    if (email) assert.equal(this.at.tokens.idToken.claims.email, email);
  }

  /** That the answer was refused for one reason, and the same is asked again. */
  isRefused(key) {
    assert.equal(this.at.requestDidSucceed, false);
    assert.ok(this.said.includes(key), `${key} is not among ${this.said}`);
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
