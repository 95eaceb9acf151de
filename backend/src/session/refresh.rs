//! Valid access tokens: one request refreshes them under a lease, and the others wait for it.

use super::{
    Grant, Sessions, SignedIn, index,
    lease::{LEASE_WAIT_TIMEOUT, Lease, LeaseWatcher},
    revocations,
};
use crate::http::ApiError;
use latchkey_contract::ProblemCode;
use latchkey_idx::{CallContext, Error, Secret};
use latchkey_vault::Commit;
use std::sync::Arc;

impl SignedIn {
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
                // The request that held the expired lease may have received newer tokens.
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
}
