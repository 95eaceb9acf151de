//! Firefox over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): one process, a user context for each test.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import WebSocket from 'ws';

import { run } from '../world/process.mjs';
import { expression, KEYS, POINTER } from './protocol.mjs';

export const PROGRAM = process.env.FIREFOX || '/usr/bin/firefox-esr';
const START_TIMEOUT_MS = 60_000;

/** What differs from a fresh profile; Firefox itself switches off its updates and reports for a remote session. */
const preferences = (look) => ({
  'intl.accept_languages': 'en-US, en',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,none',
  'ui.prefersReducedMotion': 1,
  'ui.systemUsesDarkTheme': Number(look === 'dark'),
});

/** Starts Firefox in this look, `light` or `dark`. */
export async function launch(look) {
  const profile = await mkdtemp(path.join(tmpdir(), 'latchkey-firefox-'));
  const lines = Object.entries(preferences(look)).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(path.join(profile, 'user.js'), lines.join('\n'));
  const { child, kill, ended } = run(PROGRAM, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const connection = await Connection.open(`${await address(child)}/session`);
  await connection.send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  await connection.send('session.subscribe', { events: ['log.entryAdded'] });
  return {
    /** A browser without history; `open` opens another tab. */
    async context() {
      const { userContext } = await connection.send('browser.createUserContext');
      return {
        open: async () => new Tab(connection, (await connection.send('browsingContext.create', { type: 'tab', userContext })).context),
        close: () => connection.send('browser.removeUserContext', { userContext }),
      };
    },
    async stop() {
      await connection.send('browser.close').catch(kill);
      await ended;
      connection.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function address(child) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Firefox did not print its address in time')), START_TIMEOUT_MS);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`Firefox ended with ${code}`)));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const url = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
      if (!url) return;
      clearTimeout(late);
      resolve(url);
    });
  });
}

/** Sends commands, and collects the errors that pages log. */
class Connection {
  static async open(url) {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Connection(socket);
  }

  #waiting = new Map();
  #last = 0;
  #errors = new Map();

  constructor(socket) {
    this.socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(data)));
    socket.on('close', () => this.#waiting.forEach(({ reject }) => reject(new Error('Firefox has closed the connection'))));
  }

  send(method, params = {}) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error('Firefox has closed the connection'));
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The script errors of `context` so far. */
  errors(context) {
    return this.#errors.get(context) ?? [];
  }

  close() {
    this.socket.close();
  }

  #take({ id, method, type, params, result, error, message }) {
    if (method === 'log.entryAdded' && params.level === 'error') {
      const { context } = params.source;
      this.#errors.set(context, [...this.errors(context), params.text]);
    }
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (type === 'success') waiting.resolve(result);
    else waiting.reject(new Error(`${error}: ${message}`));
  }
}

class Tab {
  constructor(connection, context) {
    this.connection = connection;
    this.context = context;
  }

  #send(method, params) {
    return this.connection.send(`browsingContext.${method}`, { context: this.context, ...params });
  }

  goto(url) {
    return this.#send('navigate', { url, wait: 'interactive' });
  }

  reload() {
    return this.#send('reload', { wait: 'interactive' });
  }

  /** One page back in the history, or with `delta` 1 forward. */
  traverse(delta) {
    return this.#send('traverseHistory', { delta });
  }

  size(width, height) {
    return this.#send('setViewport', { viewport: { width, height } });
  }

  front() {
    return this.#send('activate');
  }

  close() {
    return this.#send('close');
  }

  /** Calls `script` in the page; arguments and result go as JSON. */
  async run(script, ...values) {
    const target = { context: this.context };
    const answer = await this.connection.send('script.evaluate', { expression: expression(script, values), target, awaitPromise: true });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return answer.result.type === 'string' ? JSON.parse(answer.result.value) : undefined;
  }

  #act(...actions) {
    return this.connection.send('input.performActions', { context: this.context, actions });
  }

  click(x, y) {
    return this.#act(POINTER(x, y));
  }

  /** Presses keys in the focused element. */
  type(text) {
    return this.#act(KEYS(text));
  }

  async picture() {
    return Buffer.from((await this.#send('captureScreenshot')).data, 'base64');
  }

  errors() {
    return this.connection.errors(this.context);
  }
}
