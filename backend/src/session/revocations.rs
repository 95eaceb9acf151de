//! An outbox of tokens to revoke: stored until the org has revoked them, although it is down or this process is killed.

use super::{Grant, Sessions, under_seal};
use crate::detached::run;
use latchkey_idx::{CallContext, Error, ExchangeError, Secret};
use latchkey_vault::{Opened, RecordLocation, Unavailable, hex};
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// The number of lists, so that sign-outs at the same time seldom write the same one.
const LISTS: u8 = 16;
/// The most tokens in a list. With more, the oldest is dropped: it expires by itself, if late.
const MAX_PER_LIST: usize = 500;
/// During this time only the request that stored a token revokes it. If the clocks of instances differ, it may be revoked
/// twice, which does no harm.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(15);
/// The time between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);
/// An unused refresh token expires within this time.
const RETRY_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One of the lists.
#[derive(Default, Serialize, Deserialize)]
struct RevocationList {
    queued: Vec<QueuedToken>,
}

/// A token to revoke.
#[derive(Clone, Serialize, Deserialize)]
struct QueuedToken {
    id: String,
    #[serde(with = "under_seal")]
    token: Secret,
    /// The time of the next attempt.
    due: SystemTime,
    until: SystemTime,
}

/// A revocation that is stored and still to be done.
pub(crate) struct PendingRevocation {
    location: RecordLocation,
    id: String,
    /// The stored token. The tokens that it was exchanged for are revoked with it.
    token: Secret,
    /// An access token that is revoked beside it, since it may expire only in an hour.
    access_token: Option<Secret>,
}

/// Stores that a grant is to be revoked. From then on it will be, whatever happens to this process.
pub(crate) async fn enqueue(
    sessions: &Sessions,
    grant: Grant,
    now: SystemTime,
) -> Result<PendingRevocation, Unavailable> {
    let Grant { access_token, refresh_token, .. } = grant;
    match refresh_token {
        Some(refresh_token) => store(sessions, refresh_token, Some(access_token), now).await,
        None => store(sessions, access_token, None, now).await,
    }
}

/// Stores that a refresh token is to be revoked.
pub(crate) async fn enqueue_token(
    sessions: &Sessions,
    token: Secret,
    now: SystemTime,
) -> Result<PendingRevocation, Unavailable> {
    store(sessions, token, None, now).await
}

/// Revokes a grant that no session has any more. While the store cannot take it, the org is called at once, and a grant
/// that the org does not revoke stays in this process until the store can take it.
pub(crate) async fn revoke_grant(sessions: &Arc<Sessions>, grant: Grant, context: CallContext) {
    match enqueue(sessions, grant.clone(), sessions.clock.now()).await {
        Ok(pending) => pending.revoke_in_background(sessions, context),
        Err(error) => {
            tracing::warn!(%error, "the store could not take tokens that are to be revoked");
            let sessions = sessions.clone();
            run(async move {
                let token = grant.refresh_token.as_ref().unwrap_or(&grant.access_token);
                if !revoke(&sessions, token, &context).await {
                    sessions.unstored.add(grant);
                } else if grant.refresh_token.is_some() {
                    revoke(&sessions, &grant.access_token, &context).await;
                }
            });
        }
    }
}

/// Stores the grants that the store could not take before.
async fn store_again(sessions: &Sessions, now: SystemTime) -> Result<(), Unavailable> {
    let mut outcome = Ok(());
    for grant in sessions.unstored.take() {
        if let Err(error) = enqueue(sessions, grant.clone(), now).await {
            sessions.unstored.add(grant);
            outcome = Err(error);
        }
    }
    outcome
}

/// Revokes the tokens that the org issued although the exchange failed. Returns why it failed.
pub(crate) async fn settle(
    sessions: &Arc<Sessions>,
    failed: ExchangeError,
    now: SystemTime,
    context: &CallContext,
) -> Error {
    if let Some(tokens) = failed.to_revoke {
        revoke_grant(sessions, Grant::new(*tokens, now, sessions.lifetimes), context.clone()).await;
    }
    failed.error
}

/// Revokes all tokens that are due. One instance at a time tries each of them.
pub(crate) async fn revoke_due(sessions: &Sessions, now: SystemTime) -> Result<(), Unavailable> {
    store_again(sessions, now).await?;
    let mut locations = Vec::new();
    for list in 0..LISTS {
        locations.extend(sessions.vault.locations_of(&name(list))?);
    }
    for location in locations {
        let Opened::Live(found) = sessions.vault.load::<RevocationList>(&location).await? else { continue };
        if !found.record.queued.iter().any(|queued| queued.due <= now) {
            continue;
        }
        let mut due = Vec::new();
        let take = |list: &mut RevocationList| due = list.take(now);
        sessions.vault.amend(&location, RETRY_LIFETIME, take).await?;
        for QueuedToken { id, token, .. } in due {
            let pending = PendingRevocation { location: location.clone(), id, token, access_token: None };
            if pending.revoke(sessions, &CallContext::default()).await {
                sessions.metrics.happened("revoked_late");
            }
        }
    }
    Ok(())
}

impl PendingRevocation {
    /// Revokes it after the response. A revocation that fails is tried again later.
    pub(crate) fn revoke_in_background(self, sessions: &Arc<Sessions>, context: CallContext) {
        let sessions = sessions.clone();
        run(async move { self.revoke(&sessions, &context).await });
    }

    /// Returns whether the org has revoked the stored token, which goes first.
    async fn revoke(self, sessions: &Sessions, context: &CallContext) -> bool {
        let is_revoked = revoke(sessions, &self.token, context).await;
        if is_revoked && let Err(error) = self.remove(sessions).await {
            tracing::warn!(%error, "a token that is revoked will be revoked once more");
        }
        if let Some(access_token) = &self.access_token {
            revoke(sessions, access_token, context).await;
        }
        is_revoked
    }

    async fn remove(&self, sessions: &Sessions) -> Result<(), Unavailable> {
        let remove = |list: &mut RevocationList| list.queued.retain(|queued| queued.id != self.id);
        sessions.vault.amend(&self.location, RETRY_LIFETIME, remove).await
    }
}

impl RevocationList {
    fn add(&mut self, queued: QueuedToken) {
        if self.queued.len() >= MAX_PER_LIST {
            self.queued.remove(0);
        }
        self.queued.push(queued);
    }

    /// The tokens that are due. Other instances leave them alone until the next attempt is due.
    fn take(&mut self, now: SystemTime) -> Vec<QueuedToken> {
        self.queued.retain(|queued| now < queued.until);
        let due = self.queued.iter_mut().filter(|queued| queued.due <= now);
        due.map(|queued| {
            queued.due = now + RETRY_INTERVAL;
            queued.clone()
        })
        .collect()
    }
}

async fn store(
    sessions: &Sessions,
    token: Secret,
    access_token: Option<Secret>,
    now: SystemTime,
) -> Result<PendingRevocation, Unavailable> {
    let id = sessions.random.bytes::<8>().map_err(|error| Unavailable(error.to_string()))?;
    let [first, ..] = id;
    let location = sessions.vault.location_of(&name(first % LISTS))?;
    let pending = PendingRevocation { location, id: hex(&id), token, access_token };
    let queued = QueuedToken {
        id: pending.id.clone(),
        token: pending.token.clone(),
        due: now + FIRST_RETRY_DELAY,
        until: now + RETRY_LIFETIME,
    };
    let add = |list: &mut RevocationList| list.add(queued.clone());
    sessions.vault.amend(&pending.location, RETRY_LIFETIME, add).await?;
    Ok(pending)
}

async fn revoke(sessions: &Sessions, token: &Secret, context: &CallContext) -> bool {
    let revoked = sessions.org.revoke(token, context).await;
    if let Err(error) = &revoked {
        tracing::warn!(error = error.for_log(), "a token could not be revoked");
    }
    revoked.is_ok()
}

fn name(list: u8) -> String {
    format!("outbox {list}")
}

#[cfg(test)]
mod tests {
    use super::{FIRST_RETRY_DELAY, MAX_PER_LIST, QueuedToken, RETRY_INTERVAL, RevocationList};
    use std::time::{Duration, SystemTime};

    fn queued(id: usize, now: SystemTime) -> QueuedToken {
        let until = now + Duration::from_secs(600);
        QueuedToken { id: id.to_string(), token: "secret".into(), due: now + FIRST_RETRY_DELAY, until }
    }

    #[test]
    fn sec_70_one_instance_at_a_time_revokes_a_token_until_it_has_expired() {
        let (now, mut list) = (SystemTime::now(), RevocationList::default());
        list.add(queued(1, now));
        assert!(list.take(now).is_empty(), "the request that stored it revokes it");
        assert_eq!(list.take(now + FIRST_RETRY_DELAY).len(), 1);
        assert!(list.take(now + FIRST_RETRY_DELAY).is_empty(), "another instance revokes it");
        assert_eq!(list.take(now + FIRST_RETRY_DELAY + RETRY_INTERVAL).len(), 1);
        assert!(list.take(now + Duration::from_secs(600)).is_empty());
        assert!(list.queued.is_empty());
    }

    #[test]
    fn sec_70_with_too_many_tokens_the_oldest_is_dropped() {
        let (now, mut list) = (SystemTime::now(), RevocationList::default());
        (0..=MAX_PER_LIST).for_each(|id| list.add(queued(id, now)));
        assert_eq!(list.queued.len(), MAX_PER_LIST);
        assert_eq!(list.queued[0].id, "1");
    }
}
