//! The checks of an id token (OpenID Connect Core, section 3.1.3.7): all of them, before a person counts as signed in.

use std::time::SystemTime;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;

use super::claims::{
    CLOCK_LEEWAY_SECS, MAX_ISSUED_AHEAD_SECS, check_audience, check_issuer, check_not_before, seconds,
    short_text, unix_seconds,
};
use super::jwt::{TokenKind, verified_claims};
use super::keys::KeySet;
use super::tokens::IdToken;
use crate::error::TokenError;
use crate::protocol::ion::Ion;
use crate::secret::equals_in_constant_time;

const MAX_ID_TOKEN_AGE_SECS: u64 = 10 * 60;
const MAX_ID_TOKEN_LIFETIME_SECS: u64 = 24 * 60 * 60;

/// What an id token must say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequiredClaims<'e> {
    pub(crate) issuer: &'e str,
    pub(crate) client_id: &'e str,
    pub(crate) nonce: ExpectedNonce<'e>,
    /// The person, if already known.
    pub(crate) subject: Option<&'e str>,
    pub(crate) access_token: &'e str,
    pub(crate) code: Option<&'e str>,
    pub(crate) acr_values: Option<&'e str>,
    pub(crate) max_age: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ExpectedNonce<'e> {
    /// The token must contain this nonce.
    Required(&'e str),
    /// A refreshed token may omit the nonce, but may not have another one.
    Optional(Option<&'e str>),
}

/// Checks an id token completely and returns its claims.
pub(crate) fn verify(
    token: &str,
    keys: &KeySet,
    expected: &RequiredClaims<'_>,
    now: SystemTime,
) -> Result<IdToken, TokenError> {
    let claims = verified_claims(token, keys, TokenKind::Id)?;
    check_claims(claims.root(), expected, unix_seconds(now)?)?;
    match claims.root().to_value() {
        Value::Object(claims) => Ok(IdToken { raw: token.into(), claims }),
        _ => Err(TokenError::Shape),
    }
}

fn check_claims(claims: Ion<'_>, expected: &RequiredClaims<'_>, now: u64) -> Result<(), TokenError> {
    check_issuer(claims, expected.issuer)?;
    check_audience(claims, expected.client_id)?;
    check_nonce(claims, expected.nonce)?;
    check_times(claims, now)?;
    let subject = short_text(claims, "sub").ok_or(TokenError::Subject)?;
    if expected.subject.is_some_and(|known| known != subject) {
        return Err(TokenError::Subject);
    }
    check_hash(claims, "at_hash", Some(expected.access_token))?;
    check_hash(claims, "c_hash", expected.code)?;
    check_assurance(claims, expected, now)
}

fn check_nonce(claims: Ion<'_>, expected: ExpectedNonce<'_>) -> Result<(), TokenError> {
    let is_expected = match (expected, claims.get("nonce")) {
        (ExpectedNonce::Required(nonce) | ExpectedNonce::Optional(Some(nonce)), Some(claim)) => {
            is_same_text(claim, nonce)
        }
        (ExpectedNonce::Optional(_), claim) => claim.is_none(),
        (ExpectedNonce::Required(_), None) => false,
    };
    if is_expected { Ok(()) } else { Err(TokenError::Nonce) }
}

fn check_times(claims: Ion<'_>, now: u64) -> Result<(), TokenError> {
    let expiry = seconds(claims, "exp").map_err(|()| TokenError::Expired)?.ok_or(TokenError::Expired)?;
    let issued = seconds(claims, "iat").map_err(|()| TokenError::IssuedAt)?.ok_or(TokenError::IssuedAt)?;
    if expiry.saturating_add(CLOCK_LEEWAY_SECS) <= now {
        return Err(TokenError::Expired);
    }
    if issued > now.saturating_add(MAX_ISSUED_AHEAD_SECS)
        || issued < now.saturating_sub(MAX_ID_TOKEN_AGE_SECS)
    {
        return Err(TokenError::IssuedAt);
    }
    if expiry <= issued || expiry - issued > MAX_ID_TOKEN_LIFETIME_SECS {
        return Err(TokenError::Lifetime);
    }
    check_not_before(claims, now)
}

/// A hash that is present must match. Okta leaves `c_hash` out.
fn check_hash(claims: Ion<'_>, name: &str, hashed: Option<&str>) -> Result<(), TokenError> {
    match (claims.get(name), hashed) {
        (None, _) => Ok(()),
        (Some(claim), Some(hashed)) if is_same_text(claim, &half_hash(hashed)) => Ok(()),
        (Some(_), _) => Err(TokenError::Hash),
    }
}

/// The requested assurance: the age of the sign-in and its authentication context class.
fn check_assurance(claims: Ion<'_>, expected: &RequiredClaims<'_>, now: u64) -> Result<(), TokenError> {
    if let Some(max_age) = expected.max_age {
        let signed_in = seconds(claims, "auth_time").map_err(|()| TokenError::AuthTime)?;
        let signed_in = signed_in.ok_or(TokenError::AuthTime)?;
        if now > signed_in.saturating_add(max_age).saturating_add(CLOCK_LEEWAY_SECS) {
            return Err(TokenError::AuthTime);
        }
    }
    let is_reached =
        |acr_values: &str| claims.text("acr").is_some_and(|acr| acr_values.split(' ').any(|one| one == acr));
    if expected.acr_values.is_none_or(is_reached) { Ok(()) } else { Err(TokenError::Acr) }
}

/// The left half of the SHA-256, as `at_hash` and `c_hash` contain it.
fn half_hash(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    BASE64.encode(hash.as_ref().get(..16).unwrap_or_default())
}

fn is_same_text(claim: Ion<'_>, text: &str) -> bool {
    claim.as_text().is_some_and(|claim| equals_in_constant_time(claim, text))
}
