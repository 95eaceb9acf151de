//! Starts the development server of a sample: `npm start react`. Installs and builds what it needs.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const npm = (folder, ...args) => {
  const { status } = spawnSync("npm", args, { cwd: path.join(ROOT, folder), stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

const [name] = process.argv.slice(2);
if (!name || !existsSync(path.join(import.meta.dirname, name, "package.json"))) {
  console.error("Name one of the samples: npm start react");
  process.exit(2);
}
// The packages are built with the esbuild of `e2e`.
for (const folder of ["e2e", "frontend/npm"]) {
  if (!existsSync(path.join(ROOT, folder, "node_modules"))) npm(folder, "ci");
}
npm("frontend/npm", "run", "build");
if (!existsSync(path.join(import.meta.dirname, "node_modules"))) npm("frontend/samples", "ci");
npm("frontend/samples", "run", "dev", "--workspace", name);
