//! The door by which tokens leave to be kept: named, so that nothing writes them down by accident.
//!
//! [`Tokens`] does not serialise by itself. Whoever keeps tokens says so, and seals what comes out:
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct SignedIn {
//!     #[serde(with = "latchkey_idx::kept")]
//!     tokens: latchkey_idx::Tokens,
//! }
//! ```

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::secret::Secret;
use crate::token::{IdToken, Tokens};

#[derive(Serialize, Deserialize)]
struct Kept {
    access: String,
    refresh: Option<String>,
    id: Option<(String, Map<String, Value>)>,
    expires_in: Option<u64>,
    scope: Option<String>,
}

/// Writes tokens down, all of them and in full.
pub fn serialize<S: Serializer>(tokens: &Tokens, serializer: S) -> Result<S::Ok, S::Error> {
    let text = |secret: &Secret| secret.reveal().to_owned();
    Kept {
        access: text(&tokens.access_token),
        refresh: tokens.refresh_token.as_ref().map(text),
        id: tokens.id_token.as_ref().map(|id| (text(&id.raw), id.claims.clone())),
        expires_in: tokens.expires_in.map(|lifetime| lifetime.as_secs()),
        scope: tokens.scope.clone(),
    }
    .serialize(serializer)
}

/// Reads tokens that were written down. They are not checked again.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tokens, D::Error> {
    let kept = Kept::deserialize(deserializer)?;
    Ok(Tokens {
        access_token: kept.access.into(),
        refresh_token: kept.refresh.map(Secret::from),
        id_token: kept.id.map(|(raw, claims)| IdToken { raw: raw.into(), claims }),
        expires_in: kept.expires_in.map(Duration::from_secs),
        scope: kept.scope,
    })
}
