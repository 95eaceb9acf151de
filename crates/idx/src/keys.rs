//! The keys an org signs with, and how often we may ask for them.

use std::time::{Duration, SystemTime};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::error::Error;
use crate::ion::{Ion, Tape};

const LARGEST: usize = 256 * 1024;
const MOST_KEYS: usize = 64;
const SMALLEST_MODULUS: usize = 256;
/// An unknown key may make us ask again, but not more often than this.
const PAUSE: Duration = Duration::from_secs(60);
/// For how long keys are good when no newer ones can be had.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A key set, without the keys that are of no use for id tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
pub(crate) struct Key {
    id: String,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// The keys at hand, when they were read, and when they were last asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyRing {
    pub(crate) keys: Keys,
    read: Option<SystemTime>,
    asked: Option<SystemTime>,
}

impl Keys {
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let garbage = |why: &str| Error::Discovery(format!("its keys cannot be read: {why}"));
        if text.len() > LARGEST {
            return Err(garbage("they are too large"));
        }
        let set = Tape::read(text).map_err(|error| garbage(&error.to_string()))?;
        let listed = set.root().get("keys").map(Ion::items).ok_or_else(|| garbage("there are none"))?;
        if listed.clone().count() > MOST_KEYS {
            return Err(garbage("there are too many"));
        }
        Ok(Self(listed.filter_map(Key::read).collect()))
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }
}

impl Key {
    /// An RSA key for RS256 signatures; anything else is no key to us.
    fn read(key: Ion<'_>) -> Option<Self> {
        let is_absent_or = |name, wanted| key.get(name).is_none_or(|value| value.as_text() == Some(wanted));
        if key.text("kty") != Some("RSA") || !is_absent_or("use", "sig") || !is_absent_or("alg", "RS256") {
            return None;
        }
        let number = |name| BASE64.decode(key.text(name)?).ok();
        let modulus: Vec<u8> = number("n")?.into_iter().skip_while(|byte| *byte == 0).collect();
        if modulus.len() < SMALLEST_MODULUS {
            return None;
        }
        Some(Self { id: key.text("kid")?.to_owned(), modulus, exponent: number("e")? })
    }

    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents { n: self.modulus.as_slice(), e: self.exponent.as_slice() };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }
}

impl KeyRing {
    /// Whether the org should be asked for its keys, to find this one. `now` is noted if so.
    pub(crate) fn should_ask(&mut self, id: &str, now: SystemTime) -> bool {
        let age =
            |since: Option<SystemTime>| since.map(|since| now.duration_since(since).unwrap_or_default());
        let knows = self.keys.find(id).is_some() && age(self.read).is_some_and(|age| age < LIFETIME);
        let waits = age(self.asked).is_some_and(|age| age < PAUSE);
        if knows || waits {
            return false;
        }
        self.asked = Some(now);
        true
    }

    pub(crate) fn take(&mut self, keys: Keys, now: SystemTime) {
        self.keys = keys;
        self.read = Some(now);
    }

    /// The keys, if they are not too old to be believed.
    pub(crate) fn believed(&self, now: SystemTime) -> Keys {
        let is_young = self.read.is_some_and(|read| now.duration_since(read).unwrap_or_default() < LIFETIME);
        if is_young { self.keys.clone() } else { Keys::default() }
    }
}
