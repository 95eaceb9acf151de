//! Authorization codes, access tokens and refresh token families.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, minutes};
use crate::org::transaction::{CODE_LIFETIME, InteractRequest, Transaction};
use crate::org::user::VerifiedFactor;

/// All codes and tokens, expired ones included for a while.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    codes: HashMap<String, (UserGrant, Timestamp)>,
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
    /// Families revoked, or ended because a used refresh token came back.
    ended_families: BTreeSet<String>,
    swept_at: Timestamp,
}

/// A user's grant to a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UserGrant {
    pub(crate) user: String,
    pub(crate) request: InteractRequest,
    pub(crate) verified: Vec<VerifiedFactor>,
    pub(crate) auth_time: Timestamp,
    /// The token family: the code that all these tokens stem from.
    pub(crate) family: String,
}

impl UserGrant {
    /// What the user of a transaction grants its client.
    pub(crate) fn of(transaction: &Transaction, family: String, now: Timestamp) -> Self {
        Self {
            user: transaction.user_id().unwrap_or_default().to_owned(),
            request: transaction.request.clone(),
            verified: transaction.verified.clone(),
            auth_time: transaction.verified.iter().map(|s| s.at).max().unwrap_or(now),
            family,
        }
    }
}

impl PartialEq for InteractRequest {
    fn eq(&self, other: &Self) -> bool {
        (&self.client_id, &self.state, &self.challenge) == (&other.client_id, &other.state, &other.challenge)
    }
}

/// An access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) grant: UserGrant,
    pub(crate) scopes: Vec<String>,
    pub(crate) jti: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// A refresh token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) grant: UserGrant,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: Timestamp,
    /// When it was first exchanged, if it rotates.
    used_at: Option<Timestamp>,
}

impl Grants {
    /// Issues a code. It works once, for a minute.
    pub(crate) fn issue(&mut self, code: String, transaction: &Transaction, now: Timestamp) {
        let grant = UserGrant::of(transaction, code.clone(), now);
        self.codes.insert(code, (grant, now.after(CODE_LIFETIME)));
    }

    /// Redeems a code. A second redemption ends the whole family (RFC 6749, 4.1.2).
    pub(crate) fn redeem(&mut self, code: &str, now: Timestamp) -> Option<UserGrant> {
        let Some((grant, until)) = self.codes.remove(code) else {
            if self.access.values().any(|a| a.grant.family == code) {
                self.end_family(code);
            }
            return None;
        };
        (now < until).then_some(grant)
    }

    /// Stores an access token.
    pub(crate) fn add_access_token(&mut self, token: String, access: AccessToken) {
        self.access.insert(token, access);
    }

    /// The access token, if it is valid.
    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Option<&AccessToken> {
        self.access
            .get(token)
            .filter(|a| now < a.expires_at && !self.ended_families.contains(&a.grant.family))
    }

    /// Stores a refresh token.
    pub(crate) fn add_refresh_token(
        &mut self,
        token: String,
        grant: UserGrant,
        scopes: Vec<String>,
        until: Timestamp,
    ) {
        self.refresh.insert(token, RefreshToken { grant, scopes, expires_at: until, used_at: None });
    }

    /// The refresh token, if it is valid.
    pub(crate) fn refresh(&self, token: &str, now: Timestamp) -> Option<&RefreshToken> {
        self.refresh
            .get(token)
            .filter(|r| now < r.expires_at && !self.ended_families.contains(&r.grant.family))
    }

    /// Rotates a refresh token. A second use is accepted within `leeway` seconds, because a response may be lost; later it
    /// means that the token was copied, and the family ends.
    pub(crate) fn rotate(&mut self, token: &str, leeway: u64, now: Timestamp) -> bool {
        let Some(refresh) = self.refresh.get_mut(token) else { return false };
        let used_at = *refresh.used_at.get_or_insert(now);
        if now.since(used_at).as_secs() <= leeway {
            return true;
        }
        let family = refresh.grant.family.clone();
        self.end_family(&family);
        false
    }

    /// Revokes a token of this client. An unknown token counts as revoked.
    pub(crate) fn revoke(&mut self, token: &str, client_id: &str) {
        if self.access.get(token).is_some_and(|a| a.grant.request.client_id == client_id) {
            self.access.remove(token);
        }
        let family = self.refresh.get(token).filter(|r| r.grant.request.client_id == client_id);
        if let Some(family) = family.map(|r| r.grant.family.clone()) {
            self.end_family(&family);
        }
    }

    /// The clients that hold tokens of a user.
    pub(crate) fn clients(&self, user: &str) -> BTreeSet<String> {
        let granted = self.access.values().map(|a| &a.grant).chain(self.refresh.values().map(|r| &r.grant));
        granted.filter(|g| g.user == user).map(|g| g.request.client_id.clone()).collect()
    }

    /// Removes all codes and tokens of a user.
    pub(crate) fn remove_user(&mut self, user: &str) {
        self.access.retain(|_, a| a.grant.user != user);
        self.refresh.retain(|_, r| r.grant.user != user);
        self.codes.retain(|_, (grant, _)| grant.user != user);
    }

    /// The numbers of valid access and refresh tokens.
    pub(crate) fn count(&self, now: Timestamp) -> (usize, usize) {
        let access = self.access.keys().filter(|t| self.access(t, now).is_some()).count();
        (access, self.refresh.keys().filter(|t| self.refresh(t, now).is_some()).count())
    }

    /// Drops what expired an hour ago, at most once a minute.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        if now.since(self.swept_at) < minutes(1) {
            return;
        }
        self.swept_at = now;
        self.codes.retain(|_, (_, until)| until.after(minutes(60)) > now);
        self.access.retain(|_, a| a.expires_at.after(minutes(60)) > now);
        self.refresh.retain(|_, r| r.expires_at > now);
    }

    fn end_family(&mut self, family: &str) {
        self.ended_families.insert(family.to_owned());
        self.access.retain(|_, a| a.grant.family != family);
        self.refresh.retain(|_, r| r.grant.family != family);
    }
}
