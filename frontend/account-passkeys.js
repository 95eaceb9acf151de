// Passkeys of the account page: the browser makes one, and forgets one that is gone.
import passkey from "./passkey.js";
import { CallError } from "./account-call.js";

/** The answer of the browser to the org's options. */
export async function make(page, options) {
  const known = (options.excludeCredentials ?? []).map(({ id }) => id);
  const made = await passkey({ ask: "make", data: options, known });
  if (typeof made === "object") return made;
  throw new CallError({ code: "account_refused", reason: made, detail: reasons(page)[made] ?? page.say("The passkey was not made. Please try again.") });
}

function reasons(page) {
  return {
    known: page.say("This device has a passkey for your account already."),
    missing: page.say("This browser has no passkeys."),
    domain: page.say("Passkeys of your organization do not work on this site. Ask your administrator."),
  };
}

/** Tells the browser that a passkey is gone, so that it offers it no more. Not every browser has these calls. */
export async function forget({ credentialId }, others, userId) {
  const { signalUnknownCredential: unknown, signalAllAcceptedCredentials: accepted } = globalThis.PublicKeyCredential ?? {};
  const rpId = location.hostname;
  try {
    if (credentialId) await unknown?.call(PublicKeyCredential, { rpId, credentialId });
    const allAcceptedCredentialIds = others.map((one) => one.credentialId);
    // Without the ids of all others, the browser would hide passkeys that still work.
    if (userId && allAcceptedCredentialIds.every(Boolean)) {
      await accepted?.call(PublicKeyCredential, { rpId, userId, allAcceptedCredentialIds });
    }
  } catch {
    // The passkey is removed at the org; the browser may go on offering it.
  }
}
