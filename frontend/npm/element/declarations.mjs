//! The types and the custom-elements manifest, made from the table of `surface.mjs`.

import { ELEMENTS } from './surface.mjs';

/** The generated files of the package by name. */
export function declarations(version) {
  return {
    'elements.d.ts': elements(),
    'react.d.ts': augment('react', 'JSX', 'IntrinsicElements', react),
    'solid.d.ts': augment('solid-js', 'JSX', 'IntrinsicElements', solid),
    'svelte.d.ts': augment('svelte/elements', undefined, 'SvelteHTMLElements', svelte),
    'vue.d.ts': augment('vue', undefined, 'GlobalComponents', vue),
    'types.js': 'export {};\n',
    'custom-elements.json': `${JSON.stringify(manifest(version), null, 2)}\n`,
  };
}

const all = (write) => Object.entries(ELEMENTS).map(([tag, element]) => write(tag, element)).join('\n');
const lines = (members, write) => Object.entries(members).map(([name, member]) => `  /** ${member.about} */\n  ${write(name, member)}\n`).join('');

function elements() {
  const classes = all((_, { className, about, properties, methods, events, attributes }) => {
    const map = lines(events, (name, event) => `${quoted(name)}: ${eventType(event)};`);
    return `/** The events of <${className}>. */
export interface ${className}Events {
${map}}

/** The attributes of <${className}>. */
export interface ${className}Attributes {
${lines(attributes, (name, { type }) => `${quoted(name)}?: ${type} | undefined;`)}}

/** ${about} */
export interface ${className} extends HTMLElement {
${lines(properties, (name, { type }) => `${name}: ${type};`)}${lines(methods, (name, { type }) => `${name}${type};`)}  addEventListener<Name extends keyof ${className}Events>(
    name: Name,
    listener: (this: ${className}, event: ${className}Events[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(name: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}
`;
  });
  return `// Made from surface.mjs.

${classes}
declare global {
  interface HTMLElementTagNameMap {
${all((tag, { className }) => `    ${quoted(tag)}: ${className};`)}
  }
  // They bubble, so a page can listen at any element, at the document and at the window.
  interface GlobalEventHandlersEventMap extends ${Object.values(ELEMENTS).map(({ className }) => `${className}Events`).join(', ')} {}
}
`;
}

function augment(module, namespace, target, write) {
  const classes = Object.values(ELEMENTS).flatMap(({ className }) => [className, `${className}Attributes`, `${className}Events`]);
  const body = `interface ${target} {\n${all((tag, element) => `    ${quoted(tag)}: ${write(element)};`)}\n  }`;
  const inner = namespace ? `namespace ${namespace} {\n  ${body}\n  }` : body;
  return `// Made from surface.mjs.
import type { ${classes.join(', ')} } from "./elements.js";
import type {} from "${module}";

type Handlers<Prefix extends string, Events> = {
  [Name in keyof Events & string as \`\${Prefix}\${Name}\`]?: ((event: Events[Name]) => void) | undefined;
};

declare module "${module}" {
  ${inner}
}
`;
}

const members = ({ properties }) => (Object.keys(properties).length ? ` & Partial<Pick<CLASS, ${Object.keys(properties).map(quoted).join(' | ')}>>` : '');
const own = (element, prefix) =>
  `${element.className}Attributes & Handlers<"${prefix}", ${element.className}Events>${members(element).replace('CLASS', element.className)}`;

/** React 19 listens to `onNAME`; React 18 sets it as an attribute, so there a ref has to add the listener. */
const react = (element) => `import("react").DetailedHTMLProps<import("react").HTMLAttributes<${element.className}>, ${element.className}> & ${own(element, 'on')}`;
const solid = (element) => `import("solid-js").JSX.HTMLAttributes<${element.className}> & ${own(element, 'on:')}`;
const svelte = (element) => `import("svelte/elements").HTMLAttributes<${element.className}> & ${own(element, 'on')}`;
const vue = (element) => `import("vue").DefineComponent<${element.className}Attributes & { [Name in keyof ${element.className}Events as \`on\${Capitalize<Name>}\`]?: (event: ${element.className}Events[Name]) => void }>`;

function manifest(version) {
  const modules = Object.entries(ELEMENTS).map(([tag, element]) => ({
    kind: 'javascript-module',
    path: 'index.js',
    declarations: [
      {
        kind: 'class',
        customElement: true,
        name: element.className,
        tagName: tag,
        description: element.about,
        superclass: { name: 'HTMLElement' },
        attributes: entries(element.attributes, ({ type }) => ({ type: { text: type } })),
        members: [
          ...entries(element.properties, ({ type }) => ({ kind: 'field', type: { text: type } })),
          ...entries(element.methods, () => ({ kind: 'method' })),
        ],
        events: entries(element.events, (event) => ({ type: { text: eventType(event) } })),
        slots: entries(element.slots, () => ({})),
        cssParts: element.parts.map((name) => ({ name })),
        cssProperties: element.tokens.map((name) => ({ name })),
      },
    ],
    exports: [{ kind: 'custom-element-definition', name: tag, declaration: { name: element.className } }],
  }));
  return { schemaVersion: '2.1.0', readme: 'README.md', packageVersion: version, modules };
}

/** The type of an event; `members` are those that it has besides its detail. */
function eventType({ detail, members: own }) {
  return own ? `CustomEvent<${detail}> & ${own}` : `CustomEvent<${detail}>`;
}

function entries(members, write) {
  return Object.entries(members).map(([name, member]) => ({ name, description: member.about, ...write(member) }));
}

function quoted(name) {
  return JSON.stringify(name);
}
