// What each option of Okta's Sign-In Widget becomes: a part of the page, a setting of the server, or nothing, and why.

/** What becomes of an option, with the value where there is one. */
export interface Counterpart {
  /** Attributes of the element. */
  attributes?: Record<string, string>;
  /** Style tokens, set on the element. */
  tokens?: Record<string, string>;
  /** What stands between the tags of the element, in its slots. */
  pieces?: Piece[];
  /** Texts for the property `text` of the element: English ones, and those of other languages by their tag. */
  texts?: Texts;
  /** Settings of the server, as environment variables. */
  settings?: Record<string, string>;
  /** Settings of the server in `[brand]` of latchkey.toml. */
  brand?: Record<string, string>;
  /** What there is instead, or why there is nothing. */
  note?: string;
}

/** An HTML element of the page. */
export interface Piece {
  tag: "a" | "button" | "img" | "p";
  attributes: Record<string, string>;
  text: string;
}

/** Texts by those that they replace. */
export interface Texts {
  [text: string]: string | Record<string, string>;
}

type Rule = (value: unknown) => Counterpart;

const LANGUAGES = ["en", "de", "es", "fr", "pt-BR", "ar", "he", "hi", "ja", "ko", "zh-CN"];

const ORG = "The org decides: see its policies in the admin console.";
const SERVER = "The server does this by itself.";
const ENGINE = "For the Classic Engine or a page that Okta hosts; Latchkey signs in with the Identity Engine only.";
const SHOWN = "Latchkey always does this.";

const note = (text: string): Rule => () => ({ note: text });
const setting = (name: string, text?: string): Rule => (value) => ({
  settings: { [name]: Array.isArray(value) ? value.join(" ") : String(value) },
  ...(text && { note: text }),
});
const token = (...names: string[]): Rule => (value) => ({ tokens: Object.fromEntries(names.map((name) => [name, String(value)])) });

const FLOWS: Record<string, string> = { signup: "register", resetPassword: "recover-password", unlockAccount: "unlock-account", login: "sign-in" };
const attribute = (name: string): Rule => (value) => ({ attributes: { [name]: Array.isArray(value) ? value.join(" ") : String(value) } });
const piece = (tag: Piece["tag"], attributes: Record<string, string>, text = ""): Counterpart => ({ pieces: [{ tag, attributes, text }] });

/** The objects of an option that has one or a list of them; a text stands for its member `name`. */
const each = (value: unknown, name: string) => [value].flat().map((one) => (typeof one === "string" ? { [name]: one } : one) as Record<string, string>);

/** A link of the widget, `{ text, href, target }`, or a list of them. */
const links: Rule = (value) => ({
  pieces: each(value, "href").map(({ text = "Help", ...attributes }) => ({ tag: "a", attributes: { slot: "after-form", ...attributes }, text })),
});

const buttons: Rule = (value) => ({
  pieces: each(value, "title").map(({ title, i18nKey }) => ({ tag: "button", attributes: { slot: "after-form", type: "button" }, text: title ?? i18nKey ?? "" })),
  note: "What a button does is a listener of your page.",
});

/** Our English text for a text of the widget, by the key of the widget. */
const TEXTS: Record<string, string> = {
  "primaryauth.title": "Sign In",
  "primaryauth.username.placeholder": "Username",
  "primaryauth.password.placeholder": "Password",
  "oform.next": "Next",
  remember: "Keep me signed in",
  "oie.remember": "Keep me signed in",
  forgotpassword: "Forgot your password?",
  unlockaccount: "Unlock account",
  goback: "Back to sign in",
  "registration.signup.text": "Sign Up",
  "oie.registration.form.title": "Sign Up",
  "oie.select.authenticators.verify.title": "Choose an authenticator",
  "oie.password.newPasswordLabel": "New password",
  "oie.password.confirmPasswordLabel": "Re-enter new password",
  signout: "Sign out",
};

/** Texts by language. Those of the org's messages have the same keys here, and others none. */
const texts: Rule = (value) => {
  const languages = Object.entries((value ?? {}) as Record<string, Record<string, string>>);
  const translated = languages.map(([language, own]): [string, Record<string, string>] => [language, Object.fromEntries(Object.entries(own).map(([key, text]) => [TEXTS[key] ?? key, text]))]);
  const unknown = languages.flatMap(([, own]) => Object.keys(own)).filter((key) => !TEXTS[key]);
  const { en, ...others } = Object.fromEntries(translated);
  return { texts: { ...en, ...others }, ...(unknown.length && { note: `Keys that are no message of the org have another text here, which frontend/text lists: ${unknown.join(", ")}.` }) };
};

/** By path; `*` stands for any name. */
export const OPTIONS: Record<string, Rule> = {
  issuer: setting("LATCHKEY_ISSUER"),
  clientId: setting("LATCHKEY_CLIENT_ID", "The server is a confidential client: create a web application with a secret (LATCHKEY_CLIENT_SECRET)."),
  redirectUri: note("The server's own address: register https://YOUR-LATCHKEY/login/callback in the application."),
  baseUrl: note("LATCHKEY_ISSUER says it."),
  scopes: setting("LATCHKEY_SCOPES"),
  state: note(SERVER),
  nonce: note("Nothing is inline, so no nonce is needed."),
  cspNonce: note("Nothing is inline, so no nonce is needed."),
  codeChallenge: note(SERVER),
  codeChallengeMethod: note(SERVER),
  otp: note("The server reads it from the mailed link at /login/callback."),
  flow: (value) => ({ attributes: { flow: FLOWS[String(value)] ?? "sign-in" } }),
  username: attribute("username"),
  recoveryToken: note("Open /recover-password?recovery_token=TOKEN of your Latchkey."),
  stateToken: note(ENGINE),
  relayState: note(ENGINE),
  useClassicEngine: note(ENGINE),
  useInteractionCodeFlow: note("The only flow that there is."),
  apiVersion: note(ENGINE),
  policyId: note(ENGINE),
  signOutLink: note(ENGINE),
  proxyIdxResponse: note(ENGINE),
  processCreds: note("No script gets the password; it goes from the element to the server only."),
  el: note("Put <latchkey-sign-in> where this element is."),
  oAuthTimeout: note("No popup is waited for."),
  authClient: note("The tokens stay on the server; @latchkey/client calls its API."),
  globalSuccessFn: note("Listen to the event latchkey-signed-in."),
  globalErrorFn: note("Listen to the event latchkey-error."),

  "authParams.scopes": setting("LATCHKEY_SCOPES"),
  "authParams.issuer": setting("LATCHKEY_ISSUER"),
  "authParams.acrValues": attribute("acr-values"),
  "authParams.*": note("The server makes the authorization request, with PKCE, and keeps the tokens."),

  logo: (value) => piece("img", { slot: "logo", src: String(value), alt: "" }),
  logoText: (value) => piece("img", { alt: String(value) }),
  brandName: (value) => ({ brand: { name: String(value) } }),
  helpSupportNumber: (value) => piece("p", { slot: "footer" }, String(value)),
  "colors.brand": token("--accent", "--strong"),
  "theme.tokens.PalettePrimaryMain": token("--accent", "--strong"),
  "theme.tokens.PaletteDangerMain": token("--danger"),
  "theme.tokens.PaletteSuccessMain": token("--good"),
  "theme.tokens.BorderColorDisplay": token("--line"),
  "theme.tokens.BorderColorControl": token("--edge"),
  "theme.tokens.BorderRadiusMain": token("--radius"),
  "theme.tokens.TypographyColorBody": token("--ink"),
  "theme.tokens.TypographyColorSubordinate": token("--quiet"),
  "theme.tokens.TypographyFamilyBody": token("--font"),
  "theme.tokens.TypographyFamilyMono": token("--font-code"),
  "theme.tokens.HueNeutralWhite": token("--card"),
  "theme.tokens.*": note("No token has this role; docs/theming.md lists those that there are."),

  language: (value) => {
    if (typeof value === "function") return { note: "Set the attribute lang of the element or of an element around it." };
    const known = LANGUAGES.includes(String(value));
    return { attributes: { lang: String(value) }, ...(!known && { note: `Latchkey has no ${value}; people see their browser's language or English.` }) };
  },
  i18n: texts,
  defaultCountryCode: note("The person's language decides which country is chosen first."),
  "assets.*": note("The server has all files of the client."),

  "helpLinks.forgotPassword": note("Shown when the org allows recovery; it leads to Latchkey's own."),
  "helpLinks.unlock": note("Shown when the org allows unlocking; it leads to Latchkey's own."),
  "helpLinks.*": links,
  customButtons: buttons,
  "registration.click": note("Sign Up leads to Latchkey's own form, when the org allows it."),
  "registration.parseSchema": note("The org's profile enrollment policy decides which inputs there are."),
  "registration.preSubmit": note("Listen to latchkey-submit, which can hold an answer or keep it back; what is typed is not in it. To change values, use a registration inline hook in the org."),
  "registration.postSubmit": note("Listen to the event latchkey-signed-in, or use an event hook in the org."),
  "hooks.*": note("Listen to latchkey-step, which comes with every step, and to latchkey-submit."),
  transformUsername: note("No script sees what is typed. LATCHKEY_USERNAME_APPEND completes a short name, or the org accepts it: see its username settings."),
  "consent.cancel": note("The person returns to the form."),

  "idps.*": note("The org's routing rules decide which identity providers are offered."),
  idpDisplay: note("Identity providers are below the form."),
  "idpDiscovery.*": note("The org's routing rules decide."),
  "piv.*": note("The org offers the smart card as a step of its own."),
  "hcaptcha.scriptSource": setting("LATCHKEY_CAPTCHA_SCRIPT", "A captcha also needs LATCHKEY_CAPTCHA_ORIGIN."),
  "hcaptcha.scriptParams": note("The script is loaded without parameters, in a frame of its own."),
  "recaptcha.scriptSource": setting("LATCHKEY_CAPTCHA_SCRIPT", "A captcha also needs LATCHKEY_CAPTCHA_ORIGIN."),

  "features.rememberMe": note(ORG),
  "features.showPasswordToggleOnSignInPage": note(SHOWN),
  "features.showIdentifier": note(SHOWN),
  "features.hideSignOutLinkInMFA": note("There is always a way back to the start."),
  "features.autoFocus": (value) => (value ? { attributes: { autofocus: "" } } : { note: SHOWN }),
  "features.disableAutocomplete": note("Fields are marked for password managers, as WCAG 1.3.5 asks."),
  "features.webauthn": note(ORG),
  "features.registration": note(ORG),
  "features.selfServiceUnlock": note(ORG),
  "features.smsRecovery": note(ORG),
  "features.callRecovery": note(ORG),
  "features.emailRecovery": note(ORG),
  "features.idpDiscovery": note(ORG),
  "features.passwordlessAuth": note(ORG),
  "features.showPasswordRequirementsAsHtmlList": note(SHOWN),
  "features.*": note(ENGINE),
};
