//! Where a session has moved to, so that signing out with an old handle ends the session under its new one.
//!
//! An old handle can end the session and nothing else: what is stored is the new record key, which opens no record without
//! the cookie.

use super::{Grant, Sessions};
use crate::http::ApiError;
use latchkey_vault::{RecordKey, Unavailable, hex};
use serde::{Deserialize, Serialize};

/// The most moves that are followed within one idle time.
const MAX_MOVES_FOLLOWED: usize = 16;

/// Where one session has moved to, and the person who is signed in from then on.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Move {
    to: Option<RecordKey>,
    subject: String,
}

/// A session that has moved.
pub(crate) struct MovedSession {
    pub(crate) key: RecordKey,
    pub(crate) subject: String,
}

/// Stores that a session is about to move, for the idle time: a session that is not used for so long has ended.
pub(crate) async fn store(
    sessions: &Sessions,
    from: RecordKey,
    to: RecordKey,
    grant: &Grant,
) -> Result<(), ApiError> {
    let moved = Move { to: Some(to), subject: grant.subject().unwrap_or_default().to_owned() };
    let location = sessions.vault.location_of(&name(from))?;
    let idle = sessions.lifetimes.session.idle;
    Ok(sessions.vault.amend(&location, idle, |stored: &mut Move| stored.clone_from(&moved)).await?)
}

/// The session that had this record key before.
pub(crate) async fn follow(
    sessions: &Sessions,
    from: RecordKey,
) -> Result<Option<MovedSession>, Unavailable> {
    let mut found: Option<MovedSession> = None;
    for _ in 0..MAX_MOVES_FOLLOWED {
        let from = found.as_ref().map_or(from, |found| found.key);
        let moves: Vec<Move> = sessions.vault.load_each(&name(from)).await?;
        let next =
            moves.into_iter().find_map(|Move { to, subject }| Some(MovedSession { key: to?, subject }));
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
