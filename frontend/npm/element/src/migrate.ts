// Reads a configuration of Okta's Sign-In Widget and writes the page, the styles and the settings that take its place.

import { type Counterpart, OPTIONS, type Piece, type Texts } from "./widget-options.js";

/** What takes the place of a configuration. */
export interface Migration {
  attributes: Record<string, string>;
  tokens: Record<string, string>;
  pieces: Piece[];
  texts: Texts;
  settings: Record<string, string>;
  brand: Record<string, string>;
  /** Options that need an explanation, each with its own. */
  notes: { option: string; note: string }[];
}

/** Decides for every option of `configuration`. An option that no rule names is noted, too. */
export function migrate(configuration: object): Migration {
  const migration: Migration = { attributes: {}, tokens: {}, pieces: [], texts: {}, settings: {}, brand: {}, notes: [] };
  for (const [option, value] of options(configuration)) {
    const { pieces = [], note, ...named }: Counterpart = rule(option)?.(value) ?? { note: "Okta's documentation does not list this option." };
    for (const [kind, values] of Object.entries(named)) Object.assign(migration[kind as keyof typeof named], values);
    pieces.forEach((piece) => add(piece, migration.pieces));
    if (note) migration.notes.push({ option, note });
  }
  return migration;
}

/** Adds a piece. There is one picture, and two options say what it is. */
function add(piece: Piece, pieces: Piece[]) {
  const picture = piece.tag === "img" && pieces.find(({ tag }) => tag === "img");
  if (picture) Object.assign(picture.attributes, piece.attributes.alt ? piece.attributes : { ...piece.attributes, alt: picture.attributes.alt });
  else pieces.push(piece);
}

/** The text that the command prints. */
export function print({ attributes, tokens, pieces, texts, settings, brand, notes }: Migration): string {
  const inside = pieces.filter(({ tag, attributes }) => tag !== "img" || attributes.src).map(html);
  const content = inside.length ? ["", ...inside.map((piece) => `  ${piece}`), "  The sign-in cannot be shown here.", ""].join("\n") : "The sign-in cannot be shown here.";
  const parts = [
    `<!-- the page -->
<script type="module" src="https://YOUR-LATCHKEY/latchkey.js"></script>
<${tag("latchkey-sign-in", attributes)}>${content}</latchkey-sign-in>`,
  ];
  if (Object.keys(texts).length) parts.push(`// its script\ndocument.querySelector("latchkey-sign-in").text = ${JSON.stringify(texts, null, 2)};`);
  const styles = Object.entries(tokens).map(([name, value]) => `  ${name}: ${value};\n`);
  if (styles.length) parts.push(`/* its styles */\nlatchkey-sign-in {\n${styles.join("")}}`);
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${/^[\w./:,@-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`);
  if (lines.length) parts.push(`# the settings of the server\n${lines.join("\n")}`);
  const branded = Object.entries(brand).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  if (branded.length) parts.push(`# latchkey.toml of the server\n[brand]\n${branded.join("\n")}`);
  const width = Math.max(...notes.map(({ option }) => option.length));
  if (notes.length) parts.push(`What to know of the other options:\n${notes.map(({ option, note }) => `  ${option.padEnd(width)}  ${note}`).join("\n")}`);
  return `${parts.join("\n\n")}\n`;
}

function html({ tag: name, attributes, text }: Piece): string {
  const start = `<${tag(name, attributes)}>`;
  return name === "img" ? start : `${start}${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${name}>`;
}

/** A name with attributes. */
function tag(name: string, attributes: Record<string, string>): string {
  return [name, ...Object.entries(attributes).map(([name, value]) => `${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`)].join(" ");
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
