//! Notices of the org that somebody's sessions have ended: OpenID's back-channel logout and Okta's universal logout.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::client::Client;
use crate::config::Context;
use crate::error::Error;
use crate::ion::Ion;
use crate::token::{Flaw, LEEWAY, TokenKind, YOUNGEST, check_audience, moment, open};
use crate::transport::Transport;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A notice that was made longer ago is not believed.
const OLDEST: u64 = 2 * 60;

/// A notice that is the org's, and new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its own name. One that has been seen already is to be refused.
    pub id: String,
    /// For so long at least it could be sent again.
    pub lasts: Duration,
    /// Whose sessions have ended, if it says so.
    pub subject: Option<String>,
    /// Which session has ended, if it says so.
    pub session: Option<String>,
}

impl<T: Transport> Client<T> {
    /// Believes a logout token, or says why not. It names a person or a session.
    pub async fn logout_notice(&self, token: &str, now: SystemTime) -> Result<Notice, Error> {
        let keys = self.keys_for(token, TokenKind::Logout, now, &Context::default()).await?;
        let claims = open(token, &keys, TokenKind::Logout).map_err(Error::Token)?;
        let (claims, client_id) = (claims.root(), &self.config().client_id);
        let notice = notice(claims, &self.discovery().await?.issuer, now).map_err(Error::Token)?;
        check_audience(claims, client_id).map_err(Error::Token)?;
        let is_event = claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Ion::is_members);
        // An id token has a nonce, and must not pass for a notice.
        if !is_event || claims.get("nonce").is_some() {
            return Err(Error::Token(Flaw::Event));
        }
        if notice.subject.is_none() && notice.session.is_none() {
            return Err(Error::Token(Flaw::Subject));
        }
        Ok(notice)
    }

    /// Believes the token with which the org ends everything of a person, or says why not. Whose sessions are meant
    /// stands beside it; it must have been made for this address and for this client.
    pub async fn revocation_notice(
        &self,
        token: &str,
        address: &str,
        now: SystemTime,
    ) -> Result<Notice, Error> {
        let keys = self.keys_for(token, TokenKind::Revocation, now, &Context::default()).await?;
        let claims = open(token, &keys, TokenKind::Revocation).map_err(Error::Token)?;
        let claims = claims.root();
        let notice = notice(claims, &self.discovery().await?.issuer, now).map_err(Error::Token)?;
        check_audience(claims, address).map_err(Error::Token)?;
        if notice.subject.as_deref() != Some(self.config().client_id.as_str()) {
            return Err(Error::Token(Flaw::Subject));
        }
        Ok(Notice { subject: None, session: None, ..notice })
    }
}

/// What both kinds have.
fn notice(claims: Ion<'_>, issuer: &str, now: SystemTime) -> Result<Notice, Flaw> {
    if claims.text("iss") != Some(issuer) {
        return Err(Flaw::Issuer);
    }
    let now = now.duration_since(UNIX_EPOCH).map_err(|_| Flaw::NotYet)?.as_secs();
    let issued = moment(claims, "iat").map_err(|()| Flaw::IssuedAt)?.ok_or(Flaw::IssuedAt)?;
    if issued > now.saturating_add(YOUNGEST) || issued.saturating_add(OLDEST + LEEWAY) < now {
        return Err(Flaw::IssuedAt);
    }
    let expiry = moment(claims, "exp").map_err(|()| Flaw::Expired)?;
    if expiry.is_some_and(|expiry| expiry.saturating_add(LEEWAY) <= now) {
        return Err(Flaw::Expired);
    }
    let start = moment(claims, "nbf").map_err(|()| Flaw::NotYet)?;
    if start.is_some_and(|start| start > now.saturating_add(LEEWAY)) {
        return Err(Flaw::NotYet);
    }
    let text =
        |name: &str| claims.text(name).filter(|text| (1..=255).contains(&text.len())).map(str::to_owned);
    Ok(Notice {
        id: text("jti").ok_or(Flaw::Event)?,
        lasts: Duration::from_secs(OLDEST + LEEWAY + YOUNGEST),
        subject: text("sub"),
        session: text("sid"),
    })
}
