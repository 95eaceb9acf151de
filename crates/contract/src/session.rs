//! Who is signed in.

use crate::Values;
use serde::{Deserialize, Serialize};

/// What is known of a person: claims by name.
pub type User = Values;

/// The answer of `GET /api/session`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whether somebody is signed in; the other members are there only then.
    pub authenticated: bool,
    /// The claims of the id token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// When the session ends at the latest, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// The answer of `GET /api/sessions`: where else this person is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSessions {
    /// The newest first.
    pub sessions: Vec<OwnSession>,
}

/// One session of the person who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnSession {
    /// Names it in `DELETE /api/sessions/{id}`, and is good for nothing else.
    pub id: String,
    /// It is the one that asks.
    pub current: bool,
    /// When it began, in seconds since 1970.
    pub since: i64,
    /// Where it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The browser it began in, as that names itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}
