//! Aliases of persons: e-mail addresses and sessions of the org. Several persons may share an e-mail address.

use super::subject::SubjectIdentifier;
use crate::{http::ApiError, session::Sessions};
use latchkey_vault::Unavailable;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::SystemTime};

/// The most persons with one alias; with more, the one who signed in longest ago is dropped.
const MAX_SUBJECTS_PER_ALIAS: usize = 1000;

/// The persons with one alias, the latest last.
#[derive(Default, Serialize, Deserialize)]
struct Alias {
    subjects: Vec<KnownSubject>,
}

#[derive(Serialize, Deserialize)]
struct KnownSubject {
    subject: String,
    until: SystemTime,
}

/// Stores that a person has this alias.
pub(super) async fn store(
    sessions: &Sessions,
    alias: SubjectIdentifier<'_>,
    subject: &str,
    now: SystemTime,
) -> Result<(), Unavailable> {
    let name = match alias {
        // A subject names the person already.
        SubjectIdentifier::Subject(_) => return Ok(()),
        SubjectIdentifier::Email(address) => of_email(address),
        SubjectIdentifier::Sid(sid) => of_sid(sid),
    };
    let lifetime = sessions.lifetimes.session.absolute;
    let add = |alias: &mut Alias| {
        alias.subjects.retain(|known| known.subject != subject && now < known.until);
        let surplus = (alias.subjects.len() + 1).saturating_sub(MAX_SUBJECTS_PER_ALIAS);
        alias.subjects.drain(..surplus);
        alias.subjects.push(KnownSubject { subject: subject.to_owned(), until: now + lifetime });
    };
    sessions.vault.amend(&sessions.vault.location_of(&name)?, lifetime, add).await
}

/// All persons with this alias.
pub(super) async fn subjects_of(
    sessions: &Sessions,
    alias: SubjectIdentifier<'_>,
    now: SystemTime,
) -> Result<BTreeSet<String>, ApiError> {
    let name = match alias {
        SubjectIdentifier::Subject(subject) => return Ok(BTreeSet::from([subject.to_owned()])),
        SubjectIdentifier::Email(address) => of_email(address),
        SubjectIdentifier::Sid(sid) => of_sid(sid),
    };
    let aliases: Vec<Alias> = sessions.vault.load_each(&name).await?;
    let known = aliases.into_iter().flat_map(|alias| alias.subjects).filter(|known| now < known.until);
    Ok(known.map(|known| known.subject).collect())
}

fn of_email(address: &str) -> String {
    format!("email {}", address.trim().to_lowercase())
}

fn of_sid(sid: &str) -> String {
    format!("sid {sid}")
}
