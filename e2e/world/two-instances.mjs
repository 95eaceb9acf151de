//! Two instances of Latchkey with the same store and keys, behind an nginx that alternates between them.

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { freePort } from './loopback.mjs';
import { run, start } from './process.mjs';

const TIMEOUT_MS = 10_000;
const PAUSE_MS = 20;
/** Folders that nginx needs. */
const FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Starts both with these settings, and nginx in front of them. */
export async function startPair(settings, store) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const shared = {
    LATCHKEY_PUBLIC_URL: url,
    ...settings,
    LATCHKEY_STORE: store,
    LATCHKEY_KEYS: randomBytes(32).toString('base64url'),
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1/32',
  };
  const instances = await Promise.all([1, 2].map(() => start('latchkey', ['serve'], shared)));
  const nginx = await startNginx(port, instances.map((instance) => new URL(instance.url).port));
  return {
    url,
    output: () => instances.map((instance) => instance.output()).join('\n'),
    stop: async () => {
      await nginx.stop();
      await Promise.all(instances.map((instance) => instance.stop()));
    },
  };
}

async function startNginx(port, ports) {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-nginx-'));
  await Promise.all(FOLDERS.map((name) => mkdir(path.join(folder, name))));
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, configuration(port, ports));
  const { child, kill, ended } = run('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = async () => {
    kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await stop();
      throw new Error('nginx does not listen (on Debian: apt-get install nginx-light)');
    }
    await setTimeout(PAUSE_MS);
  }
  return { stop };
}

/** As in docs/operations.md: each request goes to the next instance, no retries, no connections that are about to close. */
function configuration(port, ports) {
  const servers = ports.map((behind) => `server 127.0.0.1:${behind} max_fails=0;`).join(' ');
  return `
    daemon off; master_process off; pid nginx.pid; error_log stderr crit;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${FOLDERS.map((name) => `${name}_temp_path ${name};`).join(' ')}
      upstream behind { ${servers} keepalive 16; keepalive_timeout 5s; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://behind;
          proxy_http_version 1.1;
          proxy_next_upstream off;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
      }
    }
  `;
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
