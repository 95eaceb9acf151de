//! What is asked of the server, and what comes back.

use super::route::Entry;
use super::screen::SignedInPerson;
use latchkey_contract::{ProblemCode, Transaction, Values};
use std::pin::Pin;

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    Begin(Entry, Values),
    Current,
    Proceed(Values),
    Poll,
    Cancel,
    SignedInPerson,
    SignOut { everywhere: bool },
    EndSession(String),
}

/// A call under way.
pub(crate) type PendingReply = Pin<Box<dyn Future<Output = Result<Reply, CallError>>>>;

/// What the server answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// A flow stands here.
    At(Box<Transaction>),
    /// The step had been answered already; this is where the flow stands.
    Moved(Box<Transaction>),
    /// There is no flow.
    Nowhere,
    /// Somebody is signed in, or nobody.
    SignedInPerson(Option<SignedInPerson>),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CallError {
    /// The server was not reached.
    Offline,
    /// Somebody answered, but not our server.
    Garbled,
    /// The server says no, and perhaps for how many seconds.
    Refused(ProblemCode, Option<u32>),
}
