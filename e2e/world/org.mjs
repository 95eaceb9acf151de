//! A dev org of a test's own: its issuer, what it "sent", its users and applications, its clock and its faults.

import { setTimeout } from 'node:timers/promises';

import { start } from './process.mjs';

const PATIENCE_MS = 5_000;
const PAUSE_MS = 20;

/** The user every default org has. */
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

  #people = 0;

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

  /** Everything as it was at the start. */
  reset() {
    return this.#ask('POST', '/dev/reset');
  }

  /** What was sent to `address`, newest first. */
  inbox(address) {
    return this.#ask('GET', `/dev/inbox?to=${encodeURIComponent(address)}`);
  }

  /** The newest code sent to `address`; if there is none yet, the first to come soon. */
  async code(address) {
    for (const late = Date.now() + PATIENCE_MS; Date.now() < late; await setTimeout(PAUSE_MS)) {
      const [newest] = await this.inbox(address);
      if (newest?.code) return newest.code;
    }
    throw new Error(`no code was sent to ${address}`);
  }

  /** A code of the right shape that is not the one sent to `address`. */
  async wrongCode(address) {
    return (await this.code(address)) === '000000' ? '111111' : '000000';
  }

  /** Someone new with a name and a password, and whatever `more` says of their factors. */
  async somebody(more = {}) {
    this.#people += 1;
    const email = `ada${this.#people}@example.com`;
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

  /** Lets `seconds` pass for the org alone. */
  pass(seconds) {
    return this.#ask('POST', '/dev/clock', { advance: seconds });
  }

  /** Does something as if `seconds` had passed, and comes back to now: clients believe no token from the future. */
  async later(seconds, act) {
    await this.pass(seconds);
    try {
      return await act();
    } finally {
      await this.pass(-seconds);
    }
  }

  /** Makes calls to `path` go wrong: `{ kind: 'garbage' }`, `{ kind: 'status', status: 503 }`, … */
  fault(path, what) {
    return this.#ask('POST', '/dev/faults', { path, ...what });
  }

  /** Ends every fault. */
  mend() {
    return this.#ask('DELETE', '/dev/faults');
  }

  /** Answers the push that waits on the phone of `login`. */
  answerPush(login, answer) {
    return this.#ask('POST', '/dev/push', { login, ...answer });
  }

  /** What waits on the phones and tokens of `login`. */
  devices(login) {
    return this.#ask('GET', `/dev/devices?login=${encodeURIComponent(login)}`);
  }

  /** The phone of `login` scans the code, or opens the link, that waits for it. */
  pair(login) {
    return this.#ask('POST', '/dev/okta-verify', { login });
  }

  /** The code that somebody's app or token shows now. */
  async shownBy(login, factor) {
    return (await this.#enrolment(login, factor)).code;
  }

  /** What is inside somebody's app or token. */
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

  /** Every call the org has answered. */
  journal() {
    return this.#ask('GET', '/dev/journal');
  }

  /** How many of them were for a path that ends so. */
  async calls(ending) {
    return (await this.journal()).filter(({ path }) => path.endsWith(ending)).length;
  }

  async #enrolment(login, factor) {
    const { enrolments } = await this.#ask('GET', `/dev/users/${encodeURIComponent(login)}`);
    return enrolments.find(({ key }) => key === factor);
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
