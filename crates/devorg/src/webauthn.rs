//! Passkeys: attestations and assertions, checked as WebAuthn level 2 tells a relying party to.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::chance::Chance;

#[cfg(test)]
pub(crate) mod device;

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

/// A key that signatures are checked with.
enum PublicKey {
    /// The uncompressed point.
    Es256(Vec<u8>),
    Rs256 {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// RSA as a certificate has it.
    RsaDer(Vec<u8>),
}

impl PublicKey {
    fn of_cose(cose: &Cbor) -> Option<Self> {
        match cose.at(3)?.int()? {
            -7 => Some(Self::Es256([&[4], cose.at(-2)?.bytes()?, cose.at(-3)?.bytes()?].concat())),
            -257 => {
                Some(Self::Rs256 { n: cose.at(-1)?.bytes()?.to_vec(), e: cose.at(-2)?.bytes()?.to_vec() })
            }
            _ => None,
        }
    }

    /// The key in an X.509 certificate: the seventh part of its body, whose second part holds the bits.
    fn of_certificate(der: &[u8]) -> Option<Self> {
        const VERSION: u8 = 0xa0;
        let (_, certificate, _) = der_part(der)?;
        let (_, mut body, _) = der_part(certificate)?;
        if body.first() == Some(&VERSION) {
            body = der_part(body)?.2;
        }
        for _ in 0..5 {
            body = der_part(body)?.2;
        }
        let (_, info, _) = der_part(body)?;
        let (_, algorithm, rest) = der_part(info)?;
        let (_, bits, _) = der_part(rest)?;
        let key = bits.get(1..)?.to_vec();
        // The object identifier of elliptic curve keys; what is not one is RSA.
        let is_curve = algorithm.windows(7).any(|w| w == [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
        Some(if is_curve { Self::Es256(key) } else { Self::RsaDer(key) })
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Option<()> {
        match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).ok()
            }
            Self::Rs256 { n, e } => {
                PublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).ok()
            }
            Self::RsaDer(der) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).verify(message, signature).ok()
            }
        }
    }

    fn write(&self) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Es256(point) => format!("ES256.{}", encode(point)),
            Self::Rs256 { n, e } => format!("RS256.{}.{}", encode(n), encode(e)),
            Self::RsaDer(der) => format!("RSA.{}", encode(der)),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        match (parts.next()?, decode(parts.next()?)?, parts.next()) {
            ("ES256", point, None) => Some(Self::Es256(point)),
            ("RS256", n, Some(e)) => Some(Self::Rs256 { n, e: decode(e)? }),
            ("RSA", der, None) => Some(Self::RsaDer(der)),
            _ => None,
        }
    }
}

/// As much of CBOR (RFC 8949) as authenticators send.
#[derive(Debug)]
enum Cbor {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Cbor>),
    Map(Vec<(Cbor, Cbor)>),
    Other,
}

impl Cbor {
    fn read(bytes: &[u8]) -> Option<Self> {
        Self::part(bytes, 0).map(|(value, _)| value)
    }

    fn part(bytes: &[u8], depth: u8) -> Option<(Self, &[u8])> {
        const DEEPEST: u8 = 8;
        let (first, rest) = bytes.split_first()?;
        let size = match first & 0x1f {
            small @ 0..=23 => return Self::body(first >> 5, u64::from(small), rest, depth),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let (argument, rest) = rest.split_at_checked(size)?;
        let argument = argument.iter().fold(0, |n, b| n << 8 | u64::from(*b));
        (depth < DEEPEST).then(|| Self::body(first >> 5, argument, rest, depth))?
    }

    fn body(major: u8, argument: u64, rest: &[u8], depth: u8) -> Option<(Self, &[u8])> {
        let length = usize::try_from(argument).ok()?;
        match major {
            0 => Some((Self::Int(i64::try_from(argument).ok()?), rest)),
            1 => Some((Self::Int(-1 - i64::try_from(argument).ok()?), rest)),
            2 => rest.split_at_checked(length).map(|(own, rest)| (Self::Bytes(own.to_vec()), rest)),
            3 => {
                let (own, rest) = rest.split_at_checked(length)?;
                Some((Self::Text(String::from_utf8(own.to_vec()).ok()?), rest))
            }
            4 => {
                let (mut items, mut rest) = (Vec::new(), rest);
                for _ in 0..length {
                    let (item, left) = Self::part(rest, depth + 1)?;
                    items.push(item);
                    rest = left;
                }
                Some((Self::Array(items), rest))
            }
            5 => {
                let (mut entries, mut rest) = (Vec::new(), rest);
                for _ in 0..length {
                    let (key, left) = Self::part(rest, depth + 1)?;
                    let (value, left) = Self::part(left, depth + 1)?;
                    entries.push((key, value));
                    rest = left;
                }
                Some((Self::Map(entries), rest))
            }
            7 => Some((Self::Other, rest)),
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries
            .iter()
            .find(|(key, _)| matches!(key, Self::Text(text) if text == name))
            .map(|(_, value)| value)
    }

    fn at(&self, label: i64) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(key, _)| matches!(key, Self::Int(n) if *n == label)).map(|(_, value)| value)
    }

    fn first(&self) -> Option<&Self> {
        let Self::Array(items) = self else { return None };
        items.first()
    }

    fn int(&self) -> Option<i64> {
        let Self::Int(n) = self else { return None };
        Some(*n)
    }

    fn bytes(&self) -> Option<&[u8]> {
        let Self::Bytes(bytes) = self else { return None };
        Some(bytes)
    }

    fn text(&self) -> Option<&str> {
        let Self::Text(text) = self else { return None };
        Some(text)
    }
}

/// A tag, what it holds, and what follows.
fn der_part(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        short @ 0..=0x7f => (usize::from(*short), rest),
        long => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f).min(4))?;
            (bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)), rest)
        }
    };
    let (own, rest) = rest.split_at_checked(length)?;
    Some((*tag, own, rest))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    // Some clients pad, some use the other alphabet.
    let text: String = text
        .trim_end_matches('=')
        .chars()
        .map(|c| {
            if c == '+' {
                '-'
            } else if c == '/' {
                '_'
            } else {
                c
            }
        })
        .collect();
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}
