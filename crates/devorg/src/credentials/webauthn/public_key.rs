//! The public keys of passkeys and attestation certificates.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::base64url::decode;
use super::cbor::Cbor;

/// A public key.
pub(super) enum PublicKey {
    /// The uncompressed point.
    Es256(Vec<u8>),
    Rs256 {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// RSA in the DER form of certificates.
    RsaDer(Vec<u8>),
}

impl PublicKey {
    pub(super) fn of_cose(cose: &Cbor) -> Option<Self> {
        match cose.at(3)?.int()? {
            -7 => Some(Self::Es256([&[4], cose.at(-2)?.bytes()?, cose.at(-3)?.bytes()?].concat())),
            -257 => {
                Some(Self::Rs256 { n: cose.at(-1)?.bytes()?.to_vec(), e: cose.at(-2)?.bytes()?.to_vec() })
            }
            _ => None,
        }
    }

    /// The key of an X.509 certificate: `subjectPublicKeyInfo` is the seventh element of `tbsCertificate`.
    pub(super) fn of_certificate(der: &[u8]) -> Option<Self> {
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
        // The object identifier of elliptic curve keys. Other keys are taken for RSA.
        let is_curve = algorithm.windows(7).any(|w| w == [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
        Some(if is_curve { Self::Es256(key) } else { Self::RsaDer(key) })
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Option<()> {
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

    pub(super) fn write(&self) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Es256(point) => format!("ES256.{}", encode(point)),
            Self::Rs256 { n, e } => format!("RS256.{}.{}", encode(n), encode(e)),
            Self::RsaDer(der) => format!("RSA.{}", encode(der)),
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        match (parts.next()?, decode(parts.next()?)?, parts.next()) {
            ("ES256", point, None) => Some(Self::Es256(point)),
            ("RS256", n, Some(e)) => Some(Self::Rs256 { n, e: decode(e)? }),
            ("RSA", der, None) => Some(Self::RsaDer(der)),
            _ => None,
        }
    }
}

/// Splits DER into tag, content and the rest.
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
