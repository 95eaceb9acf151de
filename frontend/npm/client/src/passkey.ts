// Passkeys: from the step's data to the browser's API, and from there to the answer. Binary values travel as base64url.

import type { PasskeyCreation, PasskeyRequest, Step } from "./api.js";

/** What the browser's passkey API takes of the org's options; some extensions are refused on any origin but the org's own. */
const CREATION = ["rp", "user", "challenge", "pubKeyCredParams", "attestation", "authenticatorSelection", "hints"];
const REQUEST = ["challenge", "userVerification", "rpId", "hints"];

/** The answer to a step that asks for a new passkey. */
export type CreatedPasskey = { clientData: string; attestation: string; transports?: string; clientExtensions: string };

/** The answer to a step that asks to use a passkey. */
export type UsedPasskey = { clientData: string; authenticatorData: string; signatureData: string; userHandle?: string };

type PasskeyStep = Pick<Step, "authenticator" | "authenticatorEnrollments"> & Partial<Pick<Step, "inputs">>;

/**
 * Creates or uses a passkey, whichever the step asks for, and returns the values for `proceed`. Rejects with the
 * DOMException of the browser, for instance `NotAllowedError` when the person cancels. With `mediation: "conditional"` the
 * browser offers passkeys where a username is typed.
 */
export async function passkey(
  step: PasskeyStep,
  { signal, mediation }: { signal?: AbortSignal; mediation?: CredentialMediationRequirement } = {},
): Promise<CreatedPasskey | UsedPasskey> {
  const data = step.authenticator?.contextualData;
  const known = (step.authenticatorEnrollments ?? []).flatMap(({ credentialId }) =>
    credentialId ? [{ type: "public-key" as const, id: decode(credentialId) }] : [],
  );
  const common = { ...(signal && { signal }), ...(mediation && { mediation }) };
  if (data?.challengeData) {
    const publicKey = { ...options(data.challengeData, REQUEST), allowCredentials: known } as PublicKeyCredentialRequestOptions;
    const answer = used((await navigator.credentials.get({ publicKey, ...common })) as PublicKeyCredential);
    // The org asks for the user handle only where any passkey of the browser may answer.
    const isAsked = mediation === "conditional" || step.inputs?.some(({ name }) => name === "userHandle");
    if (!isAsked) delete answer.userHandle;
    return answer;
  }
  if (!data?.activationData) throw new TypeError("This step asks for no passkey.");
  const { user } = data.activationData as { user?: { id?: string } };
  const publicKey = {
    ...options(data.activationData, CREATION),
    user: { ...user, id: decode(user?.id ?? "") },
    excludeCredentials: known,
  } as unknown as PublicKeyCredentialCreationOptions;
  return created((await navigator.credentials.create({ publicKey, ...common })) as PublicKeyCredential);
}

function options(data: PasskeyCreation | PasskeyRequest, names: string[]) {
  const known = Object.entries(data).filter(([name]) => names.includes(name));
  return { ...Object.fromEntries(known), challenge: decode(data.challenge) };
}

function created(credential: PublicKeyCredential): CreatedPasskey {
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    clientData: encode(response.clientDataJSON),
    attestation: encode(response.attestationObject),
    ...(response.getTransports && { transports: JSON.stringify(response.getTransports()) }),
    // Okta's form requires the results of extensions, also when there are none.
    clientExtensions: JSON.stringify(credential.getClientExtensionResults?.() ?? {}),
  };
}

function used(credential: PublicKeyCredential): UsedPasskey {
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    clientData: encode(response.clientDataJSON),
    authenticatorData: encode(response.authenticatorData),
    signatureData: encode(response.signature),
    ...(response.userHandle && { userHandle: encode(response.userHandle) }),
  };
}

/** The bytes of base64, in either alphabet, with or without padding. */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Bytes as base64url without padding. */
export function encode(bytes: ArrayBuffer | Uint8Array): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
