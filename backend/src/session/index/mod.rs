//! The sessions of one person, so that each can see and end them all: on this browser and on others.
//!
//! A session's own record opens only with its cookie. What must be known without it, to show and to end it, is kept
//! here once more, sealed with the server's key alone. It is entered before the session begins.

mod aliases;
#[cfg(test)]
mod tests;

use crate::{
    app::App,
    http::ApiError,
    http::ClientContext,
    session::moved,
    session::revocations,
    session::{Grant, StoredRecord, under_seal},
};
use latchkey_contract::{OwnSession, ProblemCode};
use latchkey_idx::{CallContext, Secret};
use latchkey_vault::{Opened, RecordKey, Unavailable, hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// Nobody has more sessions than this; the oldest ends.
const MAX_SESSIONS_PER_PERSON: usize = 50;
/// For so long after it was entered a session may be about to begin: it counts, though there is no record of it.
const BEGINS_WITHIN: Duration = Duration::from_secs(60);

/// The sessions of one person.
#[derive(Default, Serialize, Deserialize)]
struct SessionIndex {
    entries: Vec<IndexEntry>,
}

/// One of them.
#[derive(Clone, Serialize, Deserialize)]
struct IndexEntry {
    key: RecordKey,
    since: SystemTime,
    until: SystemTime,
    address: Option<String>,
    user_agent: Option<String>,
    /// The session of the org that it came from, if the org has said so.
    #[serde(default)]
    sid: Option<String>,
    #[serde(with = "under_seal::optional")]
    refresh_token: Option<Secret>,
}

/// How the org says whose sessions are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SubjectIdentifier<'a> {
    Subject(&'a str),
    Email(&'a str),
    Sid(&'a str),
}

/// How many sessions a person's list has, dead ones and the new one included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entered(usize);

/// Enters a session that is about to begin. Where this fails it must not: no list would show it and no logout find it.
pub(crate) async fn enter(
    app: &App,
    key: RecordKey,
    grant: &Grant,
    person: &ClientContext,
    now: SystemTime,
) -> Result<Entered, ApiError> {
    let address = person.address.map(|address| address.to_string());
    let entry = IndexEntry { address, user_agent: person.user_agent.clone(), ..IndexEntry::new(key, grant) };
    let mut entries = 0;
    add(app, subject(grant), now, |index| {
        index.entries.push(entry.clone());
        entries = index.entries.len();
    })
    .await?;
    name(app, grant, now).await?;
    Ok(Entered(entries))
}

/// Takes a session out again that did not begin.
pub(crate) async fn withdraw(app: &App, key: RecordKey, grant: &Grant, now: SystemTime) {
    // Of a store that gives no answer it is not known whether it has moved the record.
    let withdrawn = async {
        app.vault.end_key(key).await?;
        take_out(app, subject(grant), now, &[key]).await
    };
    noted(withdrawn.await);
}

/// Ends the oldest sessions of a person who has more than there may be. Those that have ended by themselves do not count.
pub(crate) async fn make_room(app: &App, entered: Entered, grant: &Grant, now: SystemTime) {
    if entered.0 > MAX_SESSIONS_PER_PERSON {
        noted(end_surplus(app, subject(grant), now).await);
    }
}

async fn end_surplus(app: &App, subject: &str, now: SystemTime) -> Result<(), ApiError> {
    let (mut live, mut ended) = (Vec::new(), Vec::new());
    for entry in read(app, subject).await?.unwrap_or_default() {
        let counts = match app.vault.look(entry.key).await? {
            Opened::Live(_) => true,
            Opened::Missing => now < entry.since + BEGINS_WITHIN,
            Opened::Gone(_) => false,
        };
        if counts { live.push(entry) } else { ended.push(entry) }
    }
    let surplus = live.len().saturating_sub(MAX_SESSIONS_PER_PERSON);
    ended.extend(live.drain(..surplus));
    finish(app, subject, ended, &CallContext::default(), now).await
}

/// Ends what the org says has ended: everything of those it names, or what came from one session there. Says whether any
/// of them is known here.
pub(crate) async fn end_of(
    app: &App,
    whose: SubjectIdentifier<'_>,
    sid: Option<&str>,
    now: SystemTime,
) -> Result<bool, ApiError> {
    // Whoever names a person means also those of whom it is not known which session of the org they came from.
    let or_unknown = !matches!(whose, SubjectIdentifier::Sid(_));
    let meant = |entry: &IndexEntry| match (sid, entry.sid.as_deref()) {
        (None, _) => true,
        (Some(_), None) => or_unknown,
        (Some(sid), Some(own)) => sid == own,
    };
    let mut is_known = false;
    for subject in aliases::subjects_of(app, whose, now).await? {
        let Some(entries) = read(app, &subject).await? else { continue };
        is_known = true;
        let ended = entries.into_iter().filter(meant).collect();
        finish(app, &subject, ended, &CallContext::default(), now).await?;
    }
    Ok(is_known)
}

/// Notes the tokens that a session now has, and enters it if it is not there.
pub(crate) async fn renew(app: &App, key: RecordKey, grant: &Grant, now: SystemTime) -> Result<(), ApiError> {
    let mut is_there = false;
    amend(app, subject(grant), now, |index| {
        for entry in index.entries.iter_mut().filter(|entry| entry.key == key) {
            entry.refresh_token.clone_from(&grant.refresh_token);
            is_there = true;
        }
    })
    .await?;
    if is_there {
        return Ok(());
    }
    add(app, subject(grant), now, |index| index.entries.push(IndexEntry::new(key, grant))).await?;
    Ok(name(app, grant, now).await?)
}

/// Takes a session out that has ended.
pub(crate) async fn forget(app: &App, key: RecordKey, grant: &Grant, now: SystemTime) {
    noted(take_out(app, subject(grant), now, &[key]).await);
}

/// The sessions that this person has, the newest first.
pub(crate) async fn list(
    app: &App,
    stored: &StoredRecord,
    grant: &Grant,
    now: SystemTime,
) -> Result<Vec<OwnSession>, ApiError> {
    let mut own = Vec::new();
    for entry in read(app, subject(grant)).await?.unwrap_or_default() {
        if now < entry.until && app.vault.is_live(entry.key).await? {
            own.push(OwnSession {
                id: id(entry.key),
                current: entry.key == stored.key(),
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
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let entries = read(app, subject(grant)).await?.unwrap_or_default();
    let entry = entries.into_iter().find(|entry| id(entry.key) == which).ok_or(ProblemCode::NotFound)?;
    finish(app, subject(grant), vec![entry], context, now).await
}

/// Ends all of this person's sessions but this one.
pub(crate) async fn end_others(
    app: &App,
    stored: &StoredRecord,
    grant: &Grant,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let entries = read(app, subject(grant)).await?.unwrap_or_default();
    let others = entries.into_iter().filter(|entry| entry.key != stored.key()).collect();
    finish(app, subject(grant), others, context, now).await
}

/// Ends a session that has moved, where it now is.
pub(crate) async fn end_moved(
    app: &App,
    found: &moved::Found,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let entries = read(app, &found.subject).await?.unwrap_or_default();
    let ended: Vec<_> = entries.into_iter().filter(|entry| entry.key == found.key).collect();
    app.vault.end_key(found.key).await?;
    finish(app, &found.subject, ended, context, now).await
}

/// Ends these, the one entered first being the first to end: a session that moves meanwhile is met at its old key or at its
/// new one. Done by half, it can be done again.
async fn finish(
    app: &App,
    subject: &str,
    ended: Vec<IndexEntry>,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let mut pending = Vec::new();
    for entry in &ended {
        if let Some(refresh_token) = entry.refresh_token.clone() {
            pending.push(revocations::enqueue_token(app, refresh_token, now).await?);
        }
        app.vault.end_key(entry.key).await?;
    }
    let keys: Vec<RecordKey> = ended.iter().map(|entry| entry.key).collect();
    take_out(app, subject, now, &keys).await?;
    for pending in pending {
        pending.revoke_in_background(app, context.clone());
    }
    Ok(())
}

/// What the list of a person has, the oldest first; nothing, if there is no list.
async fn read(app: &App, subject: &str) -> Result<Option<Vec<IndexEntry>>, ApiError> {
    let lists: Vec<SessionIndex> = app.vault.load_each(&of(subject)).await?;
    if lists.is_empty() {
        return Ok(None);
    }
    let mut entries: Vec<IndexEntry> = lists.into_iter().flat_map(|list| list.entries).collect();
    entries.sort_by_key(|entry| entry.since);
    Ok(Some(entries))
}

async fn add(
    app: &App,
    subject: &str,
    now: SystemTime,
    mut change: impl FnMut(&mut SessionIndex),
) -> Result<(), Unavailable> {
    let whole = |index: &mut SessionIndex| {
        index.entries.retain(|entry| now < entry.until);
        change(index);
    };
    app.vault.amend(&app.vault.location_of(&of(subject))?, app.lifetimes.within.absolute, whole).await
}

/// Changes what there is, under whichever key the list was named.
async fn amend(
    app: &App,
    subject: &str,
    now: SystemTime,
    mut change: impl FnMut(&mut SessionIndex),
) -> Result<(), Unavailable> {
    let whole = |index: &mut SessionIndex| {
        index.entries.retain(|entry| now < entry.until);
        change(index);
    };
    app.vault.amend_each(&of(subject), app.lifetimes.within.absolute, whole).await
}

async fn take_out(app: &App, subject: &str, now: SystemTime, keys: &[RecordKey]) -> Result<(), ApiError> {
    let out = |index: &mut SessionIndex| index.entries.retain(|entry| !keys.contains(&entry.key));
    Ok(amend(app, subject, now, out).await?)
}

/// Notes by which other names the person goes.
async fn name(app: &App, grant: &Grant, now: SystemTime) -> Result<(), Unavailable> {
    let names = [
        claim(grant, "email").map(SubjectIdentifier::Email),
        claim(grant, "sid").map(SubjectIdentifier::Sid),
    ];
    for whose in names.into_iter().flatten() {
        aliases::note(app, whose, subject(grant), now).await?;
    }
    Ok(())
}

impl IndexEntry {
    fn new(key: RecordKey, grant: &Grant) -> Self {
        Self {
            key,
            since: grant.since,
            until: grant.ends(),
            address: None,
            user_agent: None,
            sid: claim(grant, "sid").map(str::to_owned),
            refresh_token: grant.refresh_token.clone(),
        }
    }
}

fn claim<'a>(grant: &'a Grant, name: &str) -> Option<&'a str> {
    grant.claims.get(name).and_then(Value::as_str)
}

fn subject(grant: &Grant) -> &str {
    grant.subject().unwrap_or_default()
}

/// What the list of a person is named by.
fn of(subject: &str) -> String {
    format!("person {subject}")
}

/// A name for one session that is good for nothing but to name it.
fn id(key: RecordKey) -> String {
    hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &key.0).as_ref().get(..12).unwrap_or_default())
}

fn noted(outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::warn!(?error, "the list of a person's sessions could not be stored");
    }
}
