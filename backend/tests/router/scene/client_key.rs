//! A client that authenticates with a private key, and an org that knows the public key.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use latchkey_devorg::Options;
use std::io::Write;
use tempfile::NamedTempFile;

/// The key, in a file of its own.
pub(crate) struct ClientKey {
    file: NamedTempFile,
    public: Vec<u8>,
}

impl ClientKey {
    pub(crate) fn fresh() -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        let public =
            EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref()).unwrap().public_key().as_ref().to_vec();
        let mut file = NamedTempFile::new().unwrap();
        let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
        writeln!(file, "{begin}\n{}\n{end}", STANDARD.encode(der.as_ref())).unwrap();
        Self { file, public }
    }

    /// The settings of a server with the key and without a secret.
    pub(crate) fn settings(&self) -> [(&str, &str); 3] {
        let path = self.file.path().to_str().unwrap();
        [
            ("LATCHKEY_CLIENT_SECRET", ""),
            ("LATCHKEY_CLIENT_KEY_FILE", path),
            ("LATCHKEY_CLIENT_KEY_ID", "key-1"),
        ]
    }

    /// An org whose app has the public key and no secret.
    pub(crate) fn options(&self) -> Options {
        let [x, y] = [1..33, 33..65].map(|half| URL_SAFE_NO_PAD.encode(&self.public[half]));
        let key = format!(
            "jwks = {{ keys = [{{ kty = \"EC\", crv = \"P-256\", kid = \"key-1\", x = \"{x}\", y = \"{y}\" }}] }}"
        );
        let org = include_str!("short_codes.toml").replace("client_secret = \"latchkey-dev-secret\"", &key);
        Options { org: Some(org), ..Options::default() }
    }
}
