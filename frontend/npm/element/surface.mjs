//! What the element offers a page, in one table. Types and manifest are made from it; tests hold it to the element.

/** By tag: the attributes, properties, methods, events and slots, each with its type and what it means. */
export const ELEMENTS = {
  'latchkey-sign-in': {
    className: 'LatchkeySignIn',
    about: 'The sign-in of a Latchkey server.',
    attributes: {
      'data-theme': { type: '"light" | "dark"', about: 'Fixes the theme; without it the theme is the browser\'s.' },
    },
    properties: {},
    methods: {
      refresh: { type: '(): void', about: 'Asks the server who is signed in, and shows that.' },
      signOut: { type: '(): Promise<void>', about: 'Signs the person out, here and in every other tab.' },
    },
    events: {
      'latchkey-signed-in': { detail: 'null', about: 'A person has signed in, or was signed in when the page opened.' },
      'latchkey-signed-out': { detail: 'null', about: 'The person has signed out.' },
      'latchkey-error': {
        detail: '{ code: "cookies" | "webassembly" | "browser" }',
        about: 'The sign-in cannot work here; `detail.code` says why.',
      },
    },
    slots: { '': { about: 'Shown until the sign-in has loaded, and for good when it cannot load.' } },
  },
};
