//! Calls to the server, and their replies.

use super::screen::SignedInPerson;
use latchkey_contract::route::Entry;
use latchkey_contract::{ProblemCode, Transaction, Values};
use std::pin::Pin;

/// A call to the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    Begin(Entry, Values),
    Current,
    Proceed(Values),
    Poll,
    Cancel,
    SignedInPerson,
    SignOut {
        everywhere: bool,
    },
    /// The browser leaves for this address, so there is no reply.
    Leave(String),
}

/// A call in progress.
pub(crate) type PendingReply = Pin<Box<dyn Future<Output = Result<Reply, CallError>>>>;

/// The server's reply.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// The flow is at this transaction.
    At(Box<Transaction>),
    /// The step had been answered already; this is the current transaction.
    Moved(Box<Transaction>),
    /// There is no flow.
    NoFlow,
    /// The signed-in person, if any.
    SignedInPerson(Option<SignedInPerson>),
    /// Signed out here; the page at this address ends the org's session, too.
    SignedOutAtOrg(String),
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CallError {
    /// The server could not be reached.
    Offline,
    /// The response is not one of our server.
    Garbled,
    /// The server refuses, with the seconds to wait, if any.
    Refused(ProblemCode, Option<u32>),
}

impl CallError {
    /// The code of `latchkey-error`.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Offline => "unreachable",
            Self::Garbled => "invalid_response",
            Self::Refused(code, _) => code.name(),
        }
    }
}
