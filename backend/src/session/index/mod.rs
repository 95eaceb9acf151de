//! The session index: the sessions of one person, so that the person can see and end them on every browser.
//!
//! A session's own record opens only with its cookie. What is needed to show and to end it without the cookie is stored
//! here once more, sealed with the server's key alone. A session is entered before it begins.

mod aliases;
mod subject;

pub(crate) use subject::SubjectIdentifier;

use super::{Grant, Sessions, StoredRecord, moved_sessions::MovedSession, revocations, seconds, under_seal};
use crate::http::{ApiError, ClientContext};
use latchkey_contract::{OwnSession, ProblemCode};
use latchkey_idx::{CallContext, Secret};
use latchkey_vault::{Opened, RecordKey, Unavailable, hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// The most sessions of a person; with more, the oldest ends.
const MAX_SESSIONS_PER_PERSON: usize = 50;
/// How long after its entry a session may still begin. Until then it counts without a record.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(60);

/// The sessions of one person.
#[derive(Default, Serialize, Deserialize)]
struct SessionIndex {
    entries: Vec<IndexEntry>,
}

/// One session.
#[derive(Clone, Serialize, Deserialize)]
struct IndexEntry {
    key: RecordKey,
    since: SystemTime,
    until: SystemTime,
    address: Option<String>,
    user_agent: Option<String>,
    /// The session of the org that it came from, if the org named it.
    #[serde(default)]
    sid: Option<String>,
    #[serde(with = "under_seal::optional")]
    refresh_token: Option<Secret>,
}

/// How many entries a person's index has, with the new one and with those of ended sessions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryCount(usize);

/// Enters a session that is about to begin. Where this fails it must not begin: the index would not show it and a logout
/// notice would not find it.
pub(crate) async fn enter(
    sessions: &Sessions,
    key: RecordKey,
    grant: &Grant,
    client: &ClientContext,
    now: SystemTime,
) -> Result<EntryCount, ApiError> {
    let address = client.address.map(|address| address.to_string());
    let entry = IndexEntry { address, user_agent: client.user_agent.clone(), ..IndexEntry::new(key, grant) };
    let mut entries = 0;
    add(sessions, subject(grant), now, |index| {
        index.entries.push(entry.clone());
        entries = index.entries.len();
    })
    .await?;
    store_aliases(sessions, grant, now).await?;
    Ok(EntryCount(entries))
}

/// Removes a session that did not begin.
pub(crate) async fn withdraw(sessions: &Sessions, key: RecordKey, grant: &Grant, now: SystemTime) {
    // A store that gave no answer may have moved the record all the same.
    let withdrawn = async {
        sessions.vault.end_key(key).await?;
        remove(sessions, subject(grant), now, &[key]).await
    };
    log_failure(withdrawn.await);
}

/// Ends the oldest sessions of a person with too many. Ended sessions do not count.
pub(crate) async fn make_room(sessions: &Arc<Sessions>, count: EntryCount, grant: &Grant, now: SystemTime) {
    if count.0 > MAX_SESSIONS_PER_PERSON {
        log_failure(end_surplus(sessions, subject(grant), now).await);
    }
}

async fn end_surplus(sessions: &Arc<Sessions>, subject: &str, now: SystemTime) -> Result<(), ApiError> {
    let (mut live, mut ended) = (Vec::new(), Vec::new());
    for entry in read(sessions, subject).await?.unwrap_or_default() {
        let counts = match sessions.vault.look(entry.key).await? {
            Opened::Live(_) => true,
            Opened::Missing => now < entry.since + BEGIN_TIMEOUT,
            Opened::Gone(_) => false,
        };
        if counts { live.push(entry) } else { ended.push(entry) }
    }
    let surplus = live.len().saturating_sub(MAX_SESSIONS_PER_PERSON);
    ended.extend(live.drain(..surplus));
    end_all(sessions, subject, ended, &CallContext::default(), now).await
}

/// Ends the sessions that a notice of the org names: all of a person, or those from one session of the org. Returns
/// whether the person is known here.
pub(crate) async fn end_by_notice(
    sessions: &Arc<Sessions>,
    identifier: SubjectIdentifier<'_>,
    sid: Option<&str>,
    now: SystemTime,
) -> Result<bool, ApiError> {
    // A notice that names a person includes sessions of which the org's session is not known.
    let or_unknown = !matches!(identifier, SubjectIdentifier::Sid(_));
    let is_named = |entry: &IndexEntry| match (sid, entry.sid.as_deref()) {
        (None, _) => true,
        (Some(_), None) => or_unknown,
        (Some(sid), Some(own)) => sid == own,
    };
    let mut is_known = false;
    for subject in aliases::subjects_of(sessions, identifier, now).await? {
        let Some(entries) = read(sessions, &subject).await? else { continue };
        is_known = true;
        let ended = entries.into_iter().filter(is_named).collect();
        end_all(sessions, &subject, ended, &CallContext::default(), now).await?;
    }
    Ok(is_known)
}

/// Stores the tokens that a session has now, and enters it if it is not in the index.
pub(crate) async fn renew(
    sessions: &Sessions,
    key: RecordKey,
    grant: &Grant,
    now: SystemTime,
) -> Result<(), ApiError> {
    let mut is_entered = false;
    amend(sessions, subject(grant), now, |index| {
        for entry in index.entries.iter_mut().filter(|entry| entry.key == key) {
            entry.refresh_token.clone_from(&grant.refresh_token);
            is_entered = true;
        }
    })
    .await?;
    if is_entered {
        return Ok(());
    }
    add(sessions, subject(grant), now, |index| index.entries.push(IndexEntry::new(key, grant))).await?;
    Ok(store_aliases(sessions, grant, now).await?)
}

/// Removes a session that has ended.
pub(crate) async fn forget(sessions: &Sessions, key: RecordKey, grant: &Grant, now: SystemTime) {
    log_failure(remove(sessions, subject(grant), now, &[key]).await);
}

/// The sessions of this person, the newest first.
pub(crate) async fn list(
    sessions: &Sessions,
    stored: &StoredRecord,
    grant: &Grant,
    now: SystemTime,
) -> Result<Vec<OwnSession>, ApiError> {
    let mut own = Vec::new();
    for entry in read(sessions, subject(grant)).await?.unwrap_or_default() {
        if now < entry.until && sessions.vault.is_live(entry.key).await? {
            own.push(OwnSession {
                id: id(entry.key),
                current: entry.key == stored.key(),
                since: seconds(entry.since),
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
    sessions: &Arc<Sessions>,
    grant: &Grant,
    wanted: &str,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let entries = read(sessions, subject(grant)).await?.unwrap_or_default();
    let entry = entries.into_iter().find(|entry| id(entry.key) == wanted).ok_or(ProblemCode::NotFound)?;
    end_all(sessions, subject(grant), vec![entry], context, now).await
}

/// Ends all of this person's sessions but this one.
pub(crate) async fn end_others(
    sessions: &Arc<Sessions>,
    stored: &StoredRecord,
    grant: &Grant,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let entries = read(sessions, subject(grant)).await?.unwrap_or_default();
    let others = entries.into_iter().filter(|entry| entry.key != stored.key()).collect();
    end_all(sessions, subject(grant), others, context, now).await
}

/// Ends a session that has moved, under its new key.
pub(crate) async fn end_moved(
    sessions: &Arc<Sessions>,
    moved: &MovedSession,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let entries = read(sessions, &moved.subject).await?.unwrap_or_default();
    let ended: Vec<_> = entries.into_iter().filter(|entry| entry.key == moved.key).collect();
    sessions.vault.end_key(moved.key).await?;
    end_all(sessions, &moved.subject, ended, context, now).await
}

/// Ends these in the order of their entry, so that a session that moves meanwhile is met under its old key or its new one.
/// A failure in between can be repeated.
async fn end_all(
    sessions: &Arc<Sessions>,
    subject: &str,
    ended: Vec<IndexEntry>,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let mut pending = Vec::new();
    for entry in &ended {
        if let Some(refresh_token) = entry.refresh_token.clone() {
            pending.push(revocations::enqueue_token(sessions, refresh_token, now).await?);
        }
        sessions.vault.end_key(entry.key).await?;
    }
    let keys: Vec<RecordKey> = ended.iter().map(|entry| entry.key).collect();
    remove(sessions, subject, now, &keys).await?;
    for pending in pending {
        pending.revoke_in_background(sessions, context.clone());
    }
    Ok(())
}

/// The entries of a person, the oldest first; none without an index.
async fn read(sessions: &Sessions, subject: &str) -> Result<Option<Vec<IndexEntry>>, ApiError> {
    let indexes: Vec<SessionIndex> = sessions.vault.load_each(&name(subject)).await?;
    if indexes.is_empty() {
        return Ok(None);
    }
    let mut entries: Vec<IndexEntry> = indexes.into_iter().flat_map(|index| index.entries).collect();
    entries.sort_by_key(|entry| entry.since);
    Ok(Some(entries))
}

/// Changes the index under the first master key, or creates it.
async fn add(
    sessions: &Sessions,
    subject: &str,
    now: SystemTime,
    change: impl FnMut(&mut SessionIndex),
) -> Result<(), Unavailable> {
    let location = sessions.vault.location_of(&name(subject))?;
    sessions.vault.amend(&location, sessions.lifetimes.session.absolute, without_expired(now, change)).await
}

/// Changes the index under each master key that has one.
async fn amend(
    sessions: &Sessions,
    subject: &str,
    now: SystemTime,
    change: impl FnMut(&mut SessionIndex),
) -> Result<(), Unavailable> {
    let lifetime = sessions.lifetimes.session.absolute;
    sessions.vault.amend_each(&name(subject), lifetime, without_expired(now, change)).await
}

/// The change, on an index without expired entries.
fn without_expired(
    now: SystemTime,
    mut change: impl FnMut(&mut SessionIndex),
) -> impl FnMut(&mut SessionIndex) {
    move |index| {
        index.entries.retain(|entry| now < entry.until);
        change(index);
    }
}

async fn remove(
    sessions: &Sessions,
    subject: &str,
    now: SystemTime,
    keys: &[RecordKey],
) -> Result<(), ApiError> {
    let remove = |index: &mut SessionIndex| index.entries.retain(|entry| !keys.contains(&entry.key));
    Ok(amend(sessions, subject, now, remove).await?)
}

/// Stores the aliases of the person.
async fn store_aliases(sessions: &Sessions, grant: &Grant, now: SystemTime) -> Result<(), Unavailable> {
    let known = [
        claim(grant, "email").map(SubjectIdentifier::Email),
        claim(grant, "sid").map(SubjectIdentifier::Sid),
    ];
    for alias in known.into_iter().flatten() {
        aliases::store(sessions, alias, subject(grant), now).await?;
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

/// The name of a person's index.
fn name(subject: &str) -> String {
    format!("person {subject}")
}

/// A name for one session, which opens nothing.
fn id(key: RecordKey) -> String {
    hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &key.0).as_ref().get(..12).unwrap_or_default())
}

fn log_failure(outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::warn!(?error, "the index of a person's sessions could not be stored");
    }
}

#[cfg(test)]
mod tests;
