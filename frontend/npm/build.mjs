//! Writes the packages as they are published: `node build.mjs FOLDER`, and with a second argument that program as the dev org's.
//! Needs the packages of `npm ci` here and in `e2e`.

import { execFileSync } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { api } from './client/api.mjs';
import { declarations } from './element/declarations.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = path.join(HERE, '../..');
/** The version that the client is built with, too. */
const esbuild = createRequire(path.join(ROOT, 'e2e/package.json'))('esbuild');
const COMMON = { format: 'esm', charset: 'utf8', logLevel: 'warning', target: 'es2022' };

/** What each package consists of, besides its `package.json`, its README and the licences. */
const PACKAGES = {
  client: { entries: ['index'], bundle: true },
  element: { entries: ['index', 'dev-server', 'migrate', 'widget-options'], bundle: false, copies: ['migrate-command.js'] },
};

/** Writes every package to a folder of its name in `out`; that of the dev org if there is a program. */
export async function build(out, devorg) {
  const version = await workspaceVersion();
  for (const [name, { entries, bundle, copies = [] }] of Object.entries(PACKAGES)) {
    const folder = path.join(out, name);
    await start(name, folder, version);
    const source = path.join(HERE, name);
    await esbuild.build({ ...COMMON, bundle, entryPoints: entries.map((entry) => path.join(source, `src/${entry}.ts`)), outdir: folder });
    await types(name, folder, version);
    for (const file of copies) await copyFile(path.join(source, file), path.join(folder, file));
  }
  if (devorg) {
    const folder = path.join(out, 'devorg');
    // npm installs a program only where it runs.
    await start('devorg', folder, version, { os: [process.platform], cpu: [process.arch] });
    await copyFile(devorg, path.join(folder, 'devorg'));
    await chmod(path.join(folder, 'devorg'), 0o755);
  }
}

/** An empty folder with what every package has. */
async function start(name, folder, version, more = {}) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(HERE, name, 'package.json'), 'utf8'));
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify({ ...manifest, version, ...more }, null, 2)}\n`);
  await copyFile(path.join(HERE, name, 'README.md'), path.join(folder, 'README.md'));
  for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT']) await copyFile(path.join(ROOT, licence), path.join(folder, licence));
}

async function types(name, folder, version) {
  const made = name === 'element' ? declarations(version) : { 'api.ts': await api() };
  const scratch = path.join(folder, 'src');
  await cp(path.join(HERE, name, 'src'), scratch, { recursive: true });
  for (const [file, text] of Object.entries(made)) await writeFile(path.join(file.endsWith('.ts') ? scratch : folder, file), text);
  const options = JSON.parse(await readFile(path.join(HERE, 'client/tsconfig.json'), 'utf8')).compilerOptions;
  const config = { compilerOptions: { ...options, rootDir: '.', outDir: folder, emitDeclarationOnly: true }, include: ['*.ts'], exclude: Object.keys(made) };
  await writeFile(path.join(scratch, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(path.join(HERE, 'node_modules/.bin/tsc'), ['-p', scratch], { stdio: ['ignore', 'inherit', 'inherit'] });
  for (const file of Object.keys(made).filter((file) => file.endsWith('.d.ts'))) await copyFile(path.join(scratch, file), path.join(folder, file));
  await rm(scratch, { recursive: true });
}

async function workspaceVersion() {
  const manifest = await readFile(path.join(ROOT, 'Cargo.toml'), 'utf8');
  return /\[workspace\.package\][^[]*?\nversion = "([^"]+)"/.exec(manifest)[1];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(path.resolve(process.argv[2]), process.argv[3]);
