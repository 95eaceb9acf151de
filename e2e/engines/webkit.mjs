//! WebKit over classic WebDriver (https://w3c.github.io/webdriver/): WebKitWebDriver, MiniBrowser, and a virtual display.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { freePort } from '../world/loopback.mjs';
import { run } from '../world/process.mjs';
import { expression, KEYS, POINTER } from './protocol.mjs';

const BROWSERS = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/webkit2gtk-4.1/MiniBrowser`);
export const PROGRAM = process.env.WEBKIT || BROWSERS.find(existsSync);
const START_TIMEOUT_MS = 30_000;
/** A browser sometimes starts and never connects to its driver. Then it is started again, with another driver. */
const SESSION_TIMEOUT_MS = 15_000;
const MAX_STARTS = 3;
const COMMAND_TIMEOUT_MS = 20_000;
const PAUSE_MS = 20;

/** Starts what browsers in this look, `light` or `dark`, need. */
export async function launch(look) {
  const display = await startDisplay();
  const settings = await writeSettings();
  const env = { ...process.env, DISPLAY: display.name, XDG_CONFIG_HOME: settings, LANG: 'en_US.UTF-8', LANGUAGE: 'en_US' };
  // WebKit's default cookie policy treats two hosts under .localhost as two sites.
  const options = { binary: PROGRAM, args: ['--automation', '--cookies-policy=always', ...(look === 'dark' ? ['--dark-mode'] : [])] };
  const alwaysMatch = { acceptInsecureCerts: true, pageLoadStrategy: 'none', 'webkitgtk:browserOptions': options };
  return {
    /** A browser without history; `open` opens another tab. */
    async context() {
      for (let start = 1; ; start += 1) {
        const driver = await startDriver(env);
        try {
          const { sessionId } = await send(driver.url, 'POST', '/session', { capabilities: { alwaysMatch } }, SESSION_TIMEOUT_MS);
          const session = new Session(`${driver.url}/session/${sessionId}`);
          return { open: () => session.open(), close: () => session.send('DELETE', '').finally(driver.stop) };
        } catch (error) {
          await driver.stop();
          if (start === MAX_STARTS) throw error;
        }
      }
    },
    async stop() {
      await display.stop();
      await rm(settings, { recursive: true, force: true });
    },
  };
}

async function startDriver(env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const driver = run('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env });
  for (const late = Date.now() + START_TIMEOUT_MS; !(await fetch(`${url}/status`).then(() => true, () => false)); await setTimeout(PAUSE_MS)) {
    if (Date.now() > late) throw new Error('WebKitWebDriver does not listen');
  }
  return { url, stop: () => stop(driver) };
}

/** A folder of GTK settings that ask for reduced motion. */
async function writeSettings() {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-webkit-'));
  await mkdir(path.join(folder, 'gtk-3.0'));
  await writeFile(path.join(folder, 'gtk-3.0', 'settings.ini'), '[Settings]\ngtk-enable-animations=0\n');
  return folder;
}

/** Starts Xvfb, which chooses the display number. */
async function startDisplay() {
  const xvfb = run('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise((resolve, reject) => {
    xvfb.child.stdio[3].once('data', (data) => resolve(String(data).trim()));
    xvfb.child.once('error', reject);
    xvfb.child.once('close', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { name: `:${number}`, stop: () => stop(xvfb) };
}

async function stop({ child, ended }) {
  child.kill('SIGTERM');
  await ended;
}

async function send(url, method, command, body, timeout = COMMAND_TIMEOUT_MS) {
  const response = await fetch(url + command, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(timeout) }).catch((error) => {
    throw new Error(`${method} ${command}: ${error.message}`);
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** One browser. A command goes to the current tab, so commands to different tabs are queued. */
class Session {
  #current;
  #opened = 0;
  #queue = Promise.resolve();

  constructor(url) {
    this.url = url;
  }

  send(method, command, body) {
    return send(this.url, method, command, body);
  }

  /** Sends a command to `handle`. */
  to(handle, method, command, body) {
    const sent = this.#queue.then(async () => {
      if (this.#current !== handle) await this.send('POST', '/window', { handle });
      this.#current = handle;
      return this.send(method, command, body);
    });
    this.#queue = sent.catch(() => {});
    return sent;
  }

  /** The first window exists from the start. Others are windows too, because the driver cannot activate a tab. */
  async open() {
    this.#opened += 1;
    const handle = this.#opened === 1 ? await this.send('GET', '/window') : (await this.send('POST', '/window/new', { type: 'window' })).handle;
    const tab = new Tab(this, handle);
    await tab.front();
    return tab;
  }
}

class Tab {
  constructor(session, handle) {
    this.session = session;
    this.handle = handle;
  }

  #send(method, command, body = method === 'POST' ? {} : undefined) {
    return this.session.to(this.handle, method, command, body);
  }

  goto(url) {
    return this.#leave(() => this.#send('POST', '/url', { url }));
  }

  reload() {
    return this.#leave(() => this.#send('POST', '/refresh'));
  }

  /** One page back in the history, or with `delta` 1 forward. The driver's own commands would wait for a page load that never comes. */
  traverse(delta) {
    return this.run((delta) => history.go(delta), delta);
  }

  /** Waits until the next document is parsed. The driver could only wait until it is fully loaded. */
  async #leave(act) {
    await this.run(() => void (globalThis.isUnloading = true));
    await act();
    const isThere = () => this.run(() => !globalThis.isUnloading && document.readyState !== 'loading').catch(() => false);
    for (const late = Date.now() + START_TIMEOUT_MS; !(await isThere()); await setTimeout(PAUSE_MS)) {
      if (Date.now() > late) throw new Error('the next page does not load');
    }
  }

  /** The window is larger than the page by the height of its bars. */
  async size(width, height) {
    for (let bars = 0, tries = 0; tries < 3; tries += 1) {
      await this.#send('POST', '/window/rect', { x: 0, y: 0, width, height: height + bars });
      const inner = await this.run(() => innerHeight);
      if (inner === height) return;
      bars += height - inner;
    }
  }

  front() {
    return this.run(() => undefined);
  }

  close() {
    return this.#send('DELETE', '/window');
  }

  /** Calls `script` in the page; arguments and result go as JSON. */
  async run(script, ...values) {
    const result = await this.#send('POST', '/execute/sync', { script: `return ${expression(script, values)}`, args: [] });
    return result === null ? undefined : JSON.parse(result);
  }

  #act(...actions) {
    return this.#send('POST', '/actions', { actions });
  }

  click(x, y) {
    return this.#act(POINTER(x, y));
  }

  /** Presses keys in the focused element. */
  type(text) {
    return this.#act(KEYS(text));
  }

  async picture() {
    return Buffer.from(await this.#send('GET', '/screenshot'), 'base64');
  }

  /** Classic WebDriver has no log of the page. */
  errors() {
    return [];
  }
}
