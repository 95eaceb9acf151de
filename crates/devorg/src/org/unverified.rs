//! What users have added to their accounts and not confirmed yet: addresses, numbers and passkeys, with the codes sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Everything that is not confirmed yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Unverified {
    /// The addresses, by id.
    pub(crate) emails: BTreeMap<String, UnverifiedEmail>,
    /// The numbers, by id.
    pub(crate) phones: BTreeMap<String, UnverifiedPhone>,
    /// The passkey that each user is about to make, by the user's id.
    pub(crate) passkeys: BTreeMap<String, PasskeyRegistration>,
    /// The last code for each address or number, by its id.
    pub(crate) codes: BTreeMap<String, VerificationCode>,
}

/// The role of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum EmailRole {
    Primary,
    Secondary,
}

/// An address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UnverifiedEmail {
    /// The id of the user.
    pub(crate) user: String,
    pub(crate) address: String,
    pub(crate) role: EmailRole,
}

/// A number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UnverifiedPhone {
    /// The id of the user.
    pub(crate) user: String,
    pub(crate) number: String,
}

/// A passkey that the browser is asked to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PasskeyRegistration {
    pub(crate) challenge: String,
    pub(crate) expires_at: Timestamp,
}

/// A code that was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VerificationCode {
    pub(crate) id: String,
    pub(crate) passcode: String,
    pub(crate) sent_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// How many wrong codes were entered.
    pub(crate) wrong: u32,
    pub(crate) verified: bool,
}
