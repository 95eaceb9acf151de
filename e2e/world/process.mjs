//! Runs a program for one test; those of this workspace on a free port.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT_MS = 30_000;

/** Runs a program, which is killed with this process. `ended` also resolves if it cannot be started. */
export function run(program, args, options) {
  const child = spawn(program, args, options);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('error', resolve).once('close', resolve)).finally(() => process.off('exit', kill));
  return { child, kill, ended };
}

/** Starts `name`, and resolves when it has printed its address. */
export async function start(name, args, env) {
  const { child, kill, ended } = run(binary(name), args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => {
      kill();
      reject(new Error(`${name} ${why}\n${output.join('\n')}`));
    };
    const late = setTimeout(fail, TIMEOUT_MS, 'did not print its address in time');
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
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
    /** Everything that it printed so far. */
    output: () => output.join('\n'),
    /** Stops it and waits until it has ended. */
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(kill, TIMEOUT_MS);
      await ended;
      clearTimeout(late);
    },
    /** Kills it. */
    kill: async () => {
      kill();
      await ended;
    },
  };
}

/** The path of `name`: from `NAME_BIN`, or in cargo's target folder. */
export function binary(name) {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
  return process.env[`${name.toUpperCase()}_BIN`] || path.join(target, 'debug', name);
}
