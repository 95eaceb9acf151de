//! A software security key for tests.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Assertion, Attestation, RelyingParty, VerificationFailed, sha256};

/// A security key with one credential.
pub(crate) struct SoftwareKey(EcdsaKeyPair);

const ID: &[u8] = b"the-only-credential";

impl SoftwareKey {
    pub(crate) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    /// The credential id.
    pub(crate) fn credential(&self) -> String {
        encode(ID)
    }

    /// Answers `navigator.credentials.create` with a self-signed attestation.
    pub(crate) fn create(&self, challenge: &str, origin: &str) -> Value {
        let client = client_data("webauthn.create", challenge, origin);
        let mut authenticator = authenticator_data_head(origin, 0x41, 0);
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
    pub(crate) fn get(&self, challenge: &str, origin: &str, count: u8) -> Value {
        let client = client_data("webauthn.get", challenge, origin);
        let authenticator = authenticator_data_head(origin, 0x01, count);
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

fn authenticator_data_head(origin: &str, flags: u8, count: u8) -> Vec<u8> {
    let host = url::Url::parse(origin).unwrap().host_str().unwrap().to_owned();
    let mut authenticator_data_head = sha256(host.as_bytes());
    authenticator_data_head.extend([flags, 0, 0, 0, count]);
    authenticator_data_head
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

const ORIGIN: &str = "http://localhost:8080";

fn party() -> RelyingParty {
    RelyingParty { origins: vec![ORIGIN.to_owned()], id: None }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn verify_created(created: &Value, challenge: &str) -> Result<super::RegisteredPasskey, VerificationFailed> {
    let attestation =
        Attestation { client_data: text(created, "clientData"), attestation: text(created, "attestation") };
    attestation.verify(challenge, &party())
}

fn verify_assertion(
    assertion: &Value,
    challenge: &str,
    key: &str,
    count: u32,
) -> Result<u32, VerificationFailed> {
    let assertion = Assertion {
        client_data: text(assertion, "clientData"),
        authenticator_data: text(assertion, "authenticatorData"),
        signature: text(assertion, "signatureData"),
    };
    assertion.verify(challenge, &party(), key, count)
}

#[test]
fn a_credential_is_accepted_for_its_challenge_and_origin_only() {
    let key = SoftwareKey::new();
    let created = key.create("abc", ORIGIN);
    let registered = verify_created(&created, "abc").unwrap();
    assert_eq!(registered.credential, key.credential());
    assert_eq!(verify_created(&created, "abd"), Err(VerificationFailed));
    assert_eq!(verify_created(&key.create("abc", "http://localhost:9999"), "abc"), Err(VerificationFailed));
}

#[test]
fn a_statement_with_one_changed_byte_is_refused() {
    let key = SoftwareKey::new();
    let created = key.create("abc", ORIGIN);
    let bytes = URL_SAFE_NO_PAD.decode(text(&created, "attestation")).unwrap();
    // One byte each of the signature, the key and the flags.
    for at in [bytes.len() - 1, bytes.len() - 40, 40] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let created = json!({ "clientData": created["clientData"], "attestation": encode(&changed) });
        assert_eq!(verify_created(&created, "abc"), Err(VerificationFailed), "byte {at}");
    }
}

#[test]
fn an_assertion_works_once_and_only_with_its_own_key() {
    let (key, other) = (SoftwareKey::new(), SoftwareKey::new());
    let public_key = verify_created(&key.create("abc", ORIGIN), "abc").unwrap().public_key;
    let assertion = key.get("def", ORIGIN, 5);
    assert_eq!(verify_assertion(&assertion, "def", &public_key, 4), Ok(5));
    let repeated = verify_assertion(&assertion, "def", &public_key, 5);
    assert_eq!(repeated, Err(VerificationFailed), "a signature counter that does not grow");
    assert_eq!(verify_assertion(&assertion, "deg", &public_key, 4), Err(VerificationFailed));
    let of_other = other.get("def", ORIGIN, 5);
    assert_eq!(verify_assertion(&of_other, "def", &public_key, 4), Err(VerificationFailed));
}
