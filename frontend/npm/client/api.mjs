//! The types of the API, made from `backend/openapi.json` when the package is built.

import { readFile } from 'node:fs/promises';

const OPENAPI = new URL('../../../backend/openapi.json', import.meta.url);

/** The bodies of answers. The inputs of the next step may ask for more than the named values. */
const OPEN_BODIES = ['Authenticate', 'Register', 'RecoverPassword', 'UnlockAccount', 'Activate', 'Values'];

/** The text of `api.ts`. */
export async function api() {
  const document = JSON.parse(await readFile(OPENAPI, 'utf8'));
  const types = Object.entries(document.components.schemas).map(([name, schema]) => declaration(name, schema));
  return `// Made from backend/openapi.json .\n\n${types.join('\n\n')}\n`;
}

/** Every call of the description, as `METHOD /path`. */
export async function calls() {
  const { paths } = JSON.parse(await readFile(OPENAPI, 'utf8'));
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
}

function declaration(name, schema) {
  const about = comment(schema.description, '');
  if (OPEN_BODIES.includes(name)) {
    const members = Object.entries(schema.properties).map(([member, type]) => `  ${member}?: ${answer(type)};`);
    return `export interface ${name} {\n${members.join('\n')}\n  [input: string]: AnswerValue | undefined;\n}`;
  }
  if (name === 'JsonValue') return `${about}export type JsonValue = string | number | boolean | JsonValue[] | { [name: string]: JsonValue };\n\n${ANSWER_VALUE}`;
  if (schema.properties) return `${about}export interface ${name} ${object(schema, '')}`;
  return `${about}export type ${name} = ${type(schema, '')};`;
}

const ANSWER_VALUE = `/** A value of an answer: simple, an object of simple values, or several. */
export type AnswerValue = SimpleValue | { [name: string]: SimpleValue } | (string | { [name: string]: SimpleValue })[];`;

/** A value is text, a flag, or what chooses. */
function answer(schema) {
  return schema.anyOf ? 'AnswerValue' : type(schema, '');
}

function object(schema, indent) {
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    return `${comment(member.description, inner)}${inner}${name}${optional}: ${type(member, inner)};`;
  });
  const more = schema.additionalProperties;
  if (more === true) members.push(`${inner}[name: string]: unknown;`);
  // An index signature must fit every named member, and lists of objects are no plain JSON values to TypeScript.
  else if (more) members.push(`${inner}[name: string]: ${hasList(schema) ? 'unknown' : `${type(more, inner)} | undefined`};`);
  return members.length ? `{\n${members.join('\n')}\n${indent}}` : '{}';
}

function hasList({ properties }) {
  return Object.values(properties ?? {}).some((member) => member.type === 'array');
}

function type(schema, indent) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  const among = schema.anyOf ?? schema.oneOf;
  if (among) return among.map((one) => type(one, indent)).join(' | ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(' | ');
  if (schema.type === 'array') return `${type(schema.items, indent)}[]`;
  if (schema.type === 'object') return object(schema, indent);
  return schema.type === 'integer' ? 'number' : schema.type;
}

function comment(text, indent) {
  if (!text) return '';
  const lines = text.split('\n');
  if (lines.length === 1) return `${indent}/** ${text} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}
