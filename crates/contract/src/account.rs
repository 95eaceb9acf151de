//! The person's own account: what signs them in, and what they may change of it.

use crate::value::Value;
use serde::{Deserialize, Serialize};

/// The response to `GET /api/account`. A member is absent if the org has not granted its scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    /// The password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<AccountPassword>,
    /// The e-mail addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emails: Option<Vec<AccountEmail>>,
    /// The phone numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phones: Option<Vec<AccountPhone>>,
    /// The passkeys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkeys: Option<Vec<AccountPasskey>>,
    /// The authenticators of the org, with what the person has enrolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticators: Option<Vec<AccountAuthenticator>>,
    /// The scopes that this server needs and has not: an administrator grants them to the app, and `LATCHKEY_SCOPES` lists
    /// them.
    pub missing_scopes: Vec<String>,
}

/// The password of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountPassword {
    /// Whether there is one.
    pub is_set: bool,
    /// When it was changed, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<String>,
}

/// An e-mail address of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountEmail {
    /// Its id.
    pub id: String,
    /// The address.
    pub address: String,
    /// Whether codes and notices are sent to it first.
    pub is_primary: bool,
    /// Whether the person has confirmed it.
    pub is_verified: bool,
}

/// A phone number of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountPhone {
    /// Its id.
    pub id: String,
    /// The number, in E.164.
    #[cfg_attr(feature = "schema", schemars(example = &"+15551234567"))]
    pub number: String,
    /// Whether the person has confirmed it.
    pub is_verified: bool,
}

/// A passkey of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountPasskey {
    /// Its id.
    pub id: String,
    /// Its name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The credential id in base64url, by which the person's device knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
    /// When it was made, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last used, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
}

/// An authenticator of the org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountAuthenticator {
    /// Its id.
    pub id: String,
    /// Its key, such as `okta_verify`.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// Whether the person may set it up on a page of the org: `GET /account/authenticators/{id}/set-up` leads there.
    pub can_set_up: bool,
    /// What the person has enrolled.
    pub enrollments: Vec<AccountEnrollment>,
}

/// What a person has enrolled of an authenticator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountEnrollment {
    /// Its id.
    pub id: String,
    /// Its name: the person's own, else the org's.
    pub name: String,
    /// When it was enrolled, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last used, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
    /// Whether the person may remove it on a page of the org: `GET /account/authenticators/{authenticator}/{id}` leads there.
    pub can_remove: bool,
}

/// A code was sent to an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EmailChallenge {
    /// The id of the address.
    pub id: String,
    /// The id of the challenge, which goes back with the code.
    pub challenge: String,
}

/// What the browser makes a new passkey with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyRegistrationOptions {
    /// The options of `navigator.credentials.create()`; binary values in base64url.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema_types::PasskeyCreation"))]
    pub options: Value,
}
