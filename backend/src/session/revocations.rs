//! An outbox of tokens to revoke: kept until the org has revoked them, although it is down or this process is killed.

use crate::{
    app::App,
    detached::run,
    session::{Grant, under_seal},
};
use latchkey_idx::{CallContext, Error, ExchangeError, Secret};
use latchkey_vault::{Opened, RecordLocation, Unavailable, hex};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// So many lists, so that those who sign out at once seldom want the same one.
const LISTS: u8 = 16;
/// A list is no longer than this. The oldest goes: what it is about ends by itself, if late.
const MAX_PER_LIST: usize = 500;
/// For so long nobody else tries: whoever has put it there is about to. Where clocks differ a token is taken back
/// twice, which does no harm.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(15);
/// The time between two tries.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);
/// After this, no refresh token that nobody has used is worth anything.
const RETRY_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One of the lists.
#[derive(Default, Serialize, Deserialize)]
struct RevocationList {
    queued: Vec<QueuedToken>,
}

/// A token to be taken back.
#[derive(Clone, Serialize, Deserialize)]
struct QueuedToken {
    id: String,
    #[serde(with = "under_seal")]
    token: Secret,
    /// When it is tried next.
    due: SystemTime,
    until: SystemTime,
}

/// Tokens of which it is noted that the org is to take them back.
pub(crate) struct PendingRevocation {
    place: RecordLocation,
    id: String,
    /// The one that is noted. Those that came from it end with it.
    token: Secret,
    /// One that is taken back beside it, since it may end only in an hour.
    access_token: Option<Secret>,
}

/// Notes that a grant is given up. Once this is done it will be taken back, whatever happens to this process.
pub(crate) async fn enqueue(
    app: &App,
    grant: Grant,
    now: SystemTime,
) -> Result<PendingRevocation, Unavailable> {
    let Grant { access_token, refresh_token, .. } = grant;
    match refresh_token {
        Some(refresh_token) => note(app, refresh_token, Some(access_token), now).await,
        None => note(app, access_token, None, now).await,
    }
}

/// The same of a refresh token alone.
pub(crate) async fn enqueue_token(
    app: &App,
    token: Secret,
    now: SystemTime,
) -> Result<PendingRevocation, Unavailable> {
    note(app, token, None, now).await
}

/// Gives a grant up that nobody has a session with any more. While the store cannot note it, the org is asked at once, and
/// what it does not take back is noted here until the store can.
pub(crate) async fn revoke_grant(app: &App, grant: Grant, context: CallContext) {
    match enqueue(app, grant.clone(), SystemTime::now()).await {
        Ok(pending) => pending.revoke_in_background(app, context),
        Err(error) => {
            tracing::warn!(%error, "that tokens are to be revoked could not be noted in the store");
            let app = app.clone();
            run(async move {
                let token = grant.refresh_token.as_ref().unwrap_or(&grant.access_token);
                if !revoke(&app, token, &context).await {
                    app.unnoted.put(grant);
                } else if grant.refresh_token.is_some() {
                    revoke(&app, &grant.access_token, &context).await;
                }
            });
        }
    }
}

/// Notes in the store what it could not take before.
async fn note_again(app: &App, now: SystemTime) -> Result<(), Unavailable> {
    let mut outcome = Ok(());
    for grant in app.unnoted.take() {
        if let Err(error) = enqueue(app, grant.clone(), now).await {
            app.unnoted.put(grant);
            outcome = Err(error);
        }
    }
    outcome
}

/// Grants that are given up and that neither the org nor the store has taken note of.
#[derive(Default)]
pub(crate) struct Unnoted(Mutex<Vec<Grant>>);

impl Unnoted {
    fn put(&self, grant: Grant) {
        let mut grants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if grants.len() >= MAX_PER_LIST {
            grants.remove(0);
        }
        grants.push(grant);
    }

    fn take(&self) -> Vec<Grant> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Gives up the tokens that the org has given although the exchange has failed. Says why it has.
pub(crate) async fn settle(
    app: &App,
    failed: ExchangeError,
    now: SystemTime,
    context: &CallContext,
) -> Error {
    if let Some(tokens) = failed.to_revoke {
        revoke_grant(app, Grant::new(*tokens, now, app.lifetimes), context.clone()).await;
    }
    failed.error
}

/// Has everything taken back that is due. Each is tried by one instance at a time.
pub(crate) async fn revoke_due(app: &App, now: SystemTime) -> Result<(), Unavailable> {
    note_again(app, now).await?;
    let mut places = Vec::new();
    for list in 0..LISTS {
        places.extend(app.vault.locations_of(&name(list))?);
    }
    for place in places {
        let Opened::Live(at) = app.vault.load::<RevocationList>(&place).await? else { continue };
        if !at.record.queued.iter().any(|queued| queued.due <= now) {
            continue;
        }
        let mut due = Vec::new();
        app.vault.amend(&place, RETRY_LIFETIME, |list: &mut RevocationList| due = list.take(now)).await?;
        for QueuedToken { id, token, .. } in due {
            let pending = PendingRevocation { place: place.clone(), id, token, access_token: None };
            if pending.revoke_due(app, &CallContext::default()).await {
                app.metrics.happened("revoked_late");
            }
        }
    }
    Ok(())
}

impl PendingRevocation {
    /// Has it taken back, after the answer. What the org does not take now is tried again later.
    pub(crate) fn revoke_in_background(self, app: &App, context: CallContext) {
        let app = app.clone();
        run(async move { self.revoke_due(&app, &context).await });
    }

    /// Says whether the org has taken it back. The token that the other came from goes first.
    async fn revoke_due(self, app: &App, context: &CallContext) -> bool {
        let is_paid = revoke(app, &self.token, context).await;
        if is_paid && let Err(error) = self.remove(app).await {
            tracing::warn!(%error, "a token that is revoked will be revoked once more");
        }
        if let Some(access_token) = &self.access_token {
            revoke(app, access_token, context).await;
        }
        is_paid
    }

    async fn remove(&self, app: &App) -> Result<(), Unavailable> {
        let remove = |list: &mut RevocationList| list.queued.retain(|queued| queued.id != self.id);
        app.vault.amend(&self.place, RETRY_LIFETIME, remove).await
    }
}

impl RevocationList {
    fn put(&mut self, queued: QueuedToken) {
        if self.queued.len() >= MAX_PER_LIST {
            self.queued.remove(0);
        }
        self.queued.push(queued);
    }

    /// What is due, which is then ours for a while.
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

async fn note(
    app: &App,
    token: Secret,
    access_token: Option<Secret>,
    now: SystemTime,
) -> Result<PendingRevocation, Unavailable> {
    let bytes = app.random.bytes::<8>().map_err(|error| Unavailable(error.to_string()))?;
    let [first, ..] = bytes;
    let place = app.vault.location_of(&name(first % LISTS))?;
    let pending = PendingRevocation { place, id: hex(&bytes), token, access_token };
    let queued = QueuedToken {
        id: pending.id.clone(),
        token: pending.token.clone(),
        due: now + FIRST_RETRY_DELAY,
        until: now + RETRY_LIFETIME,
    };
    let put = |list: &mut RevocationList| list.put(queued.clone());
    app.vault.amend(&pending.place, RETRY_LIFETIME, put).await?;
    Ok(pending)
}

async fn revoke(app: &App, token: &Secret, context: &CallContext) -> bool {
    let revoked = app.org.revoke(token, context).await;
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
    fn sec_70_a_token_is_tried_by_one_at_a_time_until_it_is_worth_nothing() {
        let (now, mut list) = (SystemTime::now(), RevocationList::default());
        list.put(queued(1, now));
        assert!(list.take(now).is_empty(), "whoever put it there is at it");
        assert_eq!(list.take(now + FIRST_RETRY_DELAY).len(), 1);
        assert!(list.take(now + FIRST_RETRY_DELAY).is_empty(), "somebody else is at it");
        assert_eq!(list.take(now + FIRST_RETRY_DELAY + RETRY_INTERVAL).len(), 1);
        assert!(list.take(now + Duration::from_secs(600)).is_empty());
        assert!(list.queued.is_empty());
    }

    #[test]
    fn sec_70_of_too_many_the_oldest_goes() {
        let (now, mut list) = (SystemTime::now(), RevocationList::default());
        (0..=MAX_PER_LIST).for_each(|id| list.put(queued(id, now)));
        assert_eq!(list.queued.len(), MAX_PER_LIST);
        assert_eq!(list.queued[0].id, "1");
    }
}
