//! What users prove themselves with: how each credential is made and checked.

pub(crate) mod base32;
pub(crate) mod constant_time;
pub(crate) mod password;
pub(crate) mod qr_code;
pub(crate) mod totp;
pub(crate) mod webauthn;
