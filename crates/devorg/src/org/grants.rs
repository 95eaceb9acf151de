//! What was granted: codes, access tokens, families of refresh tokens.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::clock::{Moment, minutes};
use crate::org::transaction::{GRANTED, Request, Transaction};
use crate::org::user::Shown;

/// Everything granted that is still good, or was.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    codes: HashMap<String, (Grant, Moment)>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    /// The families that were ended because an old token came back, or by a revocation.
    ended: BTreeSet<String>,
    swept_at: Moment,
}

/// What somebody allowed a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) user: String,
    pub(crate) request: Request,
    pub(crate) shown: Vec<Shown>,
    pub(crate) auth_time: Moment,
    /// Shared by every token that comes of it.
    pub(crate) family: String,
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        (&self.client_id, &self.state, &self.challenge) == (&other.client_id, &other.state, &other.challenge)
    }
}

/// An access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Access {
    pub(crate) grant: Grant,
    pub(crate) scopes: Vec<String>,
    pub(crate) jti: String,
    pub(crate) issued_at: Moment,
    pub(crate) expires_at: Moment,
}

/// A refresh token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Refresh {
    pub(crate) grant: Grant,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: Moment,
    /// When it was first exchanged, if it rotates.
    used_at: Option<Moment>,
}

impl Grants {
    /// Keeps a code, good once and for a minute.
    pub(crate) fn issue(&mut self, code: String, at: &Transaction, now: Moment) {
        let grant = Grant {
            user: at.user_id().unwrap_or_default().to_owned(),
            request: at.request.clone(),
            shown: at.shown.clone(),
            auth_time: at.shown.iter().map(|s| s.at).max().unwrap_or(now),
            family: code.clone(),
        };
        self.codes.insert(code, (grant, now.after(GRANTED)));
    }

    /// Takes a code, which is gone then; a code that comes back ends what came of it.
    pub(crate) fn redeem(&mut self, code: &str, now: Moment) -> Option<Grant> {
        let Some((grant, until)) = self.codes.remove(code) else {
            if self.access.values().any(|a| a.grant.family == code) {
                self.end_family(code);
            }
            return None;
        };
        (now < until).then_some(grant)
    }

    /// Keeps an access token.
    pub(crate) fn keep_access(&mut self, token: String, access: Access) {
        self.access.insert(token, access);
    }

    /// An access token, if it is good.
    pub(crate) fn access(&self, token: &str, now: Moment) -> Option<&Access> {
        self.access.get(token).filter(|a| now < a.expires_at && !self.ended.contains(&a.grant.family))
    }

    /// Keeps a refresh token.
    pub(crate) fn keep_refresh(&mut self, token: String, grant: Grant, scopes: Vec<String>, until: Moment) {
        self.refresh.insert(token, Refresh { grant, scopes, expires_at: until, used_at: None });
    }

    /// A refresh token, if it is good.
    pub(crate) fn refresh(&self, token: &str, now: Moment) -> Option<&Refresh> {
        self.refresh.get(token).filter(|r| now < r.expires_at && !self.ended.contains(&r.grant.family))
    }

    /// Notes that a refresh token was exchanged for the next. Once is fine, and again within the leeway, because an
    /// answer may have been lost; later it means that somebody has a copy, and the whole family ends.
    pub(crate) fn rotate(&mut self, token: &str, leeway: u64, now: Moment) -> bool {
        let Some(refresh) = self.refresh.get_mut(token) else { return false };
        let used_at = *refresh.used_at.get_or_insert(now);
        if now.since(used_at).as_secs() <= leeway {
            return true;
        }
        let family = refresh.grant.family.clone();
        self.end_family(&family);
        false
    }

    /// Revokes a token of this client; one nobody knows is as good as revoked.
    pub(crate) fn revoke(&mut self, token: &str, client_id: &str) {
        if self.access.get(token).is_some_and(|a| a.grant.request.client_id == client_id) {
            self.access.remove(token);
        }
        let family = self.refresh.get(token).filter(|r| r.grant.request.client_id == client_id);
        if let Some(family) = family.map(|r| r.grant.family.clone()) {
            self.end_family(&family);
        }
    }

    /// The clients that hold something of a user's.
    pub(crate) fn clients(&self, user: &str) -> BTreeSet<String> {
        let granted = self.access.values().map(|a| &a.grant).chain(self.refresh.values().map(|r| &r.grant));
        granted.filter(|g| g.user == user).map(|g| g.request.client_id.clone()).collect()
    }

    /// Ends everything of a user.
    pub(crate) fn end(&mut self, user: &str) {
        self.access.retain(|_, a| a.grant.user != user);
        self.refresh.retain(|_, r| r.grant.user != user);
        self.codes.retain(|_, (grant, _)| grant.user != user);
    }

    /// How many tokens are good: access, refresh.
    pub(crate) fn count(&self, now: Moment) -> (usize, usize) {
        let access = self.access.keys().filter(|t| self.access(t, now).is_some()).count();
        (access, self.refresh.keys().filter(|t| self.refresh(t, now).is_some()).count())
    }

    /// Drops what has long expired, now and then.
    pub(crate) fn sweep(&mut self, now: Moment) {
        if now.since(self.swept_at) < minutes(1) {
            return;
        }
        self.swept_at = now;
        self.codes.retain(|_, (_, until)| until.after(minutes(60)) > now);
        self.access.retain(|_, a| a.expires_at.after(minutes(60)) > now);
        self.refresh.retain(|_, r| r.expires_at > now);
    }

    fn end_family(&mut self, family: &str) {
        self.ended.insert(family.to_owned());
        self.access.retain(|_, a| a.grant.family != family);
        self.refresh.retain(|_, r| r.grant.family != family);
    }
}
