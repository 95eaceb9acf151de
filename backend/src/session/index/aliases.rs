//! Who goes by another name: a mail address, or a session of the org. Several persons may have one mail address.

use super::SubjectIdentifier;
use crate::{app::App, http::ApiError};
use latchkey_vault::Unavailable;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::SystemTime};

/// So many persons are known by one name; the one who signed in longest ago is forgotten first.
const MAX_SUBJECTS_PER_ALIAS: usize = 1000;

/// Those who go by one name, the latest last.
#[derive(Default, Serialize, Deserialize)]
struct Alias {
    subjects: Vec<Known>,
}

/// One of them.
#[derive(Serialize, Deserialize)]
struct Known {
    subject: String,
    until: SystemTime,
}

/// Notes that a person goes by this name.
pub(super) async fn note(
    app: &App,
    whose: SubjectIdentifier<'_>,
    subject: &str,
    now: SystemTime,
) -> Result<(), Unavailable> {
    let name = match whose {
        // A subject is a name of its own.
        SubjectIdentifier::Subject(_) => return Ok(()),
        SubjectIdentifier::Email(address) => of_email(address),
        SubjectIdentifier::Sid(sid) => of_sid(sid),
    };
    let lasts = app.lifetimes.within.absolute;
    let known = |alias: &mut Alias| {
        alias.subjects.retain(|known| known.subject != subject && now < known.until);
        let surplus = (alias.subjects.len() + 1).saturating_sub(MAX_SUBJECTS_PER_ALIAS);
        alias.subjects.drain(..surplus);
        alias.subjects.push(Known { subject: subject.to_owned(), until: now + lasts });
    };
    app.vault.amend(&app.vault.location_of(&name)?, lasts, known).await
}

/// All who go by this name.
pub(super) async fn subjects_of(
    app: &App,
    whose: SubjectIdentifier<'_>,
    now: SystemTime,
) -> Result<BTreeSet<String>, ApiError> {
    let name = match whose {
        SubjectIdentifier::Subject(subject) => return Ok(BTreeSet::from([subject.to_owned()])),
        SubjectIdentifier::Email(address) => of_email(address),
        SubjectIdentifier::Sid(sid) => of_sid(sid),
    };
    let aliases: Vec<Alias> = app.vault.load_each(&name).await?;
    let known = aliases.into_iter().flat_map(|alias| alias.subjects).filter(|known| now < known.until);
    Ok(known.map(|known| known.subject).collect())
}

fn of_email(address: &str) -> String {
    format!("email {}", address.trim().to_lowercase())
}

fn of_sid(sid: &str) -> String {
    format!("sid {sid}")
}
