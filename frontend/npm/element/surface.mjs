//! What the element offers a page, in one table. Types and manifest are made from it; tests hold it to the element.

/** By tag: the attributes, properties, methods, events and slots, each with its type and what it means. */
export const ELEMENTS = {
  'latchkey-sign-in': {
    className: 'LatchkeySignIn',
    about: 'The sign-in of a Latchkey server.',
    attributes: {
      flow: { type: '"sign-in" | "register" | "recover-password" | "unlock-account"', about: 'The flow to begin with; signing in without it.' },
      username: { type: 'string', about: 'Who signs in, as a hint for the org.' },
      'acr-values': { type: 'string', about: 'The assurance that the sign-in must have; it begins although a person is signed in.' },
      'return-to': { type: 'string', about: 'Where the browser goes after signing in: an address in LATCHKEY_RETURN_TO.' },
      theme: { type: '"light" | "dark"', about: 'Fixes the theme; without it the theme is the browser\'s.' },
      'heading-level': { type: '"1" | "2" | "3" | "4" | "5" | "6"', about: 'The level of the headings for assistive technology.' },
      'no-language-chooser': { type: 'boolean', about: 'Leaves the list of languages out.' },
    },
    properties: {
      flow: { type: 'string', about: 'The attribute `flow`.' },
      username: { type: 'string', about: 'The attribute `username`.' },
      acrValues: { type: 'string', about: 'The attribute `acr-values`.' },
      returnTo: { type: 'string', about: 'The attribute `return-to`.' },
      theme: { type: 'string', about: 'The attribute `theme`.' },
      headingLevel: { type: 'string', about: 'The attribute `heading-level`.' },
      noLanguageChooser: { type: 'boolean', about: 'The attribute `no-language-chooser`.' },
      session: { type: '{ user: Record<string, unknown>; expiresAt: number } | null', about: 'Who is signed in.' },
    },
    methods: {
      start: { type: '(options?: { flow?: string; username?: string; acrValues?: string; returnTo?: string }): void', about: 'Begins a flow, by the attributes where the options say nothing.' },
      restart: { type: '(): void', about: 'Begins the flow that the attributes name.' },
      cancel: { type: '(): void', about: 'Cancels the flow.' },
      refresh: { type: '(): Promise<void>', about: 'Asks the server who is signed in, and shows that.' },
      focus: { type: '(options?: FocusOptions): void', about: 'Focuses the first field.' },
      signOut: { type: '(options?: { everywhere?: boolean }): Promise<void>', about: 'Signs the person out, here and in every other tab, or everywhere.' },
    },
    events: {
      'latchkey-ready': { detail: 'null', about: 'The first screen is drawn.' },
      'latchkey-step': { detail: '{ name: string; authenticator?: string; screen: string }', about: 'Another step is shown; `screen` is its path on the server\'s own page.' },
      'latchkey-signed-in': { detail: '{ user: Record<string, unknown> }', about: 'A person has signed in, or was signed in when the element came into the page.' },
      'latchkey-signed-out': { detail: 'null', about: 'The person has signed out.' },
      'latchkey-error': {
        detail: '{ code: "cookies" | "webassembly" | "browser" | "unreachable" }',
        about: 'The sign-in cannot go on; `detail.code` says why.',
      },
    },
    slots: { '': { about: 'Shown until the sign-in has loaded, and for good when it cannot load.' } },
  },
};
