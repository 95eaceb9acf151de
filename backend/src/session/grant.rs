//! The grant of a signed-in person: tokens and claims, and how long they last.

use latchkey_idx::{IdToken, Secret, Tokens};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// An access token is refreshed when this part of its life is over.
const REFRESH_AFTER_PART: f64 = 0.72;
/// The moment varies by this part, so that tokens that were issued together are not refreshed together.
const REFRESH_SPREAD: f64 = 0.16;

/// The tokens and claims of a signed-in person.
#[derive(Clone, Serialize, Deserialize)]
pub struct Grant {
    /// For calls on behalf of the person.
    #[serde(with = "under_seal")]
    pub access_token: Secret,
    /// For the next access token.
    #[serde(with = "under_seal::optional")]
    pub refresh_token: Option<Secret>,
    /// The signed claims, which the org wants back when its own session is to end.
    #[serde(with = "under_seal::optional")]
    pub id_token: Option<Secret>,
    /// The claims in the id token.
    pub claims: Map<String, Value>,
    /// When the access token expires, if the org has said so.
    pub access_until: Option<SystemTime>,
    /// From when on the access token is refreshed before it is used.
    #[serde(default, rename = "renew_from")]
    pub refresh_from: Option<SystemTime>,
    /// When the person signed in.
    pub since: SystemTime,
    /// How long the session may last.
    #[serde(rename = "within")]
    pub lifetime: SessionLifetime,
    /// Whether the person's session index has the session with these tokens; if not, it is entered at the next use.
    #[serde(default, rename = "is_listed")]
    pub is_indexed: bool,
    /// Whether the person chose "Keep me signed in": the session cookie outlives the browser.
    #[serde(default)]
    pub stays_signed_in: bool,
}

/// How long a session may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLifetime {
    /// It ends after this long without use.
    pub idle: Duration,
    /// It ends after this long in any case.
    pub absolute: Duration,
}

/// How long sessions and tokens last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// A session.
    pub session: SessionLifetime,
    /// An access token that expires sooner than this is refreshed before it is used.
    pub refresh_before: Duration,
}

impl Grant {
    /// The grant of tokens that were issued now.
    pub fn new(tokens: Tokens, now: SystemTime, lifetimes: Lifetimes) -> Self {
        let access_until = tokens.expires_in.map(|lifetime| now + lifetime);
        let refresh_from = tokens.expires_in.map(|lifetime| {
            let age = lifetime.mul_f64(REFRESH_AFTER_PART + REFRESH_SPREAD * spread_of(&tokens.access_token));
            now + age.min(lifetime.saturating_sub(lifetimes.refresh_before))
        });
        let (id_token, claims) = match tokens.id_token {
            Some(id_token) => (Some(id_token.raw), id_token.claims),
            None => (None, Map::new()),
        };
        let Tokens { access_token, refresh_token, .. } = tokens;
        Self {
            access_token,
            refresh_token,
            id_token,
            claims,
            access_until,
            refresh_from,
            since: now,
            lifetime: lifetimes.session,
            is_indexed: false,
            stays_signed_in: false,
        }
    }

    /// The same, now that the person's session index has it.
    pub fn indexed(&self) -> Self {
        Self { is_indexed: true, ..self.clone() }
    }

    /// The same session with the tokens that the refresh token was exchanged for.
    pub fn refreshed(&self, tokens: Tokens, now: SystemTime, lifetimes: Lifetimes) -> Self {
        Self {
            since: self.since,
            lifetime: self.lifetime,
            stays_signed_in: self.stays_signed_in,
            ..Self::new(tokens, now, lifetimes)
        }
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

    /// Whether the access token has not expired.
    pub fn is_valid(&self, now: SystemTime) -> bool {
        self.access_until.is_none_or(|until| now < until)
    }

    /// Whether the access token is to be refreshed before it is used.
    pub fn is_due(&self, now: SystemTime) -> bool {
        self.refresh_from.or(self.access_until).is_some_and(|from| from <= now)
    }

    /// The person's subject.
    pub fn subject(&self) -> Option<&str> {
        self.claims.get("sub").and_then(Value::as_str)
    }

    /// When it ends at the latest.
    pub fn ends(&self) -> SystemTime {
        self.since + self.lifetime.absolute
    }

    /// How long it lives from now if nothing happens.
    pub fn life(&self, now: SystemTime) -> Duration {
        self.ends().duration_since(now).unwrap_or_default().min(self.lifetime.idle)
    }
}

/// A number from 0 to 1 that depends on the token alone.
fn spread_of(token: &Secret) -> f64 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.reveal().as_bytes());
    match digest.as_ref() {
        [high, low, ..] => f64::from(u16::from_be_bytes([*high, *low])) / f64::from(u16::MAX),
        _ => 0.0,
    }
}

/// Seconds since 1970.
pub(crate) fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// How a token is written into a record that the vault seals, and read from it; the only way that a token is stored.
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

#[cfg(test)]
mod tests {
    use super::{Grant, Lifetimes, SessionLifetime};
    use latchkey_idx::Tokens;
    use std::time::{Duration, SystemTime};

    fn granted(token: &str, lifetime: u64, now: SystemTime) -> Grant {
        let hour = Duration::from_secs(3600);
        let lifetimes = Lifetimes {
            session: SessionLifetime { idle: hour, absolute: hour },
            refresh_before: Duration::from_secs(30),
        };
        let tokens = Tokens {
            access_token: token.into(),
            refresh_token: None,
            id_token: None,
            expires_in: Some(Duration::from_secs(lifetime)),
            scope: None,
        };
        Grant::new(tokens, now, lifetimes)
    }

    #[test]
    fn rel_22_ten_thousand_tokens_of_one_moment_are_not_refreshed_in_one_moment() {
        let now = SystemTime::now();
        let mut in_each_minute = [0; 60];
        for number in 0..10_000 {
            let grant = granted(&format!("token {number}"), 3600, now);
            let from = grant.refresh_from.unwrap();
            assert!(!grant.is_due(from - Duration::from_nanos(1)) && grant.is_due(from));
            in_each_minute[usize::try_from(from.duration_since(now).unwrap().as_secs() / 60).unwrap()] += 1;
        }
        assert_eq!(in_each_minute[..43].iter().chain(&in_each_minute[53..]).sum::<i32>(), 0, "80 % ± 8 %");
        assert!(in_each_minute.iter().all(|refreshed| *refreshed < 1_300), "{in_each_minute:?}");
    }

    #[test]
    fn rel_22_a_token_with_a_short_life_is_not_due_at_once() {
        let now = SystemTime::now();
        for lifetime in [31, 60, 120, 300] {
            let grant = granted("token", lifetime, now);
            assert!(!grant.is_due(now), "{lifetime} s");
            assert!(
                grant.is_due(now + Duration::from_secs(lifetime - 30)) && grant.is_valid(now),
                "{lifetime} s"
            );
        }
    }
}
