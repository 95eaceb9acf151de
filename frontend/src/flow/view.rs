//! Everything the page shows, and what can be said of it without asking anybody.

use super::call::CallError;
use super::note::Notes;
use super::over::Over;
use super::read_step;
use super::route::{self, Entry, HOME, TERMINAL};
use super::screen::{FirstScreen, Screen, SignedInPerson};
use super::step_fields::{self, has_fields};
use super::step_reader::SKIP;
use latchkey_contract::{Status, Step, Transaction, Value, Values};

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) phase: Phase,
    pub(crate) notes: Notes,
    pub(crate) problem: Option<CallError>,
    /// An answer is on its way.
    pub(crate) busy: bool,
    /// What is on its way is a code or a message that was sent once more.
    pub(crate) resending: bool,
    /// Counts what was asked of the server; an answer to an older turn is too late.
    pub(crate) request_id: u32,
    /// Counts the screens. Two steps may look alike, and what was typed into one is not meant for the other; a step that was
    /// answered wrongly is still the same screen.
    pub(crate) screen_id: u32,
    /// Counts what came back, so that waiting starts anew and the focus goes where it is needed.
    pub(crate) replies: u32,
}

/// Where the person is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Somewhere that has yet to be found out.
    Starting(Lookup),
    /// In a flow: at the org's next step, or at another one that is open.
    Flow { transaction: Box<Transaction>, other: Option<String>, given: Values },
    /// After a flow that is gone: only a new one helps.
    Over(Over),
    /// Signed in.
    SignedIn(SignedInPerson),
}

/// What is looked for while nothing is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lookup {
    /// Whatever stands at this address, if a flow in this tab has got there.
    Address(String),
    /// Who is signed in; when it is nobody, a flow that may be under way in this tab.
    Home { in_flow: bool },
    /// Who it is that has just signed in.
    SignedIn,
    /// A flow that begins here.
    Flow(Entry, Values),
}

impl View {
    /// The view before anything happened.
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Starting(Lookup::Home { in_flow: false }),
            notes: Notes::default(),
            problem: None,
            busy: false,
            resending: false,
            request_id: 0,
            screen_id: 0,
            replies: 0,
        }
    }

    /// The step in front of the person.
    pub(crate) fn step(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Flow { transaction, other, .. } => shown(transaction, other.as_deref()),
            Phase::Starting(_) | Phase::Over(_) | Phase::SignedIn(_) => None,
        }
    }

    pub(crate) fn screen(&self) -> Screen {
        match &self.phase {
            Phase::Starting(_) => Screen::Starting,
            Phase::Flow { transaction, given, .. } => read_step::screen(transaction, self.step(), given),
            Phase::Over(why) => Screen::Ended(why.ended()),
            Phase::SignedIn(person) => Screen::SignedIn(person.clone()),
        }
    }

    /// What is shown, where the first part of the program can show it.
    pub(crate) fn first_screen(&self) -> Option<FirstScreen> {
        match &self.phase {
            Phase::Starting(_) => Some(FirstScreen::Starting),
            Phase::Flow { transaction, .. } => {
                read_step::sign_in_form(transaction, self.step()).map(FirstScreen::SignIn)
            }
            Phase::Over(_) | Phase::SignedIn(_) => None,
        }
    }

    /// The address that belongs in the bar.
    pub(crate) fn path(&self) -> Option<String> {
        match &self.phase {
            Phase::Starting(_) => None,
            Phase::Flow { transaction, .. } => Some(route::path(transaction, self.step())),
            Phase::Over(_) => Some(TERMINAL.to_owned()),
            Phase::SignedIn(_) => Some(HOME.to_owned()),
        }
    }

    /// Why the flow is over, if it is.
    pub(super) fn over(&self) -> Option<Over> {
        match self.phase {
            Phase::Over(why) => Some(why),
            Phase::Flow { .. } | Phase::Starting(_) | Phase::SignedIn(_) => None,
        }
    }

    /// What a passkey signs that is picked where the username is typed.
    pub(crate) fn passkey_challenge(&self) -> Option<&Value> {
        match &self.phase {
            Phase::Flow { transaction, .. } => step_fields::passkey_challenge(transaction),
            Phase::Starting(_) | Phase::Over(_) | Phase::SignedIn(_) => None,
        }
    }

    /// The token that goes back with an answer to this step.
    pub(crate) fn token(&self) -> Option<&str> {
        match &self.phase {
            Phase::Flow { transaction, .. } => Some(&transaction.transaction),
            Phase::Starting(_) | Phase::Over(_) | Phase::SignedIn(_) => None,
        }
    }

    /// Milliseconds between two polls, while there is something to wait for.
    pub(crate) fn polls(&self) -> Option<u32> {
        match &self.phase {
            Phase::Flow { transaction, .. } if !self.busy => read_step::polls(transaction, self.step()),
            Phase::Flow { .. } | Phase::Starting(_) | Phase::Over(_) | Phase::SignedIn(_) => None,
        }
    }

    pub(super) fn awaiting_reply(self) -> Self {
        Self { request_id: self.request_id + 1, busy: true, resending: false, problem: None, ..self }
    }
}

/// The step called `other`, or the org's next one, or at least one that can be answered. What may be skipped is asked first.
pub(super) fn shown<'a>(transaction: &'a Transaction, other: Option<&str>) -> Option<&'a Step> {
    if transaction.status != Status::Pending {
        return None;
    }
    let open = &transaction.available_steps;
    let named = other.and_then(|name| open.iter().find(|step| step.name == name));
    let next = transaction.next_step.as_ref();
    named
        .or(next.filter(|next| next.name != SKIP))
        .or_else(|| open.iter().find(|step| has_fields(step)))
        .or(next)
        .or_else(|| open.iter().find(|step| step.name != "cancel"))
}
