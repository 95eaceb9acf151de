// Made from backend/openapi.json by generate.mjs; not edited by hand.

export interface Activate {
  answer?: string;
  attestation?: string;
  authenticator?: AnswerValue;
  authenticatorData?: string;
  authenticators?: AnswerValue;
  captchaVerify?: {
  captchaId: string;
  captchaToken: string;
};
  channel?: string;
  clientData?: string;
  clientExtensions?: string;
  consent?: boolean;
  country?: string;
  credentials?: AnswerValue;
  email?: string;
  firstName?: string;
  identifier?: string;
  lastName?: string;
  methodType?: string;
  newPassword?: string;
  otp?: string;
  passcode?: string;
  password?: string;
  phoneFactor?: string;
  phoneNumber?: string;
  question?: string;
  questionKey?: string;
  rememberMe?: boolean;
  revokeSessions?: boolean;
  signatureData?: string;
  transports?: AnswerValue;
  userCode?: string;
  userProfile?: AnswerValue;
  username?: string;
  verification?: string;
  verificationCode?: string;
  [input: string]: AnswerValue | undefined;
}

/**
 * A challenge of ALTCHA. The number is to be found for which the hash of `salt` and the number is `challenge`.
 * 
 * The token is the base64 of the JSON `{algorithm, challenge, number, salt, signature, took}`.
 */
export interface AltchaTask {
  /** The hash function. */
  algorithm: string;
  /** The hash to find, in hexadecimal. */
  challenge: string;
  /** Seconds until the org no longer accepts the token. */
  expiresIn?: number;
  /** The largest number to search. */
  maxNumber: number;
  /** The text before the number. */
  salt: string;
  /** The org's signature, which is sent back. */
  signature: string;
}

export type Attestation = "none" | "indirect" | "direct" | "enterprise";

export interface Authenticate {
  acrValues?: string;
  answer?: string;
  attestation?: string;
  authenticator?: AnswerValue;
  authenticatorData?: string;
  authenticators?: AnswerValue;
  captchaVerify?: {
  captchaId: string;
  captchaToken: string;
};
  channel?: string;
  clientData?: string;
  clientExtensions?: string;
  consent?: boolean;
  country?: string;
  credentials?: AnswerValue;
  email?: string;
  firstName?: string;
  identifier?: string;
  lastName?: string;
  methodType?: string;
  newPassword?: string;
  otp?: string;
  passcode?: string;
  password?: string;
  phoneFactor?: string;
  phoneNumber?: string;
  question?: string;
  questionKey?: string;
  rememberMe?: boolean;
  revokeSessions?: boolean;
  signatureData?: string;
  transports?: AnswerValue;
  userProfile?: AnswerValue;
  username?: string;
  verification?: string;
  verificationCode?: string;
  [input: string]: AnswerValue | undefined;
}

/** An authenticator: a means to prove an identity. */
export interface Authenticator {
  /** The data needed to use it now. */
  contextualData?: ContextualData;
  /** Its name for people. */
  displayName: string;
  /** Its key, which answers use, such as `okta_email`. */
  key: string;
  /** The methods it offers. */
  methods?: AuthenticatorMethod[];
  /** Its masked address or number. */
  profile?: Profile;
  /** The password policy. */
  settings?: AuthenticatorSettings;
  /** Its type, such as `email`. */
  type: string;
}

/** A method of an authenticator. */
export interface AuthenticatorMethod {
  /** Such as `sms`. */
  type: string;
}

/** The policy of an authenticator; only passwords have one. */
export interface AuthenticatorSettings {
  /** The characters that a new password must have. */
  complexity?: Complexity;
  /** Days until the current password expires. */
  daysToExpiry?: number;
  /** Number of former passwords that may not be used again. */
  historyCount?: number;
}

export type Callback = {
  otp: string;
  state: string;
} | {
  interactionCode: string;
  state: string;
} | {
  error: string;
  state: string;
};

/** The CAPTCHA of the page. The next step has an input `captchaVerify` for its token. */
export interface Captcha {
  /** Its id at the org, which is answered as `captchaId`. */
  id: string;
  /** The org's public key at the vendor. */
  siteKey?: string;
  /** Who makes the token. */
  type: CaptchaMethod;
}

/**
 * Who makes the token of a CAPTCHA.
 * - `ALTCHA`: The page, by a proof of work.
 * - `HCAPTCHA`: hCaptcha, in a frame.
 * - `RECAPTCHA_V2`: Google's reCAPTCHA, version 2, in a frame.
 */
export type CaptchaMethod = "ALTCHA" | "HCAPTCHA" | "RECAPTCHA_V2";

/** The response to `POST /api/idx/captcha`: how the token of the page's CAPTCHA is made. Each token counts once. */
export interface CaptchaTask {
  /** ALTCHA: the number to find. */
  altcha?: AltchaTask;
  /** hCaptcha and reCAPTCHA: the address of the frame that makes the token. */
  frame?: string;
  /** hCaptcha and reCAPTCHA without a frame: the setting of the server that is missing. */
  missingSetting?: string;
}

/** One of the choices of an input. */
export interface Choice {
  /** For how long it may still be left out, if it is an authenticator that will be required. */
  gracePeriod?: GracePeriod;
  /** Its label. */
  label: string;
  /** The value that is sent when it is chosen. */
  value?: ChoiceValue;
}

/** The value of a choice. */
export type ChoiceValue = {
  /** The inputs. */
  form: Form;
} | SimpleValue;

/** The characters that a new password must have. */
export interface Complexity {
  /** Attributes whose value the password may not contain, such as `firstName`. */
  excludeAttributes?: string[];
  /** Whether the password may not contain parts of the username. */
  excludeUsername: boolean;
  /** Maximum number of equal characters in a row. */
  maxConsecutiveRepeatingCharacters?: number;
  /** Minimum number of characters. */
  minLength: number;
  /** Minimum number of lower-case letters. */
  minLowerCase: number;
  /** Minimum number of digits. */
  minNumber: number;
  /** Minimum number of symbols. */
  minSymbol: number;
  /** Minimum number of upper-case letters. */
  minUpperCase: number;
}

/** One line about where a request comes from. */
export interface ConsentDetail {
  /** What it is. */
  label: string;
  /** Its value. */
  value: string;
}

/** What a person is asked to allow, and for which app. */
export interface ConsentRequest {
  /** The app's name for people. */
  app?: string;
  /** Where the request comes from, such as a browser. */
  details?: ConsentDetail[];
  /** The scopes that are allowed all at once. */
  scopes?: ConsentScope[];
}

/** A scope, for people. */
export interface ConsentScope {
  /** What it gives. */
  description?: string;
  /** Its name for people. */
  label: string;
}

/** The data needed to use an authenticator now. */
export interface ContextualData {
  /** The options with which the browser creates a passkey; binary values in base64url. */
  activationData?: PasskeyCreation;
  /** The options with which the browser uses a passkey; binary values in base64url. */
  challengeData?: PasskeyRequest;
  /** The number to choose on the phone (number challenge). */
  correctAnswer?: string;
  /** The e-mail address the set-up was sent to. */
  email?: string;
  /** The security question to answer. */
  enrolledQuestion?: Question;
  /** The phone number the set-up was sent to. */
  phoneNumber?: string;
  /** A QR code to scan. */
  qrcode?: QrCode;
  /** The security questions to choose from. */
  questions?: Question[];
  /** How the set-up reaches the device, such as `qrcode`, `email` or `sms`. */
  selectedChannel?: string;
  /** The secret in the QR code, to type in. */
  sharedSecret?: string;
  /** Whether the e-mail also contains a link (magic link). */
  useEmailMagicLink?: boolean;
}

export interface CredentialDescriptor {
  /** In base64url. */
  id: string;
  type: CredentialType;
  [name: string]: JsonValue | undefined;
}

export type CredentialType = "public-key";

/** An authenticator that the person has enrolled. */
export interface Enrollment {
  /** The credential id of a passkey or security key, so that the device finds it. */
  credentialId?: string;
  /** Its name for people. */
  displayName: string;
  /** The authenticator's key. */
  key: string;
  /** Its masked address or number. */
  profile?: Profile;
  /** Its type. */
  type: string;
}

/**
 * What the org offers besides signing in.
 * - `recover-password`: A forgotten password can be replaced.
 * - `enroll-profile`: New people can sign up.
 * - `redirect-idp`: Another identity provider can be used.
 * - `unlock-account`: A locked account can be unlocked.
 */
export type Feature = "recover-password" | "enroll-profile" | "redirect-idp" | "unlock-account";

/** The inputs inside an object. */
export interface Form {
  /** The inputs, in the org's order. */
  value: Input[];
}

/** For how long an authenticator that will be required may be left out. */
export interface GracePeriod {
  /** When the period ends, in RFC 3339. */
  expiry?: string;
  /** How many more sign-ins it lasts. */
  remainingSkips?: number;
}

/** The key of a message's translations, and their parameters. */
export interface I18n {
  /** The key, such as `api.authn.error.PASSCODE_INVALID`. */
  key: string;
  /** The parameters of the translation. */
  params: SimpleValue[];
}

/** An identity provider. */
export interface Idp {
  /** Its id at the org. */
  id: string;
  /** Its name for people. */
  name: string;
}

/** An input: one value of an answer. */
export interface Input {
  /** What it is for. */
  description?: string;
  /** The inputs inside, if it is an object. */
  form?: Form;
  /** Its label. */
  label?: string;
  /** Maximum number of characters. */
  maxLength?: number;
  /** The org's messages about it. */
  messages?: Message[];
  /** Minimum number of characters. */
  minLength?: number;
  /** `false`: the org has fixed its value. */
  mutable?: boolean;
  /** The name of its value in the answer. */
  name: string;
  /** The choices. */
  options?: Choice[];
  /** Whether it must be answered. */
  required: boolean;
  /** Whether it is hidden while typed. */
  secret?: boolean;
  /** The kind of its value. */
  type: InputKind;
  /** Its preset value. */
  value?: SimpleValue;
  /** `false`: the page fills it, not the person. */
  visible?: boolean;
}

/**
 * The kind of an input's value.
 * - `string`: Text.
 * - `boolean`: True or false.
 * - `number`: A number.
 * - `integer`: A whole number.
 * - `date`: A date, such as `2030-01-31`.
 * - `alphanumeric`: A code of letters and digits.
 * - `object`: An object with inputs of its own.
 */
export type InputKind = "string" | "boolean" | "number" | "integer" | "date" | "alphanumeric" | "object";

/** A JSON value other than null. */
export type JsonValue = string | number | boolean | JsonValue[] | { [name: string]: JsonValue };

/** A value of an answer: simple, an object of simple values, or several. */
export type AnswerValue = SimpleValue | { [name: string]: SimpleValue } | (string | { [name: string]: SimpleValue })[];

export interface KeyAlgorithm {
  /** A COSE algorithm identifier. */
  alg: number;
  type: CredentialType;
  [name: string]: JsonValue | undefined;
}

/** A message of the org. */
export interface Message {
  /** Its severity. */
  class: MessageClass;
  /** The key of its translations. */
  i18n?: I18n;
  /** Its links, such as a page with help. Their addresses begin with `https://`. */
  links?: MessageLink[];
  /** Its text, in the org's language. */
  message: string;
}

/**
 * The severity of a message.
 * - `ERROR`: An error.
 * - `WARNING`: A warning.
 * - `INFO`: Information.
 */
export type MessageClass = "ERROR" | "WARNING" | "INFO";

/** A link of a message. */
export interface MessageLink {
  /** Its own text. Without one the whole message is the link. */
  label?: string;
  /** Its address. */
  url: string;
}

export interface Nothing {}

/** One session of the person. */
export interface OwnSession {
  /** The IP address it began from. */
  address?: string;
  /** Whether it is the session of this request. */
  current: boolean;
  /** Its id for `DELETE /api/sessions/{id}`. It has no other use. */
  id: string;
  /** When it began, in seconds since 1970. */
  since: number;
  /** The browser it began in (`User-Agent`). */
  userAgent?: string;
}

/** The response to `GET /api/sessions`: the sessions of this person. */
export interface OwnSessions {
  /** The newest session first. */
  sessions: OwnSession[];
}

/** The options of `navigator.credentials.create()`, as JSON (WebAuthn `PublicKeyCredentialCreationOptionsJSON`). */
export interface PasskeyCreation {
  attestation?: Attestation;
  authenticatorSelection?: JsonValue;
  /** In base64url. */
  challenge: string;
  /** The credentials that the person has already. */
  excludeCredentials?: CredentialDescriptor[];
  extensions?: JsonValue;
  /** The accepted algorithms. */
  pubKeyCredParams?: KeyAlgorithm[];
  /** The relying party. */
  rp?: JsonValue;
  /** In milliseconds. */
  timeout?: number;
  /** The person, with an `id` in base64url. */
  user?: JsonValue;
  [name: string]: unknown;
}

/** The options of `navigator.credentials.get()`, as JSON (WebAuthn `PublicKeyCredentialRequestOptionsJSON`). */
export interface PasskeyRequest {
  /** The credentials that may be used. */
  allowCredentials?: CredentialDescriptor[];
  /** In base64url. */
  challenge: string;
  extensions?: JsonValue;
  rpId?: string;
  /** In milliseconds. */
  timeout?: number;
  userVerification?: UserVerification;
  [name: string]: unknown;
}

/** How to poll. */
export interface Poll {
  /** The polling interval in milliseconds. */
  refresh?: number;
  /** Whether polling is the only way to continue. */
  required: boolean;
}

/** The body of every error response. */
export interface Problem {
  /** What went wrong, for programs. */
  code: ProblemCode;
  /** What to do about it, or the part of the request that is wrong. */
  detail?: string;
  /** Seconds to wait before the next request. */
  retryAfter?: number;
  /** The HTTP status. */
  status: number;
  /** What went wrong, for people. */
  title: string;
  /** With `stale_step`: the current transaction of the flow. */
  transaction?: Transaction;
  [name: string]: unknown;
}

/**
 * The code of a problem. Each has one HTTP status.
 * - `invalid_request`: 400: the request cannot be read, or has a value that the step does not ask for.
 * - `not_signed_in`: 401: the request has no signed-in session.
 * - `csrf`: 403: the request does not come from a page that may call the API.
 * - `not_found`: 404: the address does not exist.
 * - `no_transaction`: 404: the session has no flow, or another one.
 * - `no_cookie`: 404: the call names a flow, and the browser brought none of the cookies that it was given.
 * - `method_not_allowed`: 405: the address exists, but not with this method.
 * - `stale_step`: 409: the step has been answered already.
 * - `flow_expired`: 410: the flow has expired.
 * - `too_large`: 413: the body is too large.
 * - `unsupported_media_type`: 415: the body is not JSON.
 * - `wrong_host`: 421: the request is for another host.
 * - `rate_limited`: 429: too many requests.
 * - `internal`: 500: an error of this server.
 * - `org_unreachable`: 502: the org cannot be reached, or its response cannot be read.
 * - `org_refused`: 502: the org refuses this app: its registration or its configuration is wrong.
 * - `store_unavailable`: 503: the session store is unavailable.
 * - `overloaded`: 503: the server is overloaded.
 * - `org_timeout`: 504: the org did not answer in time.
 * - `upstream_unreachable`: 502: the app's own API cannot be reached, or its answer cannot be passed on.
 * - `upstream_timeout`: 504: the app's own API did not answer in time.
 */
export type ProblemCode = "invalid_request" | "not_signed_in" | "csrf" | "not_found" | "no_transaction" | "no_cookie" | "method_not_allowed" | "stale_step" | "flow_expired" | "too_large" | "unsupported_media_type" | "wrong_host" | "rate_limited" | "internal" | "org_unreachable" | "org_refused" | "store_unavailable" | "overloaded" | "org_timeout" | "upstream_unreachable" | "upstream_timeout";

/** Where an authenticator reaches the person, masked by the org. */
export interface Profile {
  /** The e-mail address. */
  email?: string;
  /** The phone number. */
  phoneNumber?: string;
}

/** A QR code. */
export interface QrCode {
  /** The picture, as a `data:` address. */
  href: string;
}

/** A security question. */
export interface Question {
  /** Its text. */
  question: string;
  /** Its key at the org. */
  questionKey: string;
}

export interface RecoverPassword {
  answer?: string;
  attestation?: string;
  authenticator?: AnswerValue;
  authenticatorData?: string;
  authenticators?: AnswerValue;
  captchaVerify?: {
  captchaId: string;
  captchaToken: string;
};
  channel?: string;
  clientData?: string;
  clientExtensions?: string;
  consent?: boolean;
  country?: string;
  credentials?: AnswerValue;
  email?: string;
  firstName?: string;
  identifier?: string;
  lastName?: string;
  methodType?: string;
  newPassword?: string;
  otp?: string;
  passcode?: string;
  password?: string;
  phoneFactor?: string;
  phoneNumber?: string;
  question?: string;
  questionKey?: string;
  recoveryToken?: string;
  rememberMe?: boolean;
  revokeSessions?: boolean;
  signatureData?: string;
  transports?: AnswerValue;
  userProfile?: AnswerValue;
  username?: string;
  verification?: string;
  verificationCode?: string;
  [input: string]: AnswerValue | undefined;
}

export interface Register {
  activationToken?: string;
  answer?: string;
  attestation?: string;
  authenticator?: AnswerValue;
  authenticatorData?: string;
  authenticators?: AnswerValue;
  captchaVerify?: {
  captchaId: string;
  captchaToken: string;
};
  channel?: string;
  clientData?: string;
  clientExtensions?: string;
  consent?: boolean;
  country?: string;
  credentials?: AnswerValue;
  email?: string;
  firstName?: string;
  identifier?: string;
  lastName?: string;
  methodType?: string;
  newPassword?: string;
  otp?: string;
  passcode?: string;
  password?: string;
  phoneFactor?: string;
  phoneNumber?: string;
  question?: string;
  questionKey?: string;
  rememberMe?: boolean;
  revokeSessions?: boolean;
  signatureData?: string;
  transports?: AnswerValue;
  userProfile?: AnswerValue;
  username?: string;
  verification?: string;
  verificationCode?: string;
  [input: string]: AnswerValue | undefined;
}

/** The response to `GET /api/session`. */
export interface Session {
  /** Whether a person is signed in. The other members are present only then. */
  authenticated: boolean;
  /** When the session ends at the latest, in seconds since 1970. */
  expiresAt?: number;
  /** The claims of the id token. */
  user?: User;
}

/** A text, a truth value or a number. */
export type SimpleValue = string | boolean | number;

/**
 * The status of a flow.
 * - `PENDING`: The next step waits for an answer.
 * - `SUCCESS`: The person is signed in.
 * - `TERMINAL`: The flow has ended; the messages say why.
 * - `CANCELED`: The flow was cancelled.
 */
export type Status = "PENDING" | "SUCCESS" | "TERMINAL" | "CANCELED";

/** A step: what the org asks now, or another way to continue. */
export interface Step {
  /** Its authenticator. */
  authenticator?: Authenticator;
  /** The person's enrolments, where the page needs them. */
  authenticatorEnrollments?: Enrollment[];
  /** Whether the challenge can be resent with `{"resend": true}`. */
  canResend?: boolean;
  /** Whether it can be skipped with `{"skip": true}`. */
  canSkip?: boolean;
  /** What a consent step asks the person to allow. */
  consent?: ConsentRequest;
  /** The address that the browser opens with a `redirect-idp` step. */
  href?: string;
  /** The identity provider of a `redirect-idp` step. */
  idp?: Idp;
  /** Its inputs. */
  inputs?: Input[];
  /** Its name in the protocol, such as `challenge-authenticator`. */
  name: string;
  /** How to poll, if the step ends on another device. */
  poll?: Poll;
  /** The type of its authenticator or identity provider. */
  type?: string;
}

/** The response to every request under `/api/idx`. */
export interface Transaction {
  /** Every step that can be answered now, including the next step. */
  availableSteps: Step[];
  /** The CAPTCHA of the page, if a step asks for its token. */
  captcha?: Captcha;
  /** What the org offers besides signing in. */
  enabledFeatures: Feature[];
  /** The org's messages about the page. */
  messages: Message[];
  /** The step that waits for an answer. */
  nextStep?: Step;
  /** The status of the flow. */
  status: Status;
  /** The flow and its current step. The next request sends it in `X-Transaction`. */
  transaction: string;
}

export interface UnlockAccount {
  answer?: string;
  attestation?: string;
  authenticator?: AnswerValue;
  authenticatorData?: string;
  authenticators?: AnswerValue;
  captchaVerify?: {
  captchaId: string;
  captchaToken: string;
};
  channel?: string;
  clientData?: string;
  clientExtensions?: string;
  consent?: boolean;
  country?: string;
  credentials?: AnswerValue;
  email?: string;
  firstName?: string;
  identifier?: string;
  lastName?: string;
  methodType?: string;
  newPassword?: string;
  otp?: string;
  passcode?: string;
  password?: string;
  phoneFactor?: string;
  phoneNumber?: string;
  question?: string;
  questionKey?: string;
  rememberMe?: boolean;
  revokeSessions?: boolean;
  signatureData?: string;
  transports?: AnswerValue;
  userProfile?: AnswerValue;
  username?: string;
  verification?: string;
  verificationCode?: string;
  [input: string]: AnswerValue | undefined;
}

/** Claims about a person: the standard claims of OpenID Connect, and any other claim that the org adds. */
export interface User {
  email?: string;
  email_verified?: boolean;
  family_name?: string;
  given_name?: string;
  /** The language, such as `en-US`. */
  locale?: string;
  /** The full name. */
  name?: string;
  nickname?: string;
  phone_number?: string;
  /** The username. */
  preferred_username?: string;
  /** The person's id. */
  sub: string;
  /** Seconds since 1970. */
  updated_at?: number;
  /** The time zone, such as `Europe/Berlin`. */
  zoneinfo?: string;
  [name: string]: JsonValue | undefined;
}

export type UserVerification = "required" | "preferred" | "discouraged";

export interface Values {
  answer?: string;
  attestation?: string;
  authenticator?: AnswerValue;
  authenticatorData?: string;
  authenticators?: AnswerValue;
  captchaVerify?: {
  captchaId: string;
  captchaToken: string;
};
  channel?: string;
  clientData?: string;
  clientExtensions?: string;
  consent?: boolean;
  country?: string;
  credentials?: AnswerValue;
  email?: string;
  firstName?: string;
  identifier?: string;
  lastName?: string;
  methodType?: string;
  newPassword?: string;
  otp?: string;
  passcode?: string;
  password?: string;
  phoneFactor?: string;
  phoneNumber?: string;
  question?: string;
  questionKey?: string;
  rememberMe?: boolean;
  resend?: true;
  revokeSessions?: boolean;
  signatureData?: string;
  skip?: true;
  step?: string;
  transports?: AnswerValue;
  userProfile?: AnswerValue;
  username?: string;
  verification?: string;
  verificationCode?: string;
  [input: string]: AnswerValue | undefined;
}
