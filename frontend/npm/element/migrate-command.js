#!/usr/bin/env node
// The command: `npx @latchkey/element widget-config.mjs`.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { argv, exit, stderr, stdout } from "node:process";
import { pathToFileURL } from "node:url";

import { migrate, print } from "./migrate.js";

const USAGE = `Give a file with the configuration of Okta's Sign-In Widget: JSON, or a module that exports it.

  npx @latchkey/element widget-config.mjs
`;

const [file] = argv.slice(2);
if (!file || file.startsWith("-")) {
  stderr.write(USAGE);
  exit(2);
}
try {
  stdout.write(print(migrate(await configuration(path.resolve(file)))));
} catch (error) {
  stderr.write(`${file} cannot be read: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  exit(1);
}

async function configuration(file) {
  const read = file.endsWith(".json") ? JSON.parse(await readFile(file, "utf8")) : await import(pathToFileURL(file).href);
  const found = read.default ?? read.config ?? read;
  if (typeof found !== "object" || found === null) throw new TypeError("it has no configuration");
  return found;
}
