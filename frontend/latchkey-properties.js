// The properties of the element that reflect its attributes.

/** The attributes with a value. */
const REFLECTED = ["mode", "flow", "username", "acr-values", "return-to", "after-sign-in", "languages", "server", "theme", "heading-level"];

/** Adds the properties to the class of the element. */
export function reflectAttributes({ prototype }) {
  for (const attribute of REFLECTED) {
    define(prototype, attribute.replaceAll(/-./g, ([, letter]) => letter.toUpperCase()), {
      get() {
        return this.getAttribute(attribute) ?? "";
      },
      set(value) {
        if (value == null) this.removeAttribute(attribute);
        else this.setAttribute(attribute, Array.isArray(value) ? value.join(" ") : value);
      },
    });
  }
  define(prototype, "noLanguageChooser", {
    get() {
      return this.hasAttribute("no-language-chooser");
    },
    set(value) {
      this.toggleAttribute("no-language-chooser", Boolean(value));
    },
  });
}

function define(prototype, property, accessors) {
  Object.defineProperty(prototype, property, { configurable: true, enumerable: true, ...accessors });
}

/** Sets the properties anew that a page has set before the element was defined, since they would hide those of the class. */
export function takeEarlyProperties(element) {
  for (const [name, value] of Object.entries(element)) {
    if (!(name in Object.getPrototypeOf(element))) continue;
    delete element[name];
    element[name] = value;
  }
}
