//! The signed-in person and their sessions.

use crate::value::Values;
use serde::{Deserialize, Serialize};

/// The claims about a person, by name.
pub type User = Values;

/// The response to `GET /api/session`, and to a sign-out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whether a person is signed in. `user` and `expiresAt` are present only then.
    pub authenticated: bool,
    /// The claims of the id token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_types::PersonClaims>"))]
    pub user: Option<User>,
    /// When the session ends at the latest, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// In the response to a sign-out: the org's page that the browser goes on to, which ends the org's own session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_out_href: Option<String>,
}

/// The response to `GET /api/sessions`: the sessions of this person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnSessions {
    /// The newest session first.
    pub sessions: Vec<OwnSession>,
}

/// One session of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OwnSession {
    /// Its id for `DELETE /api/sessions/{id}`. It has no other use.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{24}$")))]
    pub id: String,
    /// Whether it is the session of this request.
    pub current: bool,
    /// When it began, in seconds since 1970.
    pub since: i64,
    /// The IP address it began from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The browser it began in (`User-Agent`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}
