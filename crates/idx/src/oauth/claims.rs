//! The checks that the claims of every signed token share: issuer, audience and times.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::TokenError;
use crate::protocol::ion::Ion;

/// Two clocks may differ by this much.
pub(crate) const CLOCK_LEEWAY_SECS: u64 = 30;
/// A token may be issued this far in the future, by the clock of this process.
pub(crate) const MAX_ISSUED_AHEAD_SECS: u64 = 60;
/// The longest subject, as OpenID Connect limits it.
const MAX_SUBJECT_BYTES: usize = 255;

pub(crate) fn check_issuer(claims: Ion<'_>, issuer: &str) -> Result<(), TokenError> {
    if claims.text("iss") == Some(issuer) { Ok(()) } else { Err(TokenError::Issuer) }
}

/// The audience must be this one alone, and the authorised party (`azp`), if any, the same.
pub(crate) fn check_audience(claims: Ion<'_>, audience: &str) -> Result<(), TokenError> {
    let is_only_audience = claims.get("aud").is_some_and(|aud| {
        let mut items = aud.items();
        let single = items.next().filter(|_| items.next().is_none());
        aud.as_text().or_else(|| single?.as_text()) == Some(audience)
    });
    let is_authorised_party = claims.get("azp").is_none_or(|party| party.as_text() == Some(audience));
    if is_only_audience && is_authorised_party { Ok(()) } else { Err(TokenError::Audience) }
}

pub(crate) fn check_not_before(claims: Ion<'_>, now: u64) -> Result<(), TokenError> {
    match seconds(claims, "nbf").map_err(|()| TokenError::NotYet)? {
        Some(start) if start > now.saturating_add(CLOCK_LEEWAY_SECS) => Err(TokenError::NotYet),
        _ => Ok(()),
    }
}

/// A text claim of a length that OpenID Connect allows for a subject.
pub(crate) fn short_text<'c>(claims: Ion<'c>, name: &str) -> Option<&'c str> {
    claims.text(name).filter(|text| (1..=MAX_SUBJECT_BYTES).contains(&text.len()))
}

/// A time claim in whole seconds. Texts, fractions and negative numbers are errors.
pub(crate) fn seconds(claims: Ion<'_>, name: &str) -> Result<Option<u64>, ()> {
    claims.get(name).map(|value| value.as_u64().ok_or(())).transpose()
}

pub(crate) fn unix_seconds(now: SystemTime) -> Result<u64, TokenError> {
    now.duration_since(UNIX_EPOCH).map(|since| since.as_secs()).map_err(|_| TokenError::NotYet)
}
