//! A security key in software, for tests.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Assertion, Attestation, Invalid, sha256};

/// A key with one credential on it.
pub(crate) struct Device(EcdsaKeyPair);

const ID: &[u8] = b"the-only-credential";

impl Device {
    pub(crate) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    /// The id of its credential.
    pub(crate) fn credential(&self) -> String {
        encode(ID)
    }

    /// Answers `navigator.credentials.create` with a statement it signs itself.
    pub(crate) fn make(&self, challenge: &str, origin: &str) -> Value {
        let client = client_data("webauthn.create", challenge, origin);
        let mut authenticator = head(origin, 0x41, 0);
        authenticator.extend([0; 16]);
        authenticator.extend([0, ID.len() as u8]);
        authenticator.extend(ID);
        let point = self.0.public_key().as_ref();
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        authenticator.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32]);
        authenticator.extend(&point[1..33]);
        authenticator.extend([0x22, 0x58, 32]);
        authenticator.extend(&point[33..65]);
        let signature = self.sign(&[&authenticator[..], &sha256(&client)].concat());
        let mut object = b"\xa3\x63fmt\x66packed\x67attStmt\xa2\x63alg\x26\x63sig\x58".to_vec();
        object.push(signature.len() as u8);
        object.extend(signature);
        object.extend(b"\x68authData\x58");
        object.push(authenticator.len() as u8);
        object.extend(authenticator);
        json!({ "clientData": encode(&client), "attestation": encode(&object) })
    }

    /// Answers `navigator.credentials.get`.
    pub(crate) fn use_it(&self, challenge: &str, origin: &str, count: u8) -> Value {
        let client = client_data("webauthn.get", challenge, origin);
        let authenticator = head(origin, 0x01, count);
        let signature = self.sign(&[&authenticator[..], &sha256(&client)].concat());
        json!({
            "clientData": encode(&client),
            "authenticatorData": encode(&authenticator),
            "signatureData": encode(&signature),
        })
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }
}

fn client_data(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    json!({ "type": kind, "challenge": challenge, "origin": origin }).to_string().into_bytes()
}

fn head(origin: &str, flags: u8, count: u8) -> Vec<u8> {
    let host = url::Url::parse(origin).unwrap().host_str().unwrap().to_owned();
    let mut head = sha256(host.as_bytes());
    head.extend([flags, 0, 0, 0, count]);
    head
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

const ORIGIN: &str = "http://localhost:8080";

fn origins() -> Vec<String> {
    vec![ORIGIN.to_owned()]
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn check_made(made: &Value, challenge: &str) -> Result<super::Registered, Invalid> {
    let attestation =
        Attestation { client_data: text(made, "clientData"), attestation: text(made, "attestation") };
    attestation.verify(challenge, &origins())
}

fn check_used(used: &Value, challenge: &str, key: &str, count: u32) -> Result<u32, Invalid> {
    let assertion = Assertion {
        client_data: text(used, "clientData"),
        authenticator_data: text(used, "authenticatorData"),
        signature: text(used, "signatureData"),
    };
    assertion.verify(challenge, &origins(), key, count)
}

#[test]
fn a_credential_is_taken_for_its_challenge_and_its_origin_only() {
    let device = Device::new();
    let made = device.make("abc", ORIGIN);
    let registered = check_made(&made, "abc").unwrap();
    assert_eq!(registered.credential, device.credential());
    assert_eq!(check_made(&made, "abd"), Err(Invalid));
    assert_eq!(check_made(&device.make("abc", "http://localhost:9999"), "abc"), Err(Invalid));
}

#[test]
fn a_statement_with_one_changed_byte_is_refused() {
    let device = Device::new();
    let made = device.make("abc", ORIGIN);
    let bytes = URL_SAFE_NO_PAD.decode(text(&made, "attestation")).unwrap();
    // A byte of the flags, of the key, of the signature.
    for at in [bytes.len() - 1, bytes.len() - 40, 40] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let made = json!({ "clientData": made["clientData"], "attestation": encode(&changed) });
        assert_eq!(check_made(&made, "abc"), Err(Invalid), "byte {at}");
    }
}

#[test]
fn an_assertion_is_good_once_and_only_for_its_own_key() {
    let (device, other) = (Device::new(), Device::new());
    let key = check_made(&device.make("abc", ORIGIN), "abc").unwrap().public_key;
    let used = device.use_it("def", ORIGIN, 5);
    assert_eq!(check_used(&used, "def", &key, 4), Ok(5));
    assert_eq!(check_used(&used, "def", &key, 5), Err(Invalid), "a count that does not grow");
    assert_eq!(check_used(&used, "deg", &key, 4), Err(Invalid));
    assert_eq!(check_used(&other.use_it("def", ORIGIN, 5), "def", &key, 4), Err(Invalid));
}
