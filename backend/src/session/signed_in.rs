//! The person who is signed in with the session that calls, and tokens that are good.

use super::{
    Browser, Grant, StoredRecord,
    lease::{Lease, LeaseWatcher},
};
use crate::{app::App, http::ApiError, session::index, session::revocations};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use latchkey_contract::ProblemCode;
use latchkey_idx::{CallContext, Error, Secret};
use latchkey_vault::Commit;
use std::{
    ops::Deref,
    time::{Duration, SystemTime},
};

/// A life is made longer only when this part of it is gone, so that not every call writes.
const TOUCH_PART_OF_IDLE: u32 = 20;
/// How long a call waits for another that renews the tokens.
const LEASE_WAIT_TIMEOUT: Duration = Duration::from_secs(12);

/// Somebody who is signed in.
pub struct SignedIn {
    stored: StoredRecord,
    grant: Grant,
}

impl SignedIn {
    /// The person behind this browser, if somebody is signed in. It counts as a sign of life.
    pub async fn find(app: &App, browser: &Browser, now: SystemTime) -> Result<Option<Self>, ApiError> {
        let found = Self::look(app, browser, now).await?;
        let Some(mut signed_in) = found else { return Ok(None) };
        if !signed_in.grant.is_listed {
            signed_in.enter(app, now).await?;
        }
        let gone = signed_in.grant.life(now).saturating_sub(signed_in.stored.remaining());
        if gone > signed_in.grant.within.idle / TOUCH_PART_OF_IDLE {
            signed_in.stored.touch(now).await?;
        }
        Ok(Some(signed_in))
    }

    /// The same, of a page that only watches: it keeps nobody signed in.
    pub async fn look(app: &App, browser: &Browser, now: SystemTime) -> Result<Option<Self>, ApiError> {
        let Some(handle) = browser.handle() else { return Ok(None) };
        let Some(stored) = StoredRecord::find(&app.vault, handle).await? else { return Ok(None) };
        let grant = stored.record().grant().filter(|grant| grant.life(now) > Duration::ZERO).cloned();
        Ok(grant.map(|grant| Self { stored, grant }))
    }

    /// Makes up for an entry in the list of the person's sessions that is missing or behind. While the store cannot take it
    /// the next use tries again.
    async fn enter(&mut self, app: &App, now: SystemTime) -> Result<(), ApiError> {
        if index::renew(app, self.stored.key(), &self.grant, now).await.is_err() {
            return Ok(());
        }
        let grant = &self.grant;
        let noted = self.stored.change(now, |record| {
            Ok(if record.note_listed(grant) { Commit::Write(()) } else { Commit::Skip(()) })
        });
        noted.await
    }

    /// How long the session lives from now, if nothing happens.
    pub fn remaining(&self) -> Duration {
        self.stored.remaining()
    }

    /// An access token that is good, renewed if need be: once, however many ask and wherever they do.
    pub async fn access_token(mut self, app: &App, context: &CallContext) -> Result<Secret, ApiError> {
        let began = tokio::time::Instant::now();
        let lease = Lease::new(&app.leases)?;
        let mut watcher = LeaseWatcher::default();
        loop {
            let now = SystemTime::now();
            let grant = self.stored.record().grant().ok_or(ProblemCode::NotSignedIn)?.clone();
            if !grant.is_due(now) {
                return Ok(grant.access_token);
            }
            if grant.refresh_token.is_none() {
                let good = grant.is_good(now);
                return good.then_some(grant.access_token).ok_or_else(|| ProblemCode::NotSignedIn.into());
            }
            // With so many under way, the old token will do while it is good.
            let place = app.renewals.try_acquire();
            if place.is_err() && grant.is_good(now) {
                return Ok(grant.access_token);
            }
            let other = self
                .stored
                .change(now, |record| {
                    let other = record.claim_refresh(lease.mark(), watcher.expired());
                    Ok(if other.is_none() { Commit::Write(other) } else { Commit::Skip(other) })
                })
                .await?;
            let Some(other) = other else {
                lease.start(&self.stored);
                let inherited = watcher.expired().is_some();
                return self.refresh(app, context, lease.mark(), grant, inherited).await;
            };
            drop(place);
            watcher.observe(other);
            // With one who is slow, the old token will do. One who is dead has to be replaced at once: a refresh token
            // that was used is good for a few more seconds only.
            if grant.is_good(now) && watcher.is_renewed() {
                return Ok(grant.access_token);
            }
            if began.elapsed() > LEASE_WAIT_TIMEOUT {
                return Err(ProblemCode::OrgTimeout.into());
            }
            watcher.pause().await;
            self.stored.reload().await?;
        }
    }

    async fn refresh(
        mut self,
        app: &App,
        context: &CallContext,
        mark: &str,
        old: Grant,
        inherited: bool,
    ) -> Result<Secret, ApiError> {
        let outcome = app.org.refresh(&old.tokens(), SystemTime::now(), context).await;
        let now = SystemTime::now();
        let outcome = match outcome {
            Ok(tokens) => Ok(tokens),
            Err(failed) => Err(revocations::settle(app, failed, now, context).await),
        };
        match outcome {
            Ok(tokens) => {
                let new = old.refreshed(tokens, now, app.lifetimes);
                let listed = index::renew(app, self.stored.key(), &new, now).await;
                let new = if listed.is_ok() { new.entered() } else { new };
                let stored = self.stored.change(now, |record| {
                    if record.end_refresh(mark, Some(&new)) {
                        Ok(Commit::Write(()))
                    } else {
                        Err(ProblemCode::NotSignedIn.into())
                    }
                });
                if let Err(error) = stored.await {
                    // Signed out meanwhile: what has just been given must not outlive the session.
                    revocations::revoke_grant(app, new, context.clone()).await;
                    return Err(error);
                }
                Ok(new.access_token)
            }
            Err(Error::OAuth { error, .. }) if error == "invalid_grant" => {
                // The one who died at it may have got the tokens that replaced these.
                app.metrics.happened(if inherited { "refresh_lost" } else { "refresh_refused" });
                index::forget(app, self.stored.key(), &old, now).await;
                self.stored.end().await?;
                Err(ProblemCode::NotSignedIn.into())
            }
            // The org may be well again in a moment; nobody is signed out for that.
            Err(error) => {
                self.stored
                    .change(now, |record| {
                        record.end_refresh(mark, None);
                        Ok(Commit::Write(()))
                    })
                    .await?;
                let good = old.is_good(now);
                good.then_some(old.access_token).ok_or_else(|| error.into())
            }
        }
    }

    /// Where it is kept.
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
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let browser = Browser::from_request_parts(parts, state).await?;
        let found = Self::find(&App::from_ref(state), &browser, SystemTime::now()).await?;
        found.ok_or_else(|| ProblemCode::NotSignedIn.into())
    }
}
