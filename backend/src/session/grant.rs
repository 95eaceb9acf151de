//! Who is signed in, and with what.

use latchkey_idx::{IdToken, Secret, Tokens};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};

/// An access token is renewed when so much of its life is over, each at a moment of its own: what many were given at
/// once is not to be renewed at once.
const RENEW_AFTER_PART: f64 = 0.72;
const RENEW_SPREAD: f64 = 0.16;

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
    /// From when on whoever needs it renews it first.
    #[serde(default)]
    pub renew_from: Option<SystemTime>,
    /// When the person signed in.
    pub since: SystemTime,
    /// How long the session may last.
    pub within: SessionLifetime,
    /// Whether the list of the person's sessions has it with these tokens; if not, it is entered at the next use.
    #[serde(default)]
    pub is_listed: bool,
}

/// How long a session may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLifetime {
    /// It ends after so much quiet.
    pub idle: Duration,
    /// It ends after so long, whatever happens.
    pub absolute: Duration,
}

/// How long things may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// A session.
    pub within: SessionLifetime,
    /// An access token that ends sooner than this is renewed before it is used.
    pub renew_before: Duration,
}

impl Grant {
    /// What the tokens say, from now on.
    pub fn new(tokens: Tokens, now: SystemTime, lifetimes: Lifetimes) -> Self {
        let access_until = tokens.expires_in.map(|lasts| now + lasts);
        let renew_from = tokens.expires_in.map(|lasts| {
            let worn = lasts.mul_f64(RENEW_AFTER_PART + RENEW_SPREAD * chance_in(&tokens.access_token));
            now + worn.min(lasts.saturating_sub(lifetimes.renew_before))
        });
        let (id_token, claims) = match tokens.id_token {
            Some(id_token) => (Some(id_token.raw), id_token.claims),
            None => (None, Map::new()),
        };
        let Tokens { access_token, refresh_token, .. } = tokens;
        let within = lifetimes.within;
        Self {
            access_token,
            refresh_token,
            id_token,
            claims,
            access_until,
            renew_from,
            since: now,
            within,
            is_listed: false,
        }
    }

    /// The same, now that the list of the person's sessions has it.
    pub fn entered(&self) -> Self {
        Self { is_listed: true, ..self.clone() }
    }

    /// The same session with the tokens that were given for the refresh token.
    pub fn refreshed(&self, tokens: Tokens, now: SystemTime, lifetimes: Lifetimes) -> Self {
        Self { since: self.since, within: self.within, ..Self::new(tokens, now, lifetimes) }
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

    /// Whether the access token is still worth something.
    pub fn is_good(&self, now: SystemTime) -> bool {
        self.access_until.is_none_or(|until| now < until)
    }

    /// Whether the access token is to be renewed before it is used.
    pub fn is_due(&self, now: SystemTime) -> bool {
        self.renew_from.or(self.access_until).is_some_and(|from| from <= now)
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

/// A number from 0 to 1 that each token has by itself.
fn chance_in(token: &Secret) -> f64 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.reveal().as_bytes());
    match digest.as_ref() {
        [high, low, ..] => f64::from(u16::from_be_bytes([*high, *low])) / f64::from(u16::MAX),
        _ => 0.0,
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

#[cfg(test)]
mod tests {
    use super::{Grant, Lifetimes, SessionLifetime};
    use latchkey_idx::Tokens;
    use std::time::{Duration, SystemTime};

    fn granted(token: &str, lasts: u64, now: SystemTime) -> Grant {
        let hour = Duration::from_secs(3600);
        let lifetimes = Lifetimes {
            within: SessionLifetime { idle: hour, absolute: hour },
            renew_before: Duration::from_secs(30),
        };
        let tokens = Tokens {
            access_token: token.into(),
            refresh_token: None,
            id_token: None,
            expires_in: Some(Duration::from_secs(lasts)),
            scope: None,
        };
        Grant::new(tokens, now, lifetimes)
    }

    #[test]
    fn rel_22_ten_thousand_tokens_of_one_moment_are_not_renewed_in_one_moment() {
        let now = SystemTime::now();
        let mut in_each_minute = [0; 60];
        for number in 0..10_000 {
            let grant = granted(&format!("token {number}"), 3600, now);
            let from = grant.renew_from.unwrap();
            assert!(!grant.is_due(from - Duration::from_nanos(1)) && grant.is_due(from));
            in_each_minute[usize::try_from(from.duration_since(now).unwrap().as_secs() / 60).unwrap()] += 1;
        }
        assert_eq!(in_each_minute[..43].iter().chain(&in_each_minute[53..]).sum::<i32>(), 0, "80 % ± 8 %");
        assert!(in_each_minute.iter().all(|renewed| *renewed < 1_300), "{in_each_minute:?}");
    }

    #[test]
    fn rel_22_a_short_life_is_not_over_before_it_has_begun() {
        let now = SystemTime::now();
        for lasts in [31, 60, 120, 300] {
            let grant = granted("token", lasts, now);
            assert!(!grant.is_due(now), "{lasts} s");
            assert!(grant.is_due(now + Duration::from_secs(lasts - 30)) && grant.is_good(now), "{lasts} s");
        }
    }
}
