//! The person who is signed in with the session that calls, and access tokens that are valid.

use super::{
    Browser, Grant, Sessions, StoredRecord, index,
    lease::{LEASE_WAIT_TIMEOUT, Lease, LeaseWatcher},
    revocations,
};
use crate::http::ApiError;
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use latchkey_contract::ProblemCode;
use latchkey_idx::{CallContext, Error, Secret};
use latchkey_vault::Commit;
use std::{
    ops::Deref,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// A life is extended only when this part of the idle time has passed, so that not every call writes.
const TOUCH_PART_OF_IDLE: u32 = 20;

/// A person who is signed in.
pub struct SignedIn {
    stored: StoredRecord,
    grant: Grant,
}

impl SignedIn {
    /// The person with this browser's session, if one is signed in. The session's idle time starts again.
    pub async fn find(
        sessions: &Sessions,
        browser: &Browser,
        now: SystemTime,
    ) -> Result<Option<Self>, ApiError> {
        let found = Self::look(sessions, browser, now).await?;
        let Some(mut signed_in) = found else { return Ok(None) };
        if !signed_in.grant.is_indexed {
            signed_in.enter(sessions, now).await?;
        }
        let idle = signed_in.grant.life(now).saturating_sub(signed_in.stored.remaining());
        if idle > signed_in.grant.lifetime.idle / TOUCH_PART_OF_IDLE {
            signed_in.stored.touch(now).await?;
        }
        Ok(Some(signed_in))
    }

    /// The same for a page that polls: the idle time goes on.
    pub async fn look(
        sessions: &Sessions,
        browser: &Browser,
        now: SystemTime,
    ) -> Result<Option<Self>, ApiError> {
        let Some(handle) = browser.handle() else { return Ok(None) };
        let Some(stored) = StoredRecord::find(&sessions.vault, handle).await? else { return Ok(None) };
        let grant = stored.record().grant().filter(|grant| grant.life(now) > Duration::ZERO).cloned();
        Ok(grant.map(|grant| Self { stored, grant }))
    }

    /// Enters the session in the person's index, which lacks it or its tokens. While the store cannot take that, the next
    /// use tries again.
    async fn enter(&mut self, sessions: &Sessions, now: SystemTime) -> Result<(), ApiError> {
        if index::renew(sessions, self.stored.key(), &self.grant, now).await.is_err() {
            return Ok(());
        }
        let grant = &self.grant;
        let noted = self.stored.change(now, |record| {
            Ok(if record.set_indexed(grant) { Commit::Write(()) } else { Commit::Skip(()) })
        });
        noted.await
    }

    /// How long the session lives from now if nothing happens.
    pub fn remaining(&self) -> Duration {
        self.stored.remaining()
    }

    /// A valid access token. When it is due, one request refreshes it, however many ask on however many instances.
    pub async fn access_token(
        mut self,
        sessions: &Arc<Sessions>,
        context: &CallContext,
    ) -> Result<Secret, ApiError> {
        let started = sessions.clock.instant();
        let lease = Lease::new(&sessions.leases)?;
        let mut watcher = LeaseWatcher::new(&sessions.clock);
        loop {
            let now = sessions.clock.now();
            let grant = self.stored.record().grant().ok_or(ProblemCode::NotSignedIn)?.clone();
            if !grant.is_due(now) {
                return Ok(grant.access_token);
            }
            if grant.refresh_token.is_none() {
                let is_valid = grant.is_valid(now);
                return is_valid.then_some(grant.access_token).ok_or_else(|| ProblemCode::NotSignedIn.into());
            }
            // With as many refreshes as may run, the old token is used while it is valid.
            let permit = sessions.refresh_permits.try_acquire();
            if permit.is_err() && grant.is_valid(now) {
                return Ok(grant.access_token);
            }
            let claim = self.stored.change(now, |record| {
                let other = record.claim_refresh(lease.mark(), watcher.expired());
                Ok(if other.is_none() { Commit::Write(other) } else { Commit::Skip(other) })
            });
            let Some(other) = claim.await? else {
                lease.start(&self.stored);
                let is_taken_over = watcher.expired().is_some();
                return self.refresh(sessions, context, lease.mark(), grant, is_taken_over).await;
            };
            drop(permit);
            watcher.observe(other);
            // While another request refreshes slowly, the old token is used. An expired lease is taken over at once, since a
            // used refresh token is valid for a few seconds only.
            if grant.is_valid(now) && watcher.is_renewed() {
                return Ok(grant.access_token);
            }
            if sessions.clock.instant().duration_since(started) > LEASE_WAIT_TIMEOUT {
                return Err(ProblemCode::OrgTimeout.into());
            }
            watcher.pause().await;
            self.stored.reload().await?;
        }
    }

    async fn refresh(
        mut self,
        sessions: &Arc<Sessions>,
        context: &CallContext,
        mark: &str,
        old: Grant,
        is_taken_over: bool,
    ) -> Result<Secret, ApiError> {
        let outcome = sessions.org.refresh(&old.tokens(), sessions.clock.now(), context).await;
        let now = sessions.clock.now();
        let outcome = match outcome {
            Ok(tokens) => Ok(tokens),
            Err(failed) => Err(revocations::settle(sessions, failed, now, context).await),
        };
        match outcome {
            Ok(tokens) => {
                let new = old.refreshed(tokens, now, sessions.lifetimes);
                let renewed = index::renew(sessions, self.stored.key(), &new, now).await;
                let new = if renewed.is_ok() { new.indexed() } else { new };
                let stored = self.stored.change(now, |record| {
                    if record.end_refresh(mark, Some(&new)) {
                        Ok(Commit::Write(()))
                    } else {
                        Err(ProblemCode::NotSignedIn.into())
                    }
                });
                if let Err(error) = stored.await {
                    // Signed out meanwhile: the new tokens must not outlive the session.
                    revocations::revoke_grant(sessions, new, context.clone()).await;
                    return Err(error);
                }
                Ok(new.access_token)
            }
            Err(Error::OAuth { error, .. }) if error == "invalid_grant" => {
                // The holder of an expired lease may have received the tokens that replaced these.
                let event = if is_taken_over { "refresh_lost" } else { "refresh_refused" };
                sessions.metrics.happened(event);
                index::forget(sessions, self.stored.key(), &old, now).await;
                self.stored.end().await?;
                Err(ProblemCode::NotSignedIn.into())
            }
            // The org may answer again in a moment, so the session goes on.
            Err(error) => {
                self.stored
                    .change(now, |record| {
                        record.end_refresh(mark, None);
                        Ok(Commit::Write(()))
                    })
                    .await?;
                old.is_valid(now).then_some(old.access_token).ok_or_else(|| error.into())
            }
        }
    }

    /// Its record.
    pub fn stored(&self) -> &StoredRecord {
        &self.stored
    }
}

impl Deref for SignedIn {
    type Target = Grant;

    fn deref(&self) -> &Grant {
        &self.grant
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Arc<Sessions>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let browser = Browser::from_request_parts(parts, state).await?;
        let sessions = Arc::<Sessions>::from_ref(state);
        let found = Self::find(&sessions, &browser, sessions.clock.now()).await?;
        found.ok_or_else(|| ProblemCode::NotSignedIn.into())
    }
}
