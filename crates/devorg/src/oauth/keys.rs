//! The keys that sign tokens. They are generated in the background, because RSA keys take a while.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The current key and earlier ones, newest first.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    keys: Vec<Arc<SigningKey>>,
}

struct SigningKey {
    id: String,
    pair: OnceLock<Option<KeyPair>>,
}

impl SigningKeys {
    /// Starts with a new key, generated in the background.
    pub(crate) fn generate(id: String) -> Self {
        Self { keys: vec![SigningKey::generate_in_background(id)] }
    }

    /// Restores keys from PKCS#8.
    pub(crate) fn from_pkcs8(stored: &[(String, Vec<u8>)]) -> Option<Self> {
        let read = |(id, der): &(String, Vec<u8>)| {
            let pair = KeyPair::from_pkcs8(der).ok()?;
            Some(Arc::new(SigningKey { id: id.clone(), pair: OnceLock::from(Some(pair)) }))
        };
        let keys: Vec<_> = stored.iter().filter_map(read).collect();
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// The ids and keys as PKCS#8.
    pub(crate) fn to_pkcs8(&self) -> Vec<(String, Vec<u8>)> {
        let write =
            |key: &Arc<SigningKey>| Some((key.id.clone(), key.pair()?.as_der().ok()?.as_ref().to_vec()));
        self.keys.iter().filter_map(write).collect()
    }

    /// Signs with a new key. The old ones stay in the key set unless `forget` is set.
    pub(crate) fn rotate(&mut self, id: String, forget: bool) {
        if forget {
            self.keys.clear();
        }
        self.keys.insert(0, SigningKey::generate_in_background(id));
        self.keys.truncate(4);
    }

    /// The JSON Web Key Set.
    pub(crate) fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.keys.iter().filter_map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }

    /// Signs claims as a compact JWT (RS256).
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let Some(key) = self.keys.first() else { return String::new() };
        self.sign_as(&json!({ "kid": key.id, "alg": "RS256" }), claims)
    }

    /// Signs claims with a header of the caller's, for other token types and deliberate mistakes.
    pub(crate) fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.keys.first().and_then(|key| key.sign(signed.as_bytes())).unwrap_or_default();
        format!("{signed}.{}", encode(signature))
    }

    /// The id of the current key.
    pub(crate) fn current_id(&self) -> &str {
        self.keys.first().map_or("", |key| key.id.as_str())
    }
}

impl SigningKey {
    fn generate_in_background(id: String) -> Arc<Self> {
        let key = Arc::new(Self { id, pair: OnceLock::new() });
        let making = Arc::clone(&key);
        // The first caller that needs the key waits for it.
        std::thread::spawn(move || {
            making.pair();
        });
        key
    }

    fn pair(&self) -> Option<&KeyPair> {
        self.pair.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).ok()).as_ref()
    }

    fn jwk(&self) -> Option<Value> {
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
