//! Passkeys: attestations and assertions, checked as WebAuthn level 2 tells a relying party to.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::random::Chance;

mod base64url;
mod cbor;
mod public_key;
#[cfg(test)]
pub(crate) mod software_key;

use base64url::decode;
use cbor::Cbor;
use public_key::PublicKey;

/// What a browser sent to set a passkey up.
pub(crate) struct Attestation<'a> {
    pub(crate) client_data: &'a str,
    pub(crate) attestation: &'a str,
}

/// What a browser sent to use one.
pub(crate) struct Assertion<'a> {
    pub(crate) client_data: &'a str,
    pub(crate) authenticator_data: &'a str,
    pub(crate) signature: &'a str,
}

/// A passkey that may be kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    /// Its id, base64url.
    pub(crate) credential: String,
    pub(crate) public_key: String,
    pub(crate) count: u32,
}

/// Something did not hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// Fresh bytes for the browser to sign. They are not secret, so they are never marked as one.
pub(crate) fn new_challenge(chance: &mut Chance) -> String {
    URL_SAFE_NO_PAD.encode(chance.bytes::<32>())
}

/// The challenge of a first page, which follows from its state handle, so that nothing has to be kept for it.
pub(crate) fn autofill_challenge(handle: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(handle.as_bytes()))
}

/// Whose passkey it is. Clients treat the user id as if it were base64url, and send it back the same way.
pub(crate) fn user_of_handle(handle: &str) -> Option<String> {
    if handle.starts_with("00u") {
        return Some(handle.to_owned());
    }
    String::from_utf8(decode(handle)?).ok()
}

impl Attestation<'_> {
    /// Checks everything, and gives what is to be kept.
    pub(crate) fn verify(&self, challenge: &str, origins: &[String]) -> Result<Registered, Invalid> {
        self.registered(challenge, origins).ok_or(Invalid)
    }

    fn registered(&self, challenge: &str, origins: &[String]) -> Option<Registered> {
        let client = ClientData::read(self.client_data, "webauthn.create", challenge, origins)?;
        let object = Cbor::read(&decode(self.attestation)?)?;
        let authenticator = object.get("authData")?.bytes()?;
        let seen = Authenticator::read(authenticator, &client)?;
        let (credential, cose) = seen.credential?;
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
                let party = authenticator.get(..32)?;
                let signed = [&[0][..], party, &client.hash, &credential, point].concat();
                PublicKey::of_certificate(certificate)?.verify(&signed, signature()?)?;
            }
            // No statement, or one whose maker this org has no roots for. The key proves itself at every sign-in.
            _ => {}
        }
        Some(Registered {
            credential: URL_SAFE_NO_PAD.encode(credential),
            public_key: key.write(),
            count: seen.count,
        })
    }
}

impl Assertion<'_> {
    /// Checks everything, and gives the new signature count.
    pub(crate) fn verify(
        &self,
        challenge: &str,
        origins: &[String],
        key: &str,
        count: u32,
    ) -> Result<u32, Invalid> {
        self.counted(challenge, origins, key, count).ok_or(Invalid)
    }

    fn counted(&self, challenge: &str, origins: &[String], key: &str, count: u32) -> Option<u32> {
        let client = ClientData::read(self.client_data, "webauthn.get", challenge, origins)?;
        let authenticator = decode(self.authenticator_data)?;
        let seen = Authenticator::read(&authenticator, &client)?;
        let signed = [&authenticator[..], &client.hash].concat();
        PublicKey::read(key)?.verify(&signed, &decode(self.signature)?)?;
        // A count that does not grow tells of a copied key; authenticators without one always say 0.
        let grows = seen.count > count || (seen.count == 0 && count == 0);
        grows.then_some(seen.count)
    }
}

/// What the browser says it signed.
struct ClientData {
    hash: Vec<u8>,
    host: String,
}

impl ClientData {
    fn read(sent: &str, kind: &str, challenge: &str, origins: &[String]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Said {
            #[serde(rename = "type")]
            kind: String,
            challenge: String,
            origin: String,
        }
        let bytes = decode(sent)?;
        let said: Said = serde_json::from_slice(&bytes).ok()?;
        let holds = said.kind == kind && said.challenge == challenge && origins.contains(&said.origin);
        let host = url::Url::parse(&said.origin).ok()?.host_str()?.to_owned();
        holds.then(|| Self { hash: sha256(&bytes), host })
    }
}

/// What the authenticator says.
struct Authenticator {
    count: u32,
    /// The id and the key of a passkey that was just made.
    credential: Option<(Vec<u8>, Cbor)>,
}

impl Authenticator {
    fn read(data: &[u8], client: &ClientData) -> Option<Self> {
        const PRESENT: u8 = 0x01;
        const ATTESTED: u8 = 0x40;
        let (party, rest) = data.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (count, rest) = rest.split_at_checked(4)?;
        if party != sha256(client.host.as_bytes()) || flags & PRESENT == 0 {
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
