//! A dev org for a test: its issuer, inbox, users, applications, clock and faults.

import { setTimeout } from 'node:timers/promises';

import { start } from './process.mjs';

const TIMEOUT_MS = 5_000;
const PAUSE_MS = 20;

/** The user of every default org. */
export const MARY = Object.freeze({
  login: 'mary@example.com',
  password: 'Correct-Horse-9',
  email: 'mary@example.com',
  phone: '+15551234567',
});

export class Org {
  static async start(env = {}, args = []) {
    return new Org(await start('devorg', args, { DEVORG_BIND: '127.0.0.1:0', ...env }));
  }

  #users = 0;

  constructor(process) {
    this.process = process;
    this.url = process.url;
    this.issuer = `${process.url}/oauth2/default`;
  }

  stop() {
    return this.process.stop();
  }

  kill() {
    return this.process.kill();
  }

  /** Resets everything. */
  reset() {
    return this.#ask('POST', '/dev/reset');
  }

  /** The messages to `address`, newest first. */
  inbox(address) {
    return this.#ask('GET', `/dev/inbox?to=${encodeURIComponent(address)}`);
  }

  /** The newest code sent to `address`; waits for one if there is none yet. */
  async code(address) {
    for (const late = Date.now() + TIMEOUT_MS; Date.now() < late; await setTimeout(PAUSE_MS)) {
      const [newest] = await this.inbox(address);
      if (newest?.code) return newest.code;
    }
    throw new Error(`no code was sent to ${address}`);
  }

  /** A code of the right shape that is not the one sent to `address`. */
  async wrongCode(address) {
    return (await this.code(address)) === '000000' ? '111111' : '000000';
  }

  /** Adds a user with a name and a password; `more` sets factors and other members. */
  async newUser(more = {}) {
    this.#users += 1;
    const email = `ada${this.#users}@example.com`;
    const person = { login: email, email, password: 'Battery-Staple-7' };
    await this.addUser({ ...person, profile: { firstName: 'Ada', lastName: 'Lovelace' }, ...more });
    return { ...person, phone: more.phone };
  }

  addUser(user) {
    return this.#ask('POST', '/dev/users', user);
  }

  addApp(app) {
    return this.#ask('POST', '/dev/apps', app);
  }

  /** Advances the org's clock. */
  pass(seconds) {
    return this.#ask('POST', '/dev/clock', { advance: seconds });
  }

  /** Calls `act` with the org's clock advanced, and sets the clock back, because clients refuse tokens from the future. */
  async later(seconds, act) {
    await this.pass(seconds);
    try {
      return await act();
    } finally {
      await this.pass(-seconds);
    }
  }

  /** Makes calls to `path` fail: `{ kind: 'garbage' }`, `{ kind: 'status', status: 503 }`, … */
  fault(path, what) {
    return this.#ask('POST', '/dev/faults', { path, ...what });
  }

  /** Removes every fault. */
  clearFaults() {
    return this.#ask('DELETE', '/dev/faults');
  }

  /** Answers the pending push of `login`. */
  answerPush(login, answer) {
    return this.#ask('POST', '/dev/push', { login, ...answer });
  }

  /** What the phones and tokens of `login` show. */
  devices(login) {
    return this.#ask('GET', `/dev/devices?login=${encodeURIComponent(login)}`);
  }

  /** The phone of `login` scans the QR code or opens the link. */
  pair(login) {
    return this.#ask('POST', '/dev/okta-verify', { login });
  }

  /** Starts Okta Verify on this machine for `login`; returns its port. */
  async startDevice(login, more = {}) {
    return (await this.#ask('POST', '/dev/fastpass', { login, ...more })).port;
  }

  /** A user holds a card to the reader. */
  holdCard(login) {
    return this.#ask('POST', '/dev/card', { login });
  }

  /** The current code of a user's app or token. */
  async shownBy(login, factor) {
    return (await this.#enrolment(login, factor)).code;
  }

  /** The secret of a user's app or token. */
  async secretOf(login, factor) {
    return (await this.#enrolment(login, factor)).secret;
  }

  /** A temporary access code. */
  accessCode(login) {
    return this.#ask('POST', `/dev/users/${encodeURIComponent(login)}/access-code`);
  }

  /** A token that activates or recovers the account of `login`. */
  invite(login, to) {
    return this.#ask('POST', `/dev/users/${encodeURIComponent(login)}/invite`, { to });
  }

  /** Every call to the org. */
  journal() {
    return this.#ask('GET', '/dev/journal');
  }

  /** The number of calls whose path has this ending. */
  async calls(ending) {
    return (await this.journal()).filter(({ path }) => path.endsWith(ending)).length;
  }

  /** What a user has enrolled. */
  async enrolments(login) {
    return (await this.#ask('GET', `/dev/users/${encodeURIComponent(login)}`)).enrolments;
  }

  async #enrolment(login, factor) {
    return (await this.enrolments(login)).find(({ key }) => key === factor);
  }

  async #ask(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text && JSON.parse(text);
  }
}
