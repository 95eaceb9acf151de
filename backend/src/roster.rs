//! The sessions of one person, so that each can see and end them all: on this browser and on others.
//!
//! A session's own record opens only with its cookie. What must be known without it, to show and to end it, is kept
//! here once more, sealed with the server's key alone.

use crate::{
    app::App,
    guard::Person,
    outbox,
    problem::ApiError,
    session::{Grant, Kept, hex, under_seal},
    vault::{Key, Opened, Place, Unavailable},
};
use latchkey_contract::{Code, OwnSession};
use latchkey_idx::{Context, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::SystemTime;

/// Nobody has more sessions than this; the oldest ends.
const MOST: usize = 50;

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
    /// The session of the org that it came from, if the org has said so.
    #[serde(default)]
    sid: Option<String>,
    #[serde(with = "under_seal::optional")]
    refresh_token: Option<Secret>,
}

/// Who goes by another name: a mail address, or a session of the org.
#[derive(Serialize, Deserialize)]
struct Alias {
    subject: String,
}

/// How the org says whose sessions are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose<'a> {
    Subject(&'a str),
    Email(&'a str),
    Sid(&'a str),
}

/// Adds a session that has just begun. It is worth having, but nobody fails to sign in for it.
pub(crate) async fn enter(app: &App, kept: &Kept, grant: &Grant, person: &Person, now: SystemTime) {
    let Some(subject) = grant.subject() else { return };
    let claim = |name: &str| grant.claims.get(name).and_then(Value::as_str);
    let entry = Entry {
        key: kept.key(),
        since: grant.since,
        until: grant.ends(),
        address: person.address.map(|address| address.to_string()),
        user_agent: person.user_agent.clone(),
        sid: claim("sid").map(str::to_owned),
        refresh_token: grant.refresh_token.clone(),
    };
    let mut oldest = None;
    let entered = change(app, subject, now, |roster| {
        oldest = (roster.entries.len() >= MOST).then(|| roster.entries.remove(0));
        roster.entries.push(entry.clone());
    });
    noted(entered.await);
    if let Some(oldest) = oldest {
        noted(finish(app, subject, vec![oldest], &Context::default(), now).await);
    }
    for whose in [claim("email").map(Whose::Email), claim("sid").map(Whose::Sid)].into_iter().flatten() {
        noted(name(app, whose, subject).await);
    }
}

/// Ends what the org says has ended: everything of a person, or what came from one session there. Says whether the
/// person is known here.
pub(crate) async fn end_of(
    app: &App,
    whose: Whose<'_>,
    sid: Option<&str>,
    now: SystemTime,
) -> Result<bool, ApiError> {
    let Some(subject) = subject_of(app, whose).await? else { return Ok(false) };
    let (roster, version) = read(app, &subject).await?;
    // Whoever names a person means also those of whom it is not known which session of the org they came from.
    let or_unknown = !matches!(whose, Whose::Sid(_));
    let meant = |entry: &Entry| match (sid, entry.sid.as_deref()) {
        (None, _) => true,
        (Some(_), None) => or_unknown,
        (Some(sid), Some(own)) => sid == own,
    };
    let ended = roster.entries.into_iter().filter(meant).collect();
    finish(app, &subject, ended, &Context::default(), now).await?;
    Ok(version.is_some())
}

/// Notes the new refresh token of a session.
pub(crate) async fn renew(app: &App, kept: &Kept, grant: &Grant, now: SystemTime) {
    let key = kept.key();
    let renewed = change(app, subject(grant), now, |roster| {
        if let Some(entry) = roster.entries.iter_mut().find(|entry| entry.key == key) {
            entry.refresh_token.clone_from(&grant.refresh_token);
        }
    });
    noted(renewed.await);
}

/// Takes a session out that has ended.
pub(crate) async fn forget(app: &App, kept: &Kept, grant: &Grant, now: SystemTime) {
    let key = kept.key();
    noted(change(app, subject(grant), now, |roster| roster.entries.retain(|entry| entry.key != key)).await);
}

/// The sessions that this person has, the newest first.
pub(crate) async fn list(
    app: &App,
    kept: &Kept,
    grant: &Grant,
    now: SystemTime,
) -> Result<Vec<OwnSession>, ApiError> {
    let mut own = Vec::new();
    for entry in read(app, subject(grant)).await?.0.entries {
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
    let (roster, _) = read(app, subject(grant)).await?;
    let entry = roster.entries.into_iter().find(|entry| id(entry.key) == which).ok_or(Code::NotFound)?;
    finish(app, subject(grant), vec![entry], context, now).await
}

/// Ends all of this person's sessions but this one.
pub(crate) async fn end_others(
    app: &App,
    kept: &Kept,
    grant: &Grant,
    context: &Context,
    now: SystemTime,
) -> Result<(), ApiError> {
    let (roster, _) = read(app, subject(grant)).await?;
    let others = roster.entries.into_iter().filter(|entry| entry.key != kept.key()).collect();
    finish(app, subject(grant), others, context, now).await
}

async fn finish(
    app: &App,
    subject: &str,
    ended: Vec<Entry>,
    context: &Context,
    now: SystemTime,
) -> Result<(), ApiError> {
    let mut owed = Vec::new();
    for entry in &ended {
        if let Some(refresh_token) = entry.refresh_token.clone() {
            owed.push(outbox::owe_token(app, refresh_token, now).await?);
        }
        app.vault.delete_key(entry.key).await?;
    }
    change(app, subject, now, |roster| {
        roster.entries.retain(|entry| ended.iter().all(|ended| ended.key != entry.key));
    })
    .await?;
    for owed in owed {
        owed.pay_later(app, context.clone());
    }
    Ok(())
}

async fn read(app: &App, subject: &str) -> Result<(Roster, Option<u64>), ApiError> {
    match app.vault.load::<Roster>(&app.vault.place_of(subject)?).await? {
        Opened::Live(at) => Ok((at.record, Some(at.version))),
        Opened::Gone(_) | Opened::Nothing => Ok((Roster::default(), None)),
    }
}

async fn change(
    app: &App,
    subject: &str,
    now: SystemTime,
    mut change: impl FnMut(&mut Roster),
) -> Result<(), ApiError> {
    let whole = |roster: &mut Roster| {
        change(roster);
        roster.entries.retain(|entry| now < entry.until);
    };
    Ok(app.vault.amend(&app.vault.place_of(subject)?, app.terms.within.absolute, whole).await?)
}

/// Notes who goes by this name. Two who do so at once are the same person, or the later one is.
async fn name(app: &App, whose: Whose<'_>, subject: &str) -> Result<(), ApiError> {
    let Some(place) = alias(app, whose)? else { return Ok(()) };
    let record = Alias { subject: subject.to_owned() };
    match app.vault.load::<Alias>(&place).await? {
        Opened::Live(at) => app.vault.swap(&place, at.version, &record, app.terms.within.absolute).await?,
        Opened::Gone(_) | Opened::Nothing => {
            app.vault.create(&place, &record, app.terms.within.absolute).await?
        }
    };
    Ok(())
}

async fn subject_of(app: &App, whose: Whose<'_>) -> Result<Option<String>, ApiError> {
    let Some(place) = alias(app, whose)? else {
        return Ok(match whose {
            Whose::Subject(subject) => Some(subject.to_owned()),
            Whose::Email(_) | Whose::Sid(_) => None,
        });
    };
    match app.vault.load::<Alias>(&place).await? {
        Opened::Live(at) => Ok(Some(at.record.subject)),
        Opened::Gone(_) | Opened::Nothing => Ok(None),
    }
}

/// Where it is noted who goes by a name. A subject is a name of its own.
fn alias(app: &App, whose: Whose<'_>) -> Result<Option<Place>, Unavailable> {
    let name = match whose {
        Whose::Subject(_) => return Ok(None),
        Whose::Email(address) => format!("email {}", address.trim().to_lowercase()),
        Whose::Sid(sid) => format!("sid {sid}"),
    };
    app.vault.place_of(&name).map(Some)
}

fn subject(grant: &Grant) -> &str {
    grant.subject().unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::{MOST, Whose, end_of, enter};
    use crate::{
        app::App,
        config,
        guard::Person,
        session::{Grant, Kept, Record},
        vault::{Half, Ticket},
    };
    use latchkey_idx::{IdToken, Tokens};
    use serde_json::json;
    use std::time::SystemTime;
    use tower_sessions::session::Id;

    async fn app() -> App {
        let settings =
            [("LATCHKEY_ISSUER", "http://localhost:9/oauth2/default"), ("LATCHKEY_CLIENT_ID", "app")];
        let env = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, it)| (*it).to_owned());
        let config = config::read(env, None).unwrap();
        App::new(config, &"http://localhost:8080/".parse().unwrap()).await.unwrap()
    }

    /// A session of Mary's that came from this session of the org.
    async fn signed_in(app: &App, id: i128, sid: Option<&str>) -> Ticket {
        let now = SystemTime::now();
        let claims = json!({"sub": "mary", "sid": sid});
        let id_token = IdToken { raw: "x".into(), claims: claims.as_object().unwrap().clone() };
        let tokens = Tokens {
            access_token: "x".into(),
            refresh_token: None,
            id_token: Some(id_token),
            expires_in: None,
            scope: None,
        };
        let grant = Grant::new(tokens, now, app.terms);
        let mut record = Record::default();
        record.sign_in(grant.clone());
        let ticket = Ticket::new(Id(id), Half::fresh().unwrap());
        let kept = Kept::create(app.vault.clone(), &ticket, record, now).await.unwrap();
        let nobody = Person { address: None, user_agent: None, accept_language: None, device: None };
        enter(app, &kept, &grant, &nobody, now).await;
        ticket
    }

    #[tokio::test]
    async fn sec_20_a_person_has_so_many_sessions_and_with_one_more_the_oldest_ends() {
        let app = app().await;
        let mut all = Vec::new();
        for id in 0..=MOST {
            all.push(signed_in(&app, i128::try_from(id).unwrap(), None).await);
        }
        assert_eq!(MOST, 50, "as it is told");
        assert!(Kept::find(&app.vault, &all[0]).await.is_err(), "it has just ended");
        for other in &all[1..] {
            assert!(Kept::find(&app.vault, other).await.unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn sec_74_a_session_of_the_org_takes_along_what_came_from_it_and_nothing_else() {
        let app = app().await;
        let [ours, other, unknown] = [(1, Some("one")), (2, Some("two")), (3, None)];
        let ours = signed_in(&app, ours.0, ours.1).await;
        let others = [signed_in(&app, other.0, other.1).await, signed_in(&app, unknown.0, unknown.1).await];
        assert!(!end_of(&app, Whose::Sid("three"), Some("three"), SystemTime::now()).await.unwrap());
        assert!(end_of(&app, Whose::Sid("one"), Some("one"), SystemTime::now()).await.unwrap());
        assert!(Kept::find(&app.vault, &ours).await.is_err(), "it has just ended");
        for other in &others {
            assert!(Kept::find(&app.vault, other).await.unwrap().is_some());
        }
    }
}
