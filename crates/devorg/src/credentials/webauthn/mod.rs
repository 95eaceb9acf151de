//! Verifies passkey attestations and assertions (WebAuthn level 2).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::random::Random;

mod base64url;
mod cbor;
mod public_key;
#[cfg(test)]
pub(crate) mod software_key;

use base64url::decode;
use cbor::Cbor;
use public_key::PublicKey;

/// The browser's response to `navigator.credentials.create`.
pub(crate) struct Attestation<'a> {
    pub(crate) client_data: &'a str,
    pub(crate) attestation: &'a str,
}

/// The browser's response to `navigator.credentials.get`.
pub(crate) struct Assertion<'a> {
    pub(crate) client_data: &'a str,
    pub(crate) authenticator_data: &'a str,
    pub(crate) signature: &'a str,
}

/// The site that passkeys are for.
#[derive(Default)]
pub(crate) struct RelyingParty {
    /// The origins of its pages.
    pub(crate) origins: Vec<String>,
    /// Its id, if it is not the host of the page.
    pub(crate) id: Option<String>,
}

/// A verified passkey.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RegisteredPasskey {
    /// The credential id, base64url.
    pub(crate) credential: String,
    pub(crate) public_key: String,
    pub(crate) count: u32,
}

/// The verification failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct VerificationFailed;

/// A random challenge. It is not secret, so canary mode does not mark it.
pub(crate) fn new_challenge(random: &mut Random) -> String {
    URL_SAFE_NO_PAD.encode(random.bytes::<32>())
}

/// The challenge for autofill on the first page. It is derived from the state handle, so it needs no storage.
pub(crate) fn autofill_challenge(handle: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(handle.as_bytes()))
}

/// The user id in a user handle. Clients may treat the id as base64url and send it back encoded.
pub(crate) fn user_of_handle(handle: &str) -> Option<String> {
    if handle.starts_with("00u") {
        return Some(handle.to_owned());
    }
    String::from_utf8(decode(handle)?).ok()
}

impl Attestation<'_> {
    /// Verifies the attestation and returns the passkey.
    pub(crate) fn verify(
        &self,
        challenge: &str,
        party: &RelyingParty,
    ) -> Result<RegisteredPasskey, VerificationFailed> {
        self.verified_passkey(challenge, party).ok_or(VerificationFailed)
    }

    fn verified_passkey(&self, challenge: &str, party: &RelyingParty) -> Option<RegisteredPasskey> {
        let client = ClientData::read(self.client_data, "webauthn.create", challenge, party)?;
        let object = Cbor::read(&decode(self.attestation)?)?;
        let authenticator = object.get("authData")?.bytes()?;
        let data = AuthenticatorData::read(authenticator, &client)?;
        let (credential, cose) = data.credential?;
        let key = PublicKey::of_cose(&cose)?;
        let statement = object.get("attStmt")?;
        let signed = [authenticator, &client.hash].concat();
        let signature = || statement.get("sig").and_then(Cbor::bytes);
        match object.get("fmt")?.text()? {
            "packed" => match statement.get("x5c").and_then(Cbor::first).and_then(Cbor::bytes) {
                Some(certificate) => PublicKey::of_certificate(certificate)?.verify(&signed, signature()?)?,
                None => key.verify(&signed, signature()?)?,
            },
            "fido-u2f" => {
                let PublicKey::Es256(point) = &key else { return None };
                let certificate = statement.get("x5c").and_then(Cbor::first).and_then(Cbor::bytes)?;
                let hash = authenticator.get(..32)?;
                let signed = [&[0][..], hash, &client.hash, &credential, point].concat();
                PublicKey::of_certificate(certificate)?.verify(&signed, signature()?)?;
            }
            // No attestation, or one without a trust root here. The key is verified at every sign-in.
            _ => {}
        }
        Some(RegisteredPasskey {
            credential: URL_SAFE_NO_PAD.encode(credential),
            public_key: key.write(),
            count: data.count,
        })
    }
}

impl Assertion<'_> {
    /// Verifies the assertion and returns the new signature counter.
    pub(crate) fn verify(
        &self,
        challenge: &str,
        party: &RelyingParty,
        key: &str,
        count: u32,
    ) -> Result<u32, VerificationFailed> {
        self.verified_count(challenge, party, key, count).ok_or(VerificationFailed)
    }

    fn verified_count(&self, challenge: &str, party: &RelyingParty, key: &str, count: u32) -> Option<u32> {
        let client = ClientData::read(self.client_data, "webauthn.get", challenge, party)?;
        let authenticator = decode(self.authenticator_data)?;
        let data = AuthenticatorData::read(&authenticator, &client)?;
        let signed = [&authenticator[..], &client.hash].concat();
        PublicKey::read(key)?.verify(&signed, &decode(self.signature)?)?;
        // A counter that does not grow means a cloned key. Authenticators without a counter always send 0.
        let grows = data.count > count || (data.count == 0 && count == 0);
        grows.then_some(data.count)
    }
}

/// The client data that the browser signed.
struct ClientData {
    hash: Vec<u8>,
    /// The id of the relying party.
    party: String,
}

impl ClientData {
    fn read(sent: &str, kind: &str, challenge: &str, party: &RelyingParty) -> Option<Self> {
        #[derive(Deserialize)]
        struct SentMessage {
            #[serde(rename = "type")]
            kind: String,
            challenge: String,
            origin: String,
        }
        let bytes = decode(sent)?;
        let sent_data: SentMessage = serde_json::from_slice(&bytes).ok()?;
        let holds = sent_data.kind == kind
            && sent_data.challenge == challenge
            && party.origins.contains(&sent_data.origin);
        let host = url::Url::parse(&sent_data.origin).ok()?.host_str()?.to_owned();
        holds.then(|| Self { hash: sha256(&bytes), party: party.id.clone().unwrap_or(host) })
    }
}

/// The authenticator data.
struct AuthenticatorData {
    count: u32,
    /// The id and public key of a new passkey.
    credential: Option<(Vec<u8>, Cbor)>,
}

impl AuthenticatorData {
    fn read(data: &[u8], client: &ClientData) -> Option<Self> {
        const PRESENT: u8 = 0x01;
        const ATTESTED: u8 = 0x40;
        let (party, rest) = data.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (count, rest) = rest.split_at_checked(4)?;
        if party != sha256(client.party.as_bytes()) || flags & PRESENT == 0 {
            return None;
        }
        let count = count.iter().fold(0, |n, b| n << 8 | u32::from(*b));
        if flags & ATTESTED == 0 {
            return Some(Self { count, credential: None });
        }
        let (_model, rest) = rest.split_at_checked(16)?;
        let (length, rest) = rest.split_at_checked(2)?;
        let length = length.iter().fold(0, |n, b| n << 8 | usize::from(*b));
        let (id, rest) = rest.split_at_checked(length)?;
        Some(Self { count, credential: Some((id.to_vec(), Cbor::read(rest)?)) })
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}
