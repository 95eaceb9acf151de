// Reads a configuration of Okta's Sign-In Widget and writes the page, the styles and the settings that take its place.

import { type Counterpart, OPTIONS } from "./widget-options.js";

/** What takes the place of a configuration. */
export interface Migration {
  attributes: Record<string, string>;
  tokens: Record<string, string>;
  settings: Record<string, string>;
  /** Options that need an explanation, each with its own. */
  notes: { option: string; note: string }[];
}

/** Decides for every option of `configuration`. An option that no rule names is noted, too. */
export function migrate(configuration: object): Migration {
  const migration: Migration = { attributes: {}, tokens: {}, settings: {}, notes: [] };
  for (const [option, value] of options(configuration)) {
    const { attributes, tokens, settings, note }: Counterpart = rule(option)?.(value) ?? { note: "Okta's documentation does not list this option." };
    Object.assign(migration.attributes, attributes);
    Object.assign(migration.tokens, tokens);
    Object.assign(migration.settings, settings);
    if (note) migration.notes.push({ option, note });
  }
  return migration;
}

/** The text that the command prints. */
export function print({ attributes, tokens, settings, notes }: Migration): string {
  const tag = ["latchkey-sign-in", ...Object.entries(attributes).map(([name, value]) => `${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`)].join(" ");
  const parts = [
    `<!-- the page -->
<script type="module" src="https://YOUR-LATCHKEY/latchkey.js"></script>
<${tag}>The sign-in cannot be shown here.</latchkey-sign-in>`,
  ];
  const styles = Object.entries(tokens).map(([name, value]) => `  ${name}: ${value};\n`);
  if (styles.length) parts.push(`/* its styles */\nlatchkey-sign-in {\n${styles.join("")}}`);
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${/^[\w./:,@-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`);
  if (lines.length) parts.push(`# the settings of the server\n${lines.join("\n")}`);
  const width = Math.max(...notes.map(({ option }) => option.length));
  if (notes.length) parts.push(`What to know of the other options:\n${notes.map(({ option, note }) => `  ${option.padEnd(width)}  ${note}`).join("\n")}`);
  return `${parts.join("\n\n")}\n`;
}

/** The options that have a rule; the members of such an option are not searched for more. */
function options(configuration: object, before = ""): [string, unknown][] {
  return Object.entries(configuration).flatMap(([name, value]): [string, unknown][] => {
    const option = before + name;
    const isGroup = Object.keys(OPTIONS).some((other) => other.startsWith(`${option}.`));
    if (!OPTIONS[option] && isGroup && value && typeof value === "object" && !Array.isArray(value)) return options(value, `${option}.`);
    return [[option, value]];
  });
}

function rule(option: string) {
  const group = option.includes(".") ? option.slice(0, option.lastIndexOf(".")) : option;
  return OPTIONS[option] ?? OPTIONS[`${group}.*`];
}
