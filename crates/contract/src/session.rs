//! Who is signed in.

use crate::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a person: claims by name.
pub type User = BTreeMap<String, Value>;

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
