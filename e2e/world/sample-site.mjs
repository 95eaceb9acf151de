//! The site of a sample, with Latchkey's addresses below the same origin: built, or from its development server.

import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { close, freePort, listen } from './loopback.mjs';

const SAMPLES = fileURLToPath(new URL('../../frontend/samples', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.wasm': 'application/wasm' };
const TIMEOUT_MS = 60_000;

/** Builds a sample for production. */
export async function buildSample(name) {
  await promisify(execFile)('npm', ['run', 'build', '--workspace', name], { cwd: SAMPLES });
}

/** The built files of a sample; a request for anything else goes to the app. */
export class BuiltSample {
  static async start(name) {
    const server = createServer();
    await listen(server);
    return new BuiltSample(server, path.join(SAMPLES, name, 'dist'));
  }

  constructor(server, folder) {
    this.server = server;
    this.url = `http://localhost:${server.address().port}`;
    server.on('request', async (asked, response) => {
      const { pathname } = new URL(asked.url, this.url);
      const file = path.join(folder, path.normalize(pathname === '/' ? '/index.html' : pathname));
      try {
        const body = await readFile(file);
        const type = { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' };
        response.writeHead(200, { ...type, ...this.policy }).end(body);
      } catch {
        forward(asked, response, this.app);
      }
    });
  }

  async connect(app) {
    this.app = app;
  }

  /** Gives the pages the Content-Security-Policy of the app's own. */
  async adoptPolicy() {
    const { headers } = await fetch(this.app);
    this.policy = { 'content-security-policy': headers.get('content-security-policy') };
  }

  /** Calls `act` while the pages have no policy. */
  async withoutPolicy(act) {
    const { policy } = this;
    this.policy = undefined;
    await act();
    this.policy = policy;
  }

  stop() {
    return close(this.server);
  }
}

/** The server of a sample, in development or for production, which forwards Latchkey's addresses to the app. */
export class SampleServer {
  static async start(name, script) {
    return new SampleServer(name, script, await freePort());
  }

  constructor(name, script, port) {
    this.name = name;
    this.script = script;
    this.port = port;
    this.url = `http://localhost:${port}`;
  }

  async connect(app) {
    const args = ['run', this.script, '--workspace', this.name, '--', '--port', String(this.port)];
    const env = { ...process.env, LATCHKEY_URL: app, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' };
    // A group of its own, because npm does not forward signals to the server.
    this.child = spawn('npm', args, { cwd: SAMPLES, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    const output = [];
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no address in time:\n${output.join('')}`)), TIMEOUT_MS);
      for (const stream of [this.child.stdout, this.child.stderr]) {
        stream.on('data', (data) => {
          output.push(String(data));
          if (output.join('').includes(`:${this.port}`)) resolve(clearTimeout(late));
        });
      }
    });
  }

  async stop() {
    if (!this.child) return;
    process.kill(-this.child.pid, 'SIGTERM');
    await this.ended;
  }
}

function forward(asked, response, to) {
  const { method, headers } = asked;
  const passed = request(new URL(asked.url, to), { method, headers }, (answer) => {
    answer.pipe(response.writeHead(answer.statusCode, answer.headers));
  });
  passed.on('error', () => response.destroy());
  asked.pipe(passed);
}
