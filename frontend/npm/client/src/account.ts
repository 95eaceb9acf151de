//! The signed-in person's own account.

import type {
  Account,
  AccountPasskey,
  AccountPhone,
  EmailChallenge,
  EmailCode,
  NewEmail,
  NewPasskey,
  NewPassword,
  NewPhone,
  Nickname,
  PasskeyRegistrationOptions,
  PhoneCode,
  PhoneMethod,
} from "./api.js";

/** Makes a call below `/api/account`. */
type AccountCall = <Answer>(method: string, path: string, body?: object) => Promise<Answer>;

/** What a person can see and change of their own account. A call that needs a stronger sign-in fails with `step_up_required`. */
export class AccountClient {
  readonly #call: AccountCall;

  constructor(call: AccountCall) {
    this.#call = call;
  }

  read(): Promise<Account> {
    return this.#call("GET", "");
  }

  changePassword(password: NewPassword): Promise<void> {
    return this.#call("POST", "/password", password);
  }

  /** Adds an address, to which the org sends a code. */
  addEmail(email: NewEmail): Promise<EmailChallenge> {
    return this.#call("POST", "/emails", email);
  }

  /** Sends another code to an address. */
  challengeEmail(id: string): Promise<EmailChallenge> {
    return this.#call("POST", `${below("emails", id)}/challenge`, {});
  }

  verifyEmail(id: string, code: EmailCode): Promise<void> {
    return this.#call("POST", `${below("emails", id)}/verify`, code);
  }

  removeEmail(id: string): Promise<void> {
    return this.#call("DELETE", below("emails", id));
  }

  /** Adds a number, to which the org sends a code. */
  addPhone(phone: NewPhone): Promise<AccountPhone> {
    return this.#call("POST", "/phones", phone);
  }

  /** Sends another code to a number. */
  challengePhone(id: string, method: PhoneMethod): Promise<void> {
    return this.#call("POST", `${below("phones", id)}/challenge`, method);
  }

  verifyPhone(id: string, code: PhoneCode): Promise<void> {
    return this.#call("POST", `${below("phones", id)}/verify`, code);
  }

  removePhone(id: string): Promise<void> {
    return this.#call("DELETE", below("phones", id));
  }

  /** What `navigator.credentials.create` needs, as `makePasskey` takes it. */
  passkeyOptions(): Promise<PasskeyRegistrationOptions> {
    return this.#call("POST", "/passkeys/options", {});
  }

  addPasskey(passkey: NewPasskey): Promise<AccountPasskey> {
    return this.#call("POST", "/passkeys", passkey);
  }

  removePasskey(id: string): Promise<void> {
    return this.#call("DELETE", below("passkeys", id));
  }

  renameEnrollment(authenticator: string, id: string, nickname: Nickname): Promise<void> {
    return this.#call("POST", `${below("authenticators", authenticator)}${below("enrollments", id)}`, nickname);
  }
}

function below(list: string, id: string): string {
  return `/${list}/${encodeURIComponent(id)}`;
}
