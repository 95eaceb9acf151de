//! What the element offers a page, in one table: its public interface under semver. Types and manifest are made from it; tests hold it
//! to the element.

/** By tag: the attributes, properties, methods, events and slots, each with its type and what it means; the parts and the style tokens. */
export const ELEMENTS = {
  'latchkey-sign-in': {
    className: 'LatchkeySignIn',
    about: 'The sign-in of a Latchkey server.',
    attributes: {
      flow: { type: '"sign-in" | "register" | "recover-password" | "unlock-account"', about: 'The flow to begin with; signing in without it.' },
      username: { type: 'string', about: 'Who signs in, as a hint for the org.' },
      'acr-values': { type: 'string', about: 'The assurance that the sign-in must have; it begins although a person is signed in.' },
      'return-to': { type: 'string', about: 'Where the browser goes after signing in: an address in LATCHKEY_RETURN_TO.' },
      'after-sign-in': { type: '"account" | "nothing" | "message"', about: 'What a signed-in person sees: our page about them (the default), nothing, or a welcome.' },
      languages: { type: 'string', about: 'The languages that are offered, such as `en de`; all without it.' },
      server: { type: 'string', about: 'The origin of the Latchkey that is called, if it is not the one of the script.' },
      mode: { type: '"inline" | "overlay"', about: 'With `overlay` the sign-in opens over the page, when the session ends and when it is started.' },
      theme: { type: '"light" | "dark"', about: 'Fixes the theme; without it the theme is the browser\'s.' },
      'heading-level': { type: '"1" | "2" | "3" | "4" | "5" | "6"', about: 'The level of the headings for assistive technology.' },
      'no-language-chooser': { type: 'boolean', about: 'Leaves the list of languages out.' },
    },
    properties: {
      flow: { type: '"" | "sign-in" | "register" | "recover-password" | "unlock-account"', about: 'The attribute `flow`.' },
      username: { type: 'string', about: 'The attribute `username`.' },
      acrValues: { type: 'string', about: 'The attribute `acr-values`.' },
      returnTo: { type: 'string', about: 'The attribute `return-to`.' },
      afterSignIn: { type: '"" | "account" | "nothing" | "message"', about: 'The attribute `after-sign-in`.' },
      languages: { type: 'string', about: 'The attribute `languages`; a list of tags is taken, too.' },
      server: { type: 'string', about: 'The attribute `server`.' },
      mode: { type: '"" | "inline" | "overlay"', about: 'The attribute `mode`.' },
      theme: { type: '"" | "light" | "dark"', about: 'The attribute `theme`.' },
      headingLevel: { type: '"" | "1" | "2" | "3" | "4" | "5" | "6"', about: 'The attribute `heading-level`.' },
      noLanguageChooser: { type: 'boolean', about: 'The attribute `no-language-chooser`.' },
      text: {
        type: 'Record<string, string | Record<string, string>>',
        about: 'Texts of the page by ours: English ones, and those of other languages in a member named like the language.',
      },
      session: { type: '{ user: Record<string, unknown>; expiresAt: number } | null', about: 'Who is signed in.' },
    },
    methods: {
      start: {
        type: '(options?: { flow?: string; username?: string; acrValues?: string; maxAge?: number; returnTo?: string }): Promise<boolean>',
        about: 'Begins a flow, by the attributes where the options say nothing. Resolves to whether the person has signed in.',
      },
      restart: { type: '(): void', about: 'Begins the flow that the attributes name.' },
      cancel: { type: '(): void', about: 'Cancels the flow.' },
      refresh: { type: '(): Promise<void>', about: 'Asks the server who is signed in, and shows that.' },
      focus: { type: '(options?: FocusOptions): void', about: 'Focuses the first field.' },
      signOut: { type: '(options?: { everywhere?: boolean }): Promise<void>', about: 'Signs the person out, here and in every other tab, or everywhere.' },
    },
    events: {
      'latchkey-ready': { detail: 'null', about: 'The first screen is drawn.' },
      'latchkey-step': { detail: '{ name: string; authenticator?: string; screen: string }', about: 'Another step is shown; `screen` is its path on the server\'s own page.' },
      'latchkey-submit': {
        detail: '{ name: string; authenticator?: string; screen: string }',
        members: '{ waitUntil(promise: Promise<unknown>): void }',
        about: 'An answer is about to be sent. Cancel the event to keep it back; `waitUntil` holds it, and a rejected promise keeps it back and says why.',
      },
      'latchkey-signed-in': { detail: '{ user: Record<string, unknown> }', about: 'A person has signed in, or was signed in when the element came into the page.' },
      'latchkey-signed-out': { detail: 'null', about: 'The person has signed out, or the session has ended.' },
      'latchkey-expiring': { detail: '{ in: number }', about: 'The session ends in this number of seconds.' },
      'latchkey-error': {
        detail: '{ code: "cookies" | "webassembly" | "browser" | "unreachable" | "invalid_response" | "duplicate" | (string & {}); message: string }',
        about: 'The sign-in cannot go on; `detail.code` says why. The other codes are those of the server\'s API.',
      },
    },
    slots: {
      '': { about: 'Shown until the sign-in has loaded, and for good when it cannot load.' },
      loading: { about: 'Shown in its place while the sign-in loads.' },
      logo: { about: 'At the top of the card.' },
      'before-heading': { about: 'Above the heading of every screen.' },
      'after-heading': { about: 'Below the heading of every screen.' },
      'before-submit': { about: 'Above the buttons of every form; no answer is sent while a control in it is not valid.' },
      'after-form': { about: 'At the bottom of the card.' },
      footer: { about: 'Below the card.' },
      'signed-in': { about: 'In place of everything else while a person is signed in.' },
    },
    // A page can style each of these: what goes or gets another name here is a change that breaks pages.
    parts: [
      'account', 'account__body', 'account__identifier', 'account__initial', 'account__name', 'account__names', 'badge', 'banner',
      'banner--error', 'banner--good', 'button', 'button--quiet', 'captcha__frame', 'captcha__status', 'card',
      'choice', 'choice--switch', 'choice__label', 'choice__mark', 'choice__target', 'choice__words', 'choices',
      'choices__legend', 'claims', 'code', 'code--six', 'code--ten', 'device', 'field', 'field__aside', 'field__box',
      'field__error', 'field__hint', 'field__input', 'field__label', 'field__meter', 'foot', 'foot__choice', 'form',
      'form__advice', 'form__buttons', 'form__target', 'heading', 'icon', 'icon--app', 'icon--card', 'icon--device',
      'icon--email', 'icon--key', 'icon--passkey', 'icon--password', 'icon--person', 'icon--phone', 'icon--push',
      'icon--qr', 'icon--question', 'icon--shield', 'icon--sms', 'icon--ticket', 'icon--token', 'icon--voice',
      'key', 'key__group', 'key__words', 'lead', 'link', 'mark', 'mast', 'mast__mark', 'notes', 'number', 'or', 'overlay', 'person',
      'picture', 'picture__open', 'providers', 'rules', 'rules__rule', 'rules__rule--kept', 'rules__rule--refused',
      'scopes', 'secret', 'settings', 'settings__actions', 'settings__below', 'settings__choice', 'settings__choices',
      'settings__detail', 'settings__fold', 'settings__form', 'settings__group', 'settings__groups',
      'settings__heading', 'settings__list', 'settings__part', 'settings__place', 'settings__row', 'settings__scopes', 'settings__subheading',
      'settings__title', 'settings__what', 'stage', 'starting', 'waiting', 'waiting__dot', 'ways',
    ],
    tokens: [
      '--accent', '--card', '--danger', '--edge', '--font', '--font-code', '--good', '--ink', '--inset', '--line',
      '--motion', '--on-strong', '--paper', '--quiet', '--radius', '--radius-card', '--ring', '--scan', '--shadow',
      '--space-1', '--space-2', '--space-3', '--space-4', '--space-5', '--space-6', '--space-7', '--strong',
      '--text', '--text-heading', '--text-large', '--text-number', '--text-small', '--touch', '--well', '--width',
    ],
  },
  // Its parts and tokens are those of the sign-in.
  'latchkey-account': {
    className: 'LatchkeyAccount',
    about: 'The account of the person who is signed in at a Latchkey server.',
    attributes: {},
    properties: {},
    methods: {
      refresh: { type: '(): Promise<void>', about: 'Asks the server who is signed in, and shows their account.' },
      signOut: { type: '(): Promise<void>', about: 'Signs the person out, here and in every other tab.' },
    },
    events: {
      'latchkey-signed-out': { detail: 'null', about: 'The person has signed out.' },
      'latchkey-step-up': {
        detail: '{ acrValues?: string; maxAge?: number }',
        about: 'A change needs a stronger or fresher sign-in. Cancel the event to sign the person in yourself; else the browser goes to the sign-in page and comes back.',
      },
    },
    slots: {
      '': { about: 'Shown while no person is signed in.' },
      logo: { about: 'At the top of the card, in place of the logo and the name of the brand.' },
      footer: { about: 'Below the card, in place of the links of the brand.' },
    },
    parts: [],
    tokens: [],
  },
};
