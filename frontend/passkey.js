// Passkeys: from the org's data to the browser's API and back, binary values as base64url. Fetched when needed.

// The options for a new passkey. An org sends more: browsers refuse some of its extensions on other origins.
const MAKING = ["rp", "user", "challenge", "pubKeyCredParams", "attestation", "authenticatorSelection", "hints"];
// The options for using a passkey.
const USING = ["challenge", "userVerification", "rpId", "hints"];

// The browser accepts one request at a time.
let asking = new AbortController();

/**
 * Creates a passkey on a device without one of `known`, uses one of them, offers passkeys by autofill, or cancels a
 * request. Returns the answers by name, or a word for the reason why there are none.
 */
export default async function passkey({ ask, data, known = [] }) {
  asking.abort();
  if (ask === "stop") return "cancelled";
  asking = new AbortController();
  const { signal } = asking;
  const credentials = known.map((id) => ({ type: "public-key", id: bytes(id) }));
  try {
    switch (ask) {
      case "make": {
        const user = { ...data.user, id: bytes(data.user.id) };
        const publicKey = { ...options(data, MAKING), user, excludeCredentials: credentials };
        return made(await navigator.credentials.create({ publicKey, signal }));
      }
      case "use": {
        const publicKey = { ...options(data, USING), allowCredentials: credentials };
        return used(await navigator.credentials.get({ publicKey, signal }));
      }
      case "offer": {
        if (!(await globalThis.PublicKeyCredential?.isConditionalMediationAvailable?.())) return "missing";
        const publicKey = options(data, USING);
        const { response } = await navigator.credentials.get({ publicKey, signal, mediation: "conditional" });
        return { ...used({ response }), userHandle: words(response.userHandle ?? []) };
      }
    }
  } catch (error) {
    return refusal(error);
  }
}

function refusal({ name }) {
  if (name === "InvalidStateError") return "known";
  return !navigator.credentials || ["NotSupportedError", "SecurityError"].includes(name) ? "missing" : "cancelled";
}

function options(data, wanted) {
  const known = Object.entries(data).filter(([name]) => wanted.includes(name));
  return { ...Object.fromEntries(known), challenge: bytes(data.challenge) };
}

function made({ response }) {
  return {
    clientData: words(response.clientDataJSON),
    attestation: words(response.attestationObject),
    ...(response.getTransports && { transports: JSON.stringify(response.getTransports()) }),
  };
}

function used({ response }) {
  return {
    clientData: words(response.clientDataJSON),
    authenticatorData: words(response.authenticatorData),
    signatureData: words(response.signature),
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
