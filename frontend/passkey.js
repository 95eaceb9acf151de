// Passkeys: from the org's data to the browser's API and back, binary values as base64url. Fetched when needed.

// The options for a new passkey. An org sends more: browsers refuse some of its extensions on other origins.
const MAKING = ["rp", "user", "challenge", "pubKeyCredParams", "attestation", "authenticatorSelection", "hints"];
// The options for using a passkey.
const USING = ["challenge", "userVerification", "rpId", "hints"];

// The browser accepts one request at a time.
let asking = new AbortController();

/**
 * Creates a passkey on a device without one of `known` ("make", or "upgrade" without asking the person, where the browser can),
 * uses one of `known` ("use"), lets the person pick any ("pick"), offers passkeys by autofill ("offer"), tells the browser that
 * one is gone ("forget"), or cancels a request ("stop"). Returns the answers by name, or a word for the reason why there are none.
 */
export default async function passkey({ ask, data, known = [] }) {
  if (ask === "forget") return forget(data);
  asking.abort();
  if (ask === "stop") return "cancelled";
  asking = new AbortController();
  const { signal } = asking;
  const credentials = known.map((id) => ({ type: "public-key", id: bytes(id) }));
  try {
    switch (ask) {
      case "make":
        return made(await navigator.credentials.create({ publicKey: making(data, credentials), signal }));
      case "upgrade": {
        const capabilities = await globalThis.PublicKeyCredential?.getClientCapabilities?.();
        if (!capabilities?.conditionalCreate) return "missing";
        const publicKey = making(data, credentials);
        return made(await navigator.credentials.create({ publicKey, signal, mediation: "conditional" }));
      }
      case "use": {
        const publicKey = { ...options(data, USING), allowCredentials: credentials };
        return used(await navigator.credentials.get({ publicKey, signal }));
      }
      case "offer": {
        if (!(await globalThis.PublicKeyCredential?.isConditionalMediationAvailable?.())) return "missing";
        return picked(await navigator.credentials.get({ publicKey: options(data, USING), signal, mediation: "conditional" }));
      }
      case "pick":
        return picked(await navigator.credentials.get({ publicKey: options(data, USING), signal, mediation: "optional" }));
    }
  } catch (error) {
    return refusal(error);
  }
}

/** The browser offers a removed passkey no more. Not every browser has these calls. */
async function forget({ credentialId, userId, accepted }) {
  const rpId = location.hostname;
  const { PublicKeyCredential } = globalThis;
  try {
    if (credentialId) await PublicKeyCredential?.signalUnknownCredential?.({ rpId, credentialId });
    if (accepted) await PublicKeyCredential?.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds: accepted });
  } catch {
    // The passkey is removed at the org; the browser may go on offering it.
  }
  return {};
}

function refusal({ name }) {
  if (!navigator.credentials) return "missing";
  switch (name) {
    case "InvalidStateError":
      return "known";
    case "NotSupportedError":
      return "missing";
    // The org's passkeys are for a domain that does not list this one.
    case "SecurityError":
      return "domain";
    default:
      return "cancelled";
  }
}

function options(data, wanted) {
  const known = Object.entries(data).filter(([name]) => wanted.includes(name));
  return { ...Object.fromEntries(known), challenge: bytes(data.challenge) };
}

function making(data, credentials) {
  const user = { ...data.user, id: bytes(data.user.id) };
  // For a discoverable passkey the existing ones are not excluded, as in Okta's widget: a person may have several.
  const isResident = data.authenticatorSelection?.requireResidentKey === true;
  const wantsProperties = data.extensions?.credProps === true;
  return {
    ...options(data, MAKING),
    user,
    excludeCredentials: isResident ? [] : credentials,
    ...(wantsProperties && { extensions: { credProps: true } }),
  };
}

function made(credential) {
  const { response } = credential;
  return {
    clientData: words(response.clientDataJSON),
    attestation: words(response.attestationObject),
    ...(response.getTransports && { transports: JSON.stringify(response.getTransports()) }),
    // Okta's form requires the results of extensions, also when there are none.
    clientExtensions: JSON.stringify(credential.getClientExtensionResults?.() ?? {}),
  };
}

/** A passkey that does not say whose it is cannot begin a sign-in. */
function picked(credential) {
  const answer = used(credential);
  return answer.userHandle ? answer : "invalid";
}

function used({ response }) {
  return {
    clientData: words(response.clientDataJSON),
    authenticatorData: words(response.authenticatorData),
    signatureData: words(response.signature),
    ...(response.userHandle?.byteLength && { userHandle: words(response.userHandle) }),
  };
}

/** Decodes base64 of both alphabets, with or without padding. */
function bytes(words) {
  const plain = atob(words.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function words(bytes) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
