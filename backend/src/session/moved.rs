//! Where a session has moved to: signing out under a name from before a rotation ends it where it now is.
//!
//! An old name leads to nothing but the end of the session. What is noted is the key that the store finds it by, which
//! opens no record: that takes the cookie.

use crate::{app::App, http::ApiError, session::Grant};
use latchkey_vault::{RecordKey, Unavailable, hex};
use serde::{Deserialize, Serialize};

/// More moves than this in one idle time are not followed.
const MAX_MOVES_FOLLOWED: usize = 16;

/// Where one session has gone, and whose it has been from then on.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Moved {
    to: Option<RecordKey>,
    subject: String,
}

/// A session that has moved.
pub(crate) struct Found {
    pub(crate) key: RecordKey,
    pub(crate) subject: String,
}

/// Notes that a session is about to move. A session that is not used for the idle time is over, and so is this.
pub(crate) async fn note(app: &App, from: RecordKey, to: RecordKey, grant: &Grant) -> Result<(), ApiError> {
    let moved = Moved { to: Some(to), subject: grant.subject().unwrap_or_default().to_owned() };
    let place = app.vault.location_of(&name(from))?;
    Ok(app.vault.amend(&place, app.lifetimes.within.idle, |at: &mut Moved| at.clone_from(&moved)).await?)
}

/// Where the session is that had this key before, as far as is known.
pub(crate) async fn follow(app: &App, from: RecordKey) -> Result<Option<Found>, Unavailable> {
    let mut found: Option<Found> = None;
    for _ in 0..MAX_MOVES_FOLLOWED {
        let from = found.as_ref().map_or(from, |found| found.key);
        let notes: Vec<Moved> = app.vault.load_each(&name(from)).await?;
        let next = notes.into_iter().find_map(|Moved { to, subject }| Some(Found { key: to?, subject }));
        if next.is_none() {
            break;
        }
        found = next;
    }
    Ok(found)
}

fn name(key: RecordKey) -> String {
    format!("moved {}", hex(&key.0))
}
