//! Serialises tokens in the clear, for `#[serde(with)]`.
//!
//! [`Tokens`] has no `Serialize` of its own, so that nothing writes tokens by accident. Name this module where you store
//! them, and seal the result:
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct SignedIn {
//!     #[serde(with = "latchkey_idx::serde_tokens")]
//!     tokens: latchkey_idx::Tokens,
//! }
//! ```

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::tokens::{IdToken, Tokens};
use crate::secret::Secret;

#[derive(Serialize, Deserialize)]
struct TokensRecord {
    access: String,
    refresh: Option<String>,
    id: Option<(String, Map<String, Value>)>,
    expires_in: Option<u64>,
    scope: Option<String>,
}

/// Writes the tokens, completely and in the clear.
pub fn serialize<S: Serializer>(tokens: &Tokens, serializer: S) -> Result<S::Ok, S::Error> {
    let text = |secret: &Secret| secret.reveal().to_owned();
    TokensRecord {
        access: text(&tokens.access_token),
        refresh: tokens.refresh_token.as_ref().map(text),
        id: tokens.id_token.as_ref().map(|id| (text(&id.raw), id.claims.clone())),
        expires_in: tokens.expires_in.map(|lifetime| lifetime.as_secs()),
        scope: tokens.scope.clone(),
    }
    .serialize(serializer)
}

/// Reads stored tokens. They are not checked again.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tokens, D::Error> {
    let record = TokensRecord::deserialize(deserializer)?;
    Ok(Tokens {
        access_token: record.access.into(),
        refresh_token: record.refresh.map(Secret::from),
        id_token: record.id.map(|(raw, claims)| IdToken { raw: raw.into(), claims }),
        expires_in: record.expires_in.map(Duration::from_secs),
        scope: record.scope,
    })
}
