//! A program of this workspace, run for one test: on a free port, ended by its own id.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 30_000;

/** Starts `name`, and resolves once it has said where it listens. */
export async function start(name, args, env) {
  const child = spawn(binary(name), args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('close', resolve)).finally(() => process.off('exit', kill));
  const said = [];
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => {
      kill();
      reject(new Error(`${name} ${why}\n${said.join('\n')}`));
    };
    const late = setTimeout(fail, PATIENCE_MS, 'did not say in time where it listens');
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const address = /listening on (http:\/\/\S+)/.exec(line)?.[1];
        if (address) {
          clearTimeout(late);
          resolve(address);
        }
      });
    }
  });
  return {
    url,
    /** Everything it has printed so far. */
    said: () => said.join('\n'),
    /** Asks it to end, and waits until it has. */
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(kill, PATIENCE_MS);
      await ended;
      clearTimeout(late);
    },
    /** Ends it as a power cut would. */
    kill: async () => {
      kill();
      await ended;
    },
  };
}

/** Where `name` was built: said by `NAME_BIN`, or cargo's target folder. */
export function binary(name) {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
  return process.env[`${name.toUpperCase()}_BIN`] || path.join(target, 'debug', name);
}
