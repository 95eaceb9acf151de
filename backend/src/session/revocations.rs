//! Tokens that the org is still to take back. They are kept until it has: neither an org that is away nor a process that
//! is killed lets one live on.

use crate::{
    app::App,
    background::alone,
    session::{Grant, hex, under_seal},
    vault::{Opened, Place, Unavailable},
};
use latchkey_idx::{CallContext, Error, ExchangeError, Secret};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// So many lists, so that those who sign out at once seldom want the same one.
const SHELVES: u8 = 16;
/// A list is no longer than this. The oldest goes: what it is about ends by itself, if late.
const MOST: usize = 500;
/// For so long nobody else tries: whoever has put it there is about to. Where clocks differ a token is taken back
/// twice, which does no harm.
const OURS: Duration = Duration::from_secs(15);
/// The time between two tries.
const AGAIN: Duration = Duration::from_secs(60);
/// After this, no refresh token that nobody has used is worth anything.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One of the lists.
#[derive(Default, Serialize, Deserialize)]
struct Shelf {
    waiting: Vec<Waiting>,
}

/// A token to be taken back.
#[derive(Clone, Serialize, Deserialize)]
struct Waiting {
    id: String,
    #[serde(with = "under_seal")]
    token: Secret,
    /// When it is tried next.
    due: SystemTime,
    until: SystemTime,
}

/// Tokens of which it is noted that the org is to take them back.
pub(crate) struct Owed {
    place: Place,
    id: String,
    /// The one that is noted. Those that came from it end with it.
    token: Secret,
    /// One that is taken back beside it, since it may end only in an hour.
    access_token: Option<Secret>,
}

/// Notes that a grant is given up. Once this is done it will be taken back, whatever happens to this process.
pub(crate) async fn owe(app: &App, grant: Grant, now: SystemTime) -> Result<Owed, Unavailable> {
    let Grant { access_token, refresh_token, .. } = grant;
    match refresh_token {
        Some(refresh_token) => note(app, refresh_token, Some(access_token), now).await,
        None => note(app, access_token, None, now).await,
    }
}

/// The same of a refresh token alone.
pub(crate) async fn owe_token(app: &App, token: Secret, now: SystemTime) -> Result<Owed, Unavailable> {
    note(app, token, None, now).await
}

/// Gives a grant up that nobody has a session with any more. While the store cannot note it, the org is asked at once, and
/// what it does not take back is noted here until the store can.
pub(crate) async fn give_up(app: &App, grant: Grant, context: CallContext) {
    match owe(app, grant.clone(), SystemTime::now()).await {
        Ok(owed) => owed.pay_later(app, context),
        Err(error) => {
            tracing::warn!(%error, "that tokens are to be revoked could not be noted in the store");
            let app = app.clone();
            alone(async move {
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
        if let Err(error) = owe(app, grant.clone(), now).await {
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
        if grants.len() >= MOST {
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
        give_up(app, Grant::new(*tokens, now, app.terms), context.clone()).await;
    }
    failed.error
}

/// Has everything taken back that is due. Each is tried by one instance at a time.
pub(crate) async fn pay(app: &App, now: SystemTime) -> Result<(), Unavailable> {
    note_again(app, now).await?;
    let mut places = Vec::new();
    for shelf in 0..SHELVES {
        places.extend(app.vault.places_of(&name(shelf))?);
    }
    for place in places {
        let Opened::Live(at) = app.vault.load::<Shelf>(&place).await? else { continue };
        if !at.record.waiting.iter().any(|waiting| waiting.due <= now) {
            continue;
        }
        let mut due = Vec::new();
        app.vault.amend(&place, LIFE, |shelf: &mut Shelf| due = shelf.take(now)).await?;
        for Waiting { id, token, .. } in due {
            let owed = Owed { place: place.clone(), id, token, access_token: None };
            if owed.pay(app, &CallContext::default()).await {
                app.metrics.happened("revoked_late");
            }
        }
    }
    Ok(())
}

impl Owed {
    /// Has it taken back, after the answer. What the org does not take now is tried again later.
    pub(crate) fn pay_later(self, app: &App, context: CallContext) {
        let app = app.clone();
        alone(async move { self.pay(&app, &context).await });
    }

    /// Says whether the org has taken it back. The token that the other came from goes first.
    async fn pay(self, app: &App, context: &CallContext) -> bool {
        let is_paid = revoke(app, &self.token, context).await;
        if is_paid && let Err(error) = self.strike(app).await {
            tracing::warn!(%error, "a token that is revoked will be revoked once more");
        }
        if let Some(access_token) = &self.access_token {
            revoke(app, access_token, context).await;
        }
        is_paid
    }

    async fn strike(&self, app: &App) -> Result<(), Unavailable> {
        let strike = |shelf: &mut Shelf| shelf.waiting.retain(|waiting| waiting.id != self.id);
        app.vault.amend(&self.place, LIFE, strike).await
    }
}

impl Shelf {
    fn put(&mut self, waiting: Waiting) {
        if self.waiting.len() >= MOST {
            self.waiting.remove(0);
        }
        self.waiting.push(waiting);
    }

    /// What is due, which is then ours for a while.
    fn take(&mut self, now: SystemTime) -> Vec<Waiting> {
        self.waiting.retain(|waiting| now < waiting.until);
        let due = self.waiting.iter_mut().filter(|waiting| waiting.due <= now);
        due.map(|waiting| {
            waiting.due = now + AGAIN;
            waiting.clone()
        })
        .collect()
    }
}

async fn note(
    app: &App,
    token: Secret,
    access_token: Option<Secret>,
    now: SystemTime,
) -> Result<Owed, Unavailable> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| Unavailable(error.to_string()))?;
    let [first, ..] = bytes;
    let place = app.vault.place_of(&name(first % SHELVES))?;
    let owed = Owed { place, id: hex(&bytes), token, access_token };
    let waiting =
        Waiting { id: owed.id.clone(), token: owed.token.clone(), due: now + OURS, until: now + LIFE };
    let put = |shelf: &mut Shelf| shelf.put(waiting.clone());
    app.vault.amend(&owed.place, LIFE, put).await?;
    Ok(owed)
}

async fn revoke(app: &App, token: &Secret, context: &CallContext) -> bool {
    let revoked = app.org.revoke(token, context).await;
    if let Err(error) = &revoked {
        tracing::warn!(error = error.for_log(), "a token could not be revoked");
    }
    revoked.is_ok()
}

fn name(shelf: u8) -> String {
    format!("outbox {shelf}")
}

#[cfg(test)]
mod tests {
    use super::{AGAIN, MOST, OURS, Shelf, Waiting};
    use std::time::{Duration, SystemTime};

    fn waiting(id: usize, now: SystemTime) -> Waiting {
        let until = now + Duration::from_secs(600);
        Waiting { id: id.to_string(), token: "secret".into(), due: now + OURS, until }
    }

    #[test]
    fn sec_70_a_token_is_tried_by_one_at_a_time_until_it_is_worth_nothing() {
        let (now, mut shelf) = (SystemTime::now(), Shelf::default());
        shelf.put(waiting(1, now));
        assert!(shelf.take(now).is_empty(), "whoever put it there is at it");
        assert_eq!(shelf.take(now + OURS).len(), 1);
        assert!(shelf.take(now + OURS).is_empty(), "somebody else is at it");
        assert_eq!(shelf.take(now + OURS + AGAIN).len(), 1);
        assert!(shelf.take(now + Duration::from_secs(600)).is_empty());
        assert!(shelf.waiting.is_empty());
    }

    #[test]
    fn sec_70_of_too_many_the_oldest_goes() {
        let (now, mut shelf) = (SystemTime::now(), Shelf::default());
        (0..=MOST).for_each(|id| shelf.put(waiting(id, now)));
        assert_eq!(shelf.waiting.len(), MOST);
        assert_eq!(shelf.waiting[0].id, "1");
    }
}
