//! An authenticator and the data needed to use it.

use crate::value::Value;
use serde::{Deserialize, Serialize};

/// An authenticator: a means to prove an identity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Authenticator {
    /// Its key, which answers use, such as `okta_email`.
    #[cfg_attr(feature = "schema", schemars(example = &"okta_email"))]
    pub key: String,
    /// Its type, such as `email`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(example = &"email"))]
    pub kind: String,
    /// Its name for people.
    #[cfg_attr(feature = "schema", schemars(example = &"Email"))]
    pub display_name: String,
    /// The methods it offers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<AuthenticatorMethod>,
    /// Its masked address or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The password policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<AuthenticatorSettings>,
    /// The data needed to use it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contextual_data: Option<ContextualData>,
}

/// A method of an authenticator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AuthenticatorMethod {
    /// Such as `sms`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(example = &"sms"))]
    pub kind: String,
}

/// Where an authenticator reaches the person, masked by the org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"m***y@example.com"))]
    pub email: Option<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"+1 XXX-XXX-4567"))]
    pub phone_number: Option<String>,
}

/// An authenticator that the person has enrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Enrollment {
    /// The authenticator's key.
    pub key: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name for people.
    pub display_name: String,
    /// Its masked address or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The credential id of a passkey or security key, so that the device finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
}

/// The policy of an authenticator; only passwords have one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticatorSettings {
    /// The characters that a new password must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// Number of former passwords that may not be used again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_count: Option<u32>,
    /// Days until the current password expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_to_expiry: Option<u32>,
}

/// The characters that a new password must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Complexity {
    /// Minimum number of characters.
    pub min_length: u32,
    /// Minimum number of lower-case letters.
    pub min_lower_case: u32,
    /// Minimum number of upper-case letters.
    pub min_upper_case: u32,
    /// Minimum number of digits.
    pub min_number: u32,
    /// Minimum number of symbols.
    pub min_symbol: u32,
    /// Whether the password may not contain parts of the username.
    pub exclude_username: bool,
    /// Attributes whose value the password may not contain, such as `firstName`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_attributes: Vec<String>,
    /// Maximum number of equal characters in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_consecutive_repeating_characters: Option<u32>,
}

/// The data needed to use an authenticator now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ContextualData {
    /// A QR code to scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<QrCode>,
    /// The secret in the QR code, to type in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_secret: Option<String>,
    /// The number to choose on the phone (number challenge).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"63"))]
    pub correct_answer: Option<String>,
    /// How the set-up reaches the device, such as `qrcode`, `email` or `sms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"qrcode"))]
    pub selected_channel: Option<String>,
    /// The e-mail address the set-up was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number the set-up was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether the e-mail also contains a link (magic link).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_email_magic_link: Option<bool>,
    /// The security questions to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The security question to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_question: Option<Question>,
    /// The options with which the browser creates a passkey; binary values in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_types::PasskeyCreation>"))]
    pub activation_data: Option<Value>,
    /// The options with which the browser uses a passkey; binary values in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_types::PasskeyRequest>"))]
    pub challenge_data: Option<Value>,
    /// What the page passes on to Okta Verify on the same device (FastPass), which answers the org itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_types::DeviceChallengeData>"))]
    pub device_challenge: Option<Value>,
}

/// A QR code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QrCode {
    /// The picture, as a `data:` address.
    pub href: String,
}

/// A security question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Question {
    /// Its key at the org.
    pub question_key: String,
    /// Its text.
    pub question: String,
}
