//! The org's JSON Web Key Set (RFC 7517), and a cache that limits how often it is fetched.

use std::time::{Duration, SystemTime};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::error::Error;
use crate::protocol::ion::Ion;
use crate::protocol::tape::Tape;

const MAX_KEY_SET_BYTES: usize = 256 * 1024;
const MAX_KEYS: usize = 64;
const MIN_MODULUS_BYTES: usize = 256;
/// An unknown key causes at most one fetch in this time.
const MIN_FETCH_INTERVAL: Duration = Duration::from_secs(60);
/// Keys are used this long if the org does not answer with newer ones.
const KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The keys of a key set that can verify RS256.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeySet(Vec<VerificationKey>);

#[derive(Debug, Clone)]
pub(crate) struct VerificationKey {
    id: String,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// The cached key set, when it was read, and when it was last requested.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyCache {
    pub(crate) keys: KeySet,
    read: Option<SystemTime>,
    requested: Option<SystemTime>,
}

impl KeySet {
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let unreadable = |cause: &str| Error::Discovery(format!("its keys cannot be read: {cause}"));
        if text.len() > MAX_KEY_SET_BYTES {
            return Err(unreadable("they are too large"));
        }
        let set = Tape::read(text).map_err(|error| unreadable(&error.to_string()))?;
        let listed = set.root().get("keys").map(Ion::items).ok_or_else(|| unreadable("there are none"))?;
        if listed.clone().count() > MAX_KEYS {
            return Err(unreadable("there are too many"));
        }
        Ok(Self(listed.filter_map(VerificationKey::read).collect()))
    }

    pub(crate) fn find(&self, id: &str) -> Option<&VerificationKey> {
        self.0.iter().find(|key| key.id == id)
    }
}

impl VerificationKey {
    /// An RSA key for RS256 signatures; any other key is ignored.
    fn read(key: Ion<'_>) -> Option<Self> {
        let is_absent_or =
            |name, expected| key.get(name).is_none_or(|value| value.as_text() == Some(expected));
        if key.text("kty") != Some("RSA") || !is_absent_or("use", "sig") || !is_absent_or("alg", "RS256") {
            return None;
        }
        let number = |name| BASE64.decode(key.text(name)?).ok();
        let modulus: Vec<u8> = number("n")?.into_iter().skip_while(|byte| *byte == 0).collect();
        if modulus.len() < MIN_MODULUS_BYTES {
            return None;
        }
        Some(Self { id: key.text("kid")?.to_owned(), modulus, exponent: number("e")? })
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents { n: self.modulus.as_slice(), e: self.exponent.as_slice() };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }
}

impl KeyCache {
    /// Whether the key set must be fetched to find this key. If so, `now` is recorded as the time of the request.
    pub(crate) fn start_fetch(&mut self, id: &str, now: SystemTime) -> bool {
        let age =
            |since: Option<SystemTime>| since.map(|since| now.duration_since(since).unwrap_or_default());
        let is_known = self.keys.find(id).is_some() && age(self.read).is_some_and(|age| age < KEY_LIFETIME);
        let is_too_soon = age(self.requested).is_some_and(|age| age < MIN_FETCH_INTERVAL);
        if is_known || is_too_soon {
            return false;
        }
        self.requested = Some(now);
        true
    }

    pub(crate) fn store(&mut self, keys: KeySet, now: SystemTime) {
        self.keys = keys;
        self.read = Some(now);
    }

    /// The keys, unless they are too old.
    pub(crate) fn current(&self, now: SystemTime) -> KeySet {
        let is_recent =
            self.read.is_some_and(|read| now.duration_since(read).unwrap_or_default() < KEY_LIFETIME);
        if is_recent { self.keys.clone() } else { KeySet::default() }
    }
}
