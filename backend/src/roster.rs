//! The sessions of one person, so that each can see and end them all: on this browser and on others.
//!
//! A session's own record opens only with its cookie. What must be known without it, to show and to end it, is kept
//! here once more, sealed with the server's key alone.

use crate::{
    app::App,
    guard::Person,
    problem::ApiError,
    session::{Grant, Kept, hex, under_seal},
    vault::{Key, Opened, Ticket, Unavailable, Write},
};
use latchkey_contract::{Code, OwnSession};
use latchkey_idx::{Context, Secret};
use serde::{Deserialize, Serialize};
use std::time::SystemTime;

/// More sessions of one person than this are not listed; the oldest goes.
const MOST: usize = 50;
const TRIES: usize = 16;

/// The sessions of one person.
#[derive(Default, Serialize, Deserialize)]
struct Roster {
    entries: Vec<Entry>,
}

/// One of them.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    key: Key,
    since: SystemTime,
    until: SystemTime,
    address: Option<String>,
    user_agent: Option<String>,
    #[serde(with = "under_seal::optional")]
    refresh_token: Option<Secret>,
}

/// Adds a session that has just begun. It is worth having, but nobody fails to sign in for it.
pub(crate) async fn enter(app: &App, kept: &Kept, grant: &Grant, person: &Person, now: SystemTime) {
    let entry = Entry {
        key: kept.key(),
        since: grant.since,
        until: grant.ends(),
        address: person.address.map(|address| address.to_string()),
        user_agent: person.user_agent.clone(),
        refresh_token: grant.refresh_token.clone(),
    };
    let entered = change(app, grant, now, |roster| {
        if roster.entries.len() >= MOST {
            roster.entries.remove(0);
        }
        roster.entries.push(entry.clone());
    });
    noted(entered.await);
}

/// Notes the new refresh token of a session.
pub(crate) async fn renew(app: &App, kept: &Kept, grant: &Grant, now: SystemTime) {
    let key = kept.key();
    let renewed = change(app, grant, now, |roster| {
        if let Some(entry) = roster.entries.iter_mut().find(|entry| entry.key == key) {
            entry.refresh_token.clone_from(&grant.refresh_token);
        }
    });
    noted(renewed.await);
}

/// Takes a session out that has ended.
pub(crate) async fn forget(app: &App, kept: &Kept, grant: &Grant, now: SystemTime) {
    let key = kept.key();
    noted(change(app, grant, now, |roster| roster.entries.retain(|entry| entry.key != key)).await);
}

/// The sessions that this person has, the newest first.
pub(crate) async fn list(
    app: &App,
    kept: &Kept,
    grant: &Grant,
    now: SystemTime,
) -> Result<Vec<OwnSession>, ApiError> {
    let mut own = Vec::new();
    for entry in read(app, grant).await?.0.entries {
        if now < entry.until && app.vault.is_live(entry.key).await? {
            own.push(OwnSession {
                id: id(entry.key),
                current: entry.key == kept.key(),
                since: crate::session::seconds(entry.since),
                address: entry.address,
                user_agent: entry.user_agent,
            });
        }
    }
    own.reverse();
    Ok(own)
}

/// Ends one of this person's sessions, here and at the org.
pub(crate) async fn end(
    app: &App,
    grant: &Grant,
    which: &str,
    context: &Context,
    now: SystemTime,
) -> Result<(), ApiError> {
    let (roster, _) = read(app, grant).await?;
    let entry = roster.entries.into_iter().find(|entry| id(entry.key) == which).ok_or(Code::NotFound)?;
    finish(app, grant, vec![entry], context, now).await
}

/// Ends all of this person's sessions but this one.
pub(crate) async fn end_others(
    app: &App,
    kept: &Kept,
    grant: &Grant,
    context: &Context,
    now: SystemTime,
) -> Result<(), ApiError> {
    let (roster, _) = read(app, grant).await?;
    let others = roster.entries.into_iter().filter(|entry| entry.key != kept.key()).collect();
    finish(app, grant, others, context, now).await
}

async fn finish(
    app: &App,
    grant: &Grant,
    ended: Vec<Entry>,
    context: &Context,
    now: SystemTime,
) -> Result<(), ApiError> {
    for entry in &ended {
        app.vault.delete_key(entry.key).await?;
    }
    change(app, grant, now, |roster| {
        roster.entries.retain(|entry| ended.iter().all(|ended| ended.key != entry.key));
    })
    .await?;
    for entry in ended {
        if let Some(refresh_token) = entry.refresh_token {
            app.revoke_token_later(refresh_token, context.clone());
        }
    }
    Ok(())
}

async fn read(app: &App, grant: &Grant) -> Result<(Roster, Option<u64>), ApiError> {
    match app.vault.load::<Roster>(&ticket(app, grant)).await? {
        Opened::Live(at) => Ok((at.record, Some(at.version))),
        Opened::Gone(_) | Opened::Nothing => Ok((Roster::default(), None)),
    }
}

async fn change(
    app: &App,
    grant: &Grant,
    now: SystemTime,
    mut change: impl FnMut(&mut Roster),
) -> Result<(), ApiError> {
    let ticket = ticket(app, grant);
    for _ in 0..TRIES {
        let (mut roster, version) = read(app, grant).await?;
        change(&mut roster);
        roster.entries.retain(|entry| now < entry.until);
        let written = match version {
            Some(version) => app.vault.swap(&ticket, version, &roster, grant.within.absolute).await?,
            None => app.vault.create(&ticket, &roster, grant.within.absolute).await?,
        };
        if written == Write::Done {
            return Ok(());
        }
    }
    Err(Unavailable("too many changes to a roster at once".to_owned()).into())
}

fn ticket(app: &App, grant: &Grant) -> Ticket {
    app.vault.ticket_of(grant.subject().unwrap_or_default())
}

/// A name for one session that is good for nothing but to name it.
fn id(key: Key) -> String {
    hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &key.0).as_ref().get(..12).unwrap_or_default())
}

fn noted(outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::warn!(?error, "the list of a person's sessions could not be kept");
    }
}
