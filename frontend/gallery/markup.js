// Elements as HTML to read and copy: indented, without what only the program needs.

const VOID = new Set(["br", "hr", "img", "input", "link", "path", "circle", "rect"]);
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The children of `container` as HTML. */
export function markup(container) {
  return [...container.childNodes].map((node) => html(node, "")).join("").trim();
}

function html(node, indent) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.trim() && `${indent}${escape(node.data.trim())}\n`;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const name = node.localName;
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}${value && `="${shortened(value)}"`}`).join("");
  if (VOID.has(name)) return `${indent}<${name}${attributes}>\n`;
  const children = [...node.childNodes].map((child) => html(child, `${indent}  `)).join("");
  const hasOnlyText = node.childNodes.length > 0 && [...node.childNodes].every(({ nodeType }) => nodeType !== Node.ELEMENT_NODE);
  if (!children.trim() || hasOnlyText) return `${indent}<${name}${attributes}>${escape(node.textContent.trim())}</${name}>\n`;
  return `${indent}<${name}${attributes}>\n${children}${indent}</${name}>\n`;
}

/** A picture in an attribute is longer than the rest of the screen. */
function shortened(value) {
  const short = value.startsWith("data:") && value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return escape(short).replaceAll('"', "&quot;");
}
