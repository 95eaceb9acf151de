//! Who is signed in, and with what.

use latchkey_idx::{IdToken, Secret, Tokens};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};

/// A person who is signed in, and the tokens that say so.
#[derive(Clone, Serialize, Deserialize)]
pub struct Grant {
    /// For calls on behalf of the person.
    #[serde(with = "under_seal")]
    pub access_token: Secret,
    /// For the next access token.
    #[serde(with = "under_seal::optional")]
    pub refresh_token: Option<Secret>,
    /// What the org says of the person, to be handed back when a session there is to end.
    #[serde(with = "under_seal::optional")]
    pub id_token: Option<Secret>,
    /// The claims in it.
    pub claims: Map<String, Value>,
    /// When the access token is worth nothing any more, if the org has said so.
    pub access_until: Option<SystemTime>,
    /// When the person signed in.
    pub since: SystemTime,
    /// How long the session may last.
    pub within: Within,
}

/// How long a session may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    /// It ends after so much quiet.
    pub idle: Duration,
    /// It ends after so long, whatever happens.
    pub absolute: Duration,
}

impl Grant {
    /// What the tokens say, from now on.
    pub fn new(tokens: Tokens, now: SystemTime, within: Within) -> Self {
        let access_until = tokens.expires_in.map(|lasts| now + lasts);
        let (id_token, claims) = match tokens.id_token {
            Some(id_token) => (Some(id_token.raw), id_token.claims),
            None => (None, Map::new()),
        };
        let Tokens { access_token, refresh_token, .. } = tokens;
        Self { access_token, refresh_token, id_token, claims, access_until, since: now, within }
    }

    /// The same session with the tokens that were given for the refresh token.
    pub fn refreshed(&self, tokens: Tokens, now: SystemTime) -> Self {
        Self { since: self.since, ..Self::new(tokens, now, self.within) }
    }

    /// The tokens, as the org's client takes them.
    pub fn tokens(&self) -> Tokens {
        let raw = self.id_token.clone();
        Tokens {
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
            id_token: raw.map(|raw| IdToken { raw, claims: self.claims.clone() }),
            expires_in: None,
            scope: None,
        }
    }

    /// Whether the access token is still good for so long.
    pub fn is_good_for(&self, margin: Duration, now: SystemTime) -> bool {
        self.access_until.is_none_or(|until| now + margin < until)
    }

    /// Whose session it is.
    pub fn subject(&self) -> Option<&str> {
        self.claims.get("sub").and_then(Value::as_str)
    }

    /// When it ends at the latest.
    pub fn ends(&self) -> SystemTime {
        self.since + self.within.absolute
    }

    /// How long it lives from now, if nothing happens.
    pub fn life(&self, now: SystemTime) -> Duration {
        self.ends().duration_since(now).unwrap_or_default().min(self.within.idle)
    }
}

/// The door by which a token gets into the vault, which seals it, and out again. There is no other.
pub(crate) mod under_seal {
    use latchkey_idx::Secret;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.reveal())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret::from)
    }

    pub(crate) mod optional {
        use latchkey_idx::Secret;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        pub(crate) fn serialize<S: Serializer>(
            secret: &Option<Secret>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            secret.as_ref().map(Secret::reveal).serialize(serializer)
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Secret>, D::Error> {
            Ok(Option::<String>::deserialize(deserializer)?.map(Secret::from))
        }
    }
}
