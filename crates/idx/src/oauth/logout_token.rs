//! The tokens with which the org ends sessions: OpenID Connect back-channel logout and Okta's Universal Logout.

use std::time::{Duration, SystemTime};

use super::claims::{
    CLOCK_LEEWAY_SECS, MAX_ISSUED_AHEAD_SECS, check_audience, check_issuer, check_not_before, seconds,
    short_text, unix_seconds,
};
use super::jwt::{TokenKind, verified_claims};
use super::keys::KeySet;
use crate::error::TokenError;
use crate::protocol::ion::Ion;

const BACK_CHANNEL_LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const MAX_LOGOUT_TOKEN_AGE_SECS: u64 = 2 * 60;

/// A verified request of the org to end sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutNotice {
    /// Its `jti`. Refuse a notice whose id you have seen before.
    pub id: String,
    /// How long to remember the id: until then the same token would be accepted again.
    pub replay_window: Duration,
    /// The person whose sessions end, if named.
    pub subject: Option<String>,
    /// The session that ends, if named.
    pub session: Option<String>,
}

/// Verifies a back-channel logout token. It names a person or a session.
pub(crate) fn verify_logout_token(
    token: &str,
    keys: &KeySet,
    issuer: &str,
    client_id: &str,
    now: SystemTime,
) -> Result<LogoutNotice, TokenError> {
    let claims = verified_claims(token, keys, TokenKind::Logout)?;
    let claims = claims.root();
    let notice = read_notice(claims, issuer, now)?;
    check_audience(claims, client_id)?;
    let event = claims.get("events").and_then(|events| events.get(BACK_CHANNEL_LOGOUT_EVENT));
    // An id token has a nonce, and must not be accepted as a logout token.
    if !event.is_some_and(Ion::is_object) || claims.get("nonce").is_some() {
        return Err(TokenError::Event);
    }
    if notice.subject.is_none() && notice.session.is_none() {
        return Err(TokenError::Subject);
    }
    Ok(notice)
}

/// Verifies a global token revocation (Universal Logout). The request body names the person, not the token.
pub(crate) fn verify_revocation_token(
    token: &str,
    keys: &KeySet,
    issuer: &str,
    client_id: &str,
    endpoint: &str,
    now: SystemTime,
) -> Result<LogoutNotice, TokenError> {
    let claims = verified_claims(token, keys, TokenKind::Revocation)?;
    let claims = claims.root();
    let notice = read_notice(claims, issuer, now)?;
    check_audience(claims, endpoint)?;
    if notice.subject.as_deref() != Some(client_id) {
        return Err(TokenError::Subject);
    }
    Ok(LogoutNotice { subject: None, session: None, ..notice })
}

fn read_notice(claims: Ion<'_>, issuer: &str, now: SystemTime) -> Result<LogoutNotice, TokenError> {
    check_issuer(claims, issuer)?;
    let now = unix_seconds(now)?;
    let issued = seconds(claims, "iat").map_err(|()| TokenError::IssuedAt)?.ok_or(TokenError::IssuedAt)?;
    if issued > now.saturating_add(MAX_ISSUED_AHEAD_SECS)
        || issued.saturating_add(MAX_LOGOUT_TOKEN_AGE_SECS + CLOCK_LEEWAY_SECS) < now
    {
        return Err(TokenError::IssuedAt);
    }
    let expiry = seconds(claims, "exp").map_err(|()| TokenError::Expired)?;
    if expiry.is_some_and(|expiry| expiry.saturating_add(CLOCK_LEEWAY_SECS) <= now) {
        return Err(TokenError::Expired);
    }
    check_not_before(claims, now)?;
    let text = |name: &str| short_text(claims, name).map(str::to_owned);
    Ok(LogoutNotice {
        id: text("jti").ok_or(TokenError::Event)?,
        replay_window: Duration::from_secs(
            MAX_LOGOUT_TOKEN_AGE_SECS + CLOCK_LEEWAY_SECS + MAX_ISSUED_AHEAD_SECS,
        ),
        subject: text("sub"),
        session: text("sid"),
    })
}
