//! What the MyAccount API shows. Members that are not named here are dropped; a missing one is empty.

use serde::Deserialize;
use serde_json::Value;

/// An e-mail address of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnEmail {
    /// Its id.
    pub id: String,
    /// The address.
    pub address: String,
    /// Its roles, such as `PRIMARY`.
    pub roles: Vec<String>,
    /// Whether the person has confirmed it.
    pub is_verified: bool,
    /// The challenge that was sent to it, by id.
    pub challenge: Option<String>,
}

/// A phone number of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPhone {
    /// Its id.
    pub id: String,
    /// The number, in E.164.
    pub number: String,
    /// Whether the person has confirmed it.
    pub is_verified: bool,
}

/// The password of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPassword {
    /// Whether there is one.
    pub is_set: bool,
    /// When it was changed, in RFC 3339.
    pub changed_at: Option<String>,
}

/// A passkey of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPasskey {
    /// Its id.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The credential id in base64url, by which the person's device knows it.
    pub credential_id: Option<String>,
    /// When it was made, in RFC 3339.
    pub created_at: Option<String>,
    /// When it was last used, in RFC 3339.
    pub last_used_at: Option<String>,
}

/// An authenticator of the org, with what the person has enrolled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnAuthenticator {
    /// Its id.
    pub id: String,
    /// Its key, such as `okta_verify`.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// The org's page on which the person sets it up, if they may.
    pub set_up_page: Option<String>,
    /// What the person has enrolled.
    pub enrollments: Vec<OwnEnrollment>,
}

/// An enrolment of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnEnrollment {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The name that the person gave it.
    pub nickname: Option<String>,
    /// When it was enrolled, in RFC 3339.
    pub created_at: Option<String>,
    /// When it was last used, in RFC 3339.
    pub last_used_at: Option<String>,
    /// The org's page on which the person removes it, if they may.
    pub removal_page: Option<String>,
}

/// What the browser makes a passkey with (WebAuthn `PublicKeyCredentialCreationOptionsJSON`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PasskeyOptions(pub Value);

/// What the browser has made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPasskey {
    /// The client data, in base64url.
    pub client_data: String,
    /// The attestation object, in base64url.
    pub attestation: String,
    /// How the browser reaches the device, as JSON text.
    pub transports: Option<String>,
    /// The extensions' results, as JSON text.
    pub client_extensions: Option<String>,
}

/// How a code reaches a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneMethod {
    /// By text message.
    Sms,
    /// By a call.
    Voice,
}

impl PhoneMethod {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Voice => "CALL",
        }
    }
}

/// A resource that can be read from its JSON.
pub(crate) trait Resource: Default {
    fn read(json: &Value) -> Self;
}

impl Resource for OwnEmail {
    fn read(json: &Value) -> Self {
        let roles = json.get("roles").and_then(Value::as_array).into_iter().flatten();
        Self {
            id: text(json, "/id").unwrap_or_default(),
            address: text(json, "/profile/email").unwrap_or_default(),
            roles: roles.filter_map(Value::as_str).map(str::to_owned).collect(),
            is_verified: is_verified(json),
            challenge: text(json, "/_links/verify/href").as_deref().and_then(challenge_of),
        }
    }
}

impl Resource for OwnPhone {
    fn read(json: &Value) -> Self {
        Self {
            id: text(json, "/id").unwrap_or_default(),
            number: text(json, "/profile/phoneNumber").unwrap_or_default(),
            is_verified: is_verified(json),
        }
    }
}

impl Resource for OwnPassword {
    fn read(json: &Value) -> Self {
        Self {
            is_set: text(json, "/status").is_some_and(|status| status != "NOT_ENROLLED"),
            changed_at: text(json, "/lastUpdated"),
        }
    }
}

impl Resource for OwnPasskey {
    fn read(json: &Value) -> Self {
        Self {
            id: text(json, "/id").unwrap_or_default(),
            name: text(json, "/name").or_else(|| text(json, "/profile/authenticatorName")),
            credential_id: text(json, "/profile/credentialId").or_else(|| text(json, "/credentialId")),
            created_at: text(json, "/created"),
            last_used_at: text(json, "/lastChallenged"),
        }
    }
}

impl Resource for OwnAuthenticator {
    fn read(json: &Value) -> Self {
        let is_enrollable = json.get("enrollable").and_then(Value::as_bool).unwrap_or_default();
        let enrollments = json.pointer("/_embedded/enrollments").and_then(Value::as_array);
        Self {
            id: text(json, "/id").unwrap_or_default(),
            key: text(json, "/key").unwrap_or_default(),
            name: text(json, "/name").unwrap_or_default(),
            set_up_page: text(json, "/_links/enroll/href").filter(|_| is_enrollable),
            enrollments: enrollments.into_iter().flatten().map(OwnEnrollment::read).collect(),
        }
    }
}

impl Resource for OwnEnrollment {
    fn read(json: &Value) -> Self {
        let can_unenroll = json.get("canUnenroll").and_then(Value::as_bool).unwrap_or_default();
        Self {
            id: text(json, "/id").unwrap_or_default(),
            name: text(json, "/name").unwrap_or_default(),
            nickname: text(json, "/nickname"),
            created_at: text(json, "/created"),
            last_used_at: text(json, "/lastChallenged"),
            removal_page: text(json, "/_links/unenroll/href").filter(|_| can_unenroll),
        }
    }
}

impl Resource for PasskeyOptions {
    fn read(json: &Value) -> Self {
        Self(json.get("options").cloned().unwrap_or_default())
    }
}

/// The id of a challenge, which is nowhere but in the address of its `verify` link.
pub(crate) fn challenge_of(href: &str) -> Option<String> {
    let mut segments = href.split(['?', '#']).next()?.rsplit('/');
    let is_verify = segments.next() == Some("verify");
    segments.next().filter(|id| is_verify && !id.is_empty()).map(str::to_owned)
}

fn is_verified(json: &Value) -> bool {
    text(json, "/status").as_deref() == Some("VERIFIED")
}

fn text(json: &Value, pointer: &str) -> Option<String> {
    json.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ApiErrorBody {
    pub(crate) error_code: Option<String>,
    pub(crate) error_summary: String,
    pub(crate) error_causes: Vec<ErrorCause>,
}

/// One cause of a refusal.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ErrorCause {
    pub(crate) error_summary: String,
}
