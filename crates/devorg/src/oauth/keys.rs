//! The keys tokens are signed with. Making one takes a moment, so it is made while the org already listens.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The key in use and those before it, newest first.
#[derive(Clone)]
pub(crate) struct Keys {
    keys: Vec<Arc<Key>>,
}

struct Key {
    id: String,
    pair: OnceLock<Option<KeyPair>>,
}

impl Keys {
    /// A fresh key, which is being made from now on.
    pub(crate) fn fresh(id: String) -> Self {
        Self { keys: vec![Key::begin(id)] }
    }

    /// Keys that were kept, PKCS#8.
    pub(crate) fn kept(kept: &[(String, Vec<u8>)]) -> Option<Self> {
        let read = |(id, der): &(String, Vec<u8>)| {
            let pair = KeyPair::from_pkcs8(der).ok()?;
            Some(Arc::new(Key { id: id.clone(), pair: OnceLock::from(Some(pair)) }))
        };
        let keys: Vec<_> = kept.iter().filter_map(read).collect();
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// To be kept: ids and PKCS#8.
    pub(crate) fn to_keep(&self) -> Vec<(String, Vec<u8>)> {
        let write = |key: &Arc<Key>| Some((key.id.clone(), key.pair()?.as_der().ok()?.as_ref().to_vec()));
        self.keys.iter().filter_map(write).collect()
    }

    /// Signs with a new key from now on. The old ones stay listed unless `forget` says that they are lost.
    pub(crate) fn rotate(&mut self, id: String, forget: bool) {
        if forget {
            self.keys.clear();
        }
        self.keys.insert(0, Key::begin(id));
        self.keys.truncate(4);
    }

    /// The JWKS.
    pub(crate) fn public(&self) -> Value {
        let keys: Vec<Value> = self.keys.iter().filter_map(|key| key.public()).collect();
        json!({ "keys": keys })
    }

    /// Signs claims as a compact RS256 token.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let Some(key) = self.keys.first() else { return String::new() };
        self.sign_as(&json!({ "kid": key.id, "alg": "RS256" }), claims)
    }

    /// The same with a header of one's own, for tokens that are wrong on purpose and those of another type.
    pub(crate) fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.keys.first().and_then(|key| key.sign(signed.as_bytes())).unwrap_or_default();
        format!("{signed}.{}", encode(signature))
    }

    /// The id of the key in use.
    pub(crate) fn current(&self) -> &str {
        self.keys.first().map_or("", |key| key.id.as_str())
    }
}

impl Key {
    fn begin(id: String) -> Arc<Self> {
        let key = Arc::new(Self { id, pair: OnceLock::new() });
        let making = Arc::clone(&key);
        // Whoever asks first waits for it, here or there.
        std::thread::spawn(move || {
            making.pair();
        });
        key
    }

    fn pair(&self) -> Option<&KeyPair> {
        self.pair.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).ok()).as_ref()
    }

    fn public(&self) -> Option<Value> {
        let public = self.pair()?.public_key();
        let part = |number: &[u8]| encode(number);
        Some(json!({
            "kty": "RSA",
            "alg": "RS256",
            "kid": self.id,
            "use": "sig",
            "e": part(public.exponent().big_endian_without_leading_zero()),
            "n": part(public.modulus().big_endian_without_leading_zero()),
        }))
    }

    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let pair = self.pair()?;
        let mut signature = vec![0; pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
        Some(signature)
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
