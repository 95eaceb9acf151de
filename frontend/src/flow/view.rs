//! The view: the state of the page, and pure questions about it.

use super::already_signed_in::already_signed_in;
use super::call::{Call, CallError};
use super::device_step::{self, Launch};
use super::lost_flow::LostFlow;
use super::note::Notes;
use super::page_path;
use super::screen::{FirstScreen, Screen, SignedInAlready, SignedInPerson};
use super::screen_of_step;
use super::step_fields::{self, has_fields};
use super::step_reader::SKIP;
use latchkey_contract::route::{Entry, HOME, TERMINAL};
use latchkey_contract::{IdentifiedUser, Status, Step, StepUp, Transaction, Value, Values};

/// The state of the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) phase: Phase,
    pub(crate) notes: Notes,
    pub(crate) problem: Option<CallError>,
    /// A call is in progress.
    pub(crate) busy: bool,
    /// The last call that was no poll. It is repeated if it failed.
    pub(crate) last_call: Option<Call>,
    /// The call in progress is a resend.
    pub(crate) resending: bool,
    /// A poll is in progress. The next one waits for it: this one may sign in, which gives the browser a new session.
    pub(crate) polling: bool,
    /// The flow is to be cancelled after the call in progress.
    pub(crate) to_be_cancelled: bool,
    /// The number of calls; a reply to an older one is ignored.
    pub(crate) request_id: u32,
    /// The number of screens. Two steps may look alike, but text typed into one must not appear in the other; a refused
    /// answer keeps the screen.
    pub(crate) screen_id: u32,
    /// The number of replies, after which the poll timer restarts and the focus moves.
    pub(crate) replies: u32,
}

/// The phase of the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Before the first reply.
    Starting(Lookup),
    /// In a flow: at the org's next step, or at another available one.
    Flow { transaction: Box<Transaction>, other: Option<String>, given: Values },
    /// After a lost flow, when the person has to start a new one.
    Lost(LostFlow),
    /// Signed in.
    SignedIn(SignedInPerson),
}

/// What the first call looks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lookup {
    /// The step at this path, if this tab's flow is there.
    Address(String),
    /// The signed-in person, else this tab's flow, else a new sign-in with these values.
    Home { in_flow: bool, values: Values },
    /// The person who has just signed in.
    SignedIn,
    /// A new flow.
    Flow(Entry, Values),
}

impl View {
    /// The view before the first event.
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Starting(Lookup::Home { in_flow: false, values: Values::new() }),
            notes: Notes::default(),
            problem: None,
            busy: false,
            last_call: None,
            resending: false,
            polling: false,
            to_be_cancelled: false,
            request_id: 0,
            screen_id: 0,
            replies: 0,
        }
    }

    /// The transaction of the flow.
    fn transaction(&self) -> Option<&Transaction> {
        match &self.phase {
            Phase::Flow { transaction, .. } => Some(transaction),
            Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => None,
        }
    }

    /// The account, from the moment that the org knows it; in a step-up, the one that signs in again.
    pub(crate) fn user(&self) -> Option<&IdentifiedUser> {
        let transaction = self.transaction()?;
        let again = transaction.signed_in.as_ref().filter(|_| transaction.step_up.is_some());
        transaction.user.as_ref().or(again)
    }

    /// What the person signs in again for.
    pub(crate) fn step_up(&self) -> Option<&StepUp> {
        self.transaction()?.step_up.as_ref()
    }

    /// Whether an account is signed in beside the flow.
    pub(super) fn has_session(&self) -> bool {
        self.transaction().is_some_and(|transaction| transaction.signed_in.is_some())
    }

    /// The app's name; empty if it is not known.
    pub(crate) fn app(&self) -> &str {
        self.transaction().map_or("", |transaction| &transaction.app)
    }

    /// The step on the screen.
    pub(crate) fn step(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Flow { transaction, other, .. } => shown(transaction, other.as_deref()),
            Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => None,
        }
    }

    pub(crate) fn screen(&self) -> Screen {
        if let Some(already) = self.signed_in_already() {
            return Screen::SignedInAlready(already);
        }
        match &self.phase {
            Phase::Starting(_) => Screen::Starting,
            Phase::Flow { transaction, given, .. } => screen_of_step::screen(transaction, self.step(), given),
            Phase::Lost(why) => Screen::Ended(why.ended()),
            Phase::SignedIn(person) => Screen::SignedIn(person.clone()),
        }
    }

    /// The account to continue with, unless the person has chosen to sign in.
    fn signed_in_already(&self) -> Option<SignedInAlready> {
        match &self.phase {
            Phase::Flow { transaction, other: None, .. } => {
                already_signed_in(transaction, self.step(), self.last_call.as_ref()?)
            }
            Phase::Flow { .. } | Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => None,
        }
    }

    /// The screen, if the first part of the program can show it.
    pub(crate) fn first_screen(&self) -> Option<FirstScreen> {
        match &self.phase {
            Phase::Starting(_) => Some(FirstScreen::Starting),
            Phase::Flow { transaction, .. } => {
                screen_of_step::sign_in_form(transaction, self.step()).map(FirstScreen::SignIn)
            }
            Phase::Lost(_) | Phase::SignedIn(_) => None,
        }
    }

    /// The path for the address bar.
    pub(crate) fn path(&self) -> Option<String> {
        match &self.phase {
            Phase::Starting(_) => None,
            Phase::Flow { transaction, .. } => Some(page_path::path(transaction, self.step())),
            // The wrong address stays, so that the person can correct it.
            Phase::Lost(LostFlow::NoPage) => None,
            Phase::Lost(_) => Some(TERMINAL.to_owned()),
            Phase::SignedIn(_) => Some(HOME.to_owned()),
        }
    }

    /// The code of what is wrong, for the page around the element.
    pub(super) fn error(&self) -> Option<&'static str> {
        match (&self.phase, &self.problem) {
            _ if self.busy => None,
            (Phase::Lost(why), _) => Some(why.code()),
            (_, problem) => problem.as_ref().map(CallError::code),
        }
    }

    /// Whether the last call began a flow with the token of a mailed link.
    pub(super) fn came_by_link(&self) -> bool {
        match &self.last_call {
            Some(Call::Begin(_, values)) => {
                ["activationToken", "recoveryToken"].iter().any(|token| values.contains_key(token))
            }
            _ => false,
        }
    }

    /// Whether the last call began a flow with options of the address, which would be refused again.
    pub(super) fn began_with_options(&self) -> bool {
        matches!(&self.last_call, Some(Call::Begin(_, values)) if !values.is_empty())
    }

    /// What a passkey signs that answers the step of this name.
    pub(crate) fn passkey_challenge(&self, name: &str) -> Option<&Value> {
        step_fields::passkey_challenge(self.transaction()?, name)
    }

    /// How Okta Verify is started, if the org offers it.
    pub(crate) fn launch(&self) -> Option<Launch> {
        match &self.phase {
            Phase::Flow { transaction, .. } => device_step::launch(transaction),
            Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => None,
        }
    }

    /// Whether the org offers the step of this name.
    pub(crate) fn offers(&self, name: &str) -> bool {
        self.transaction()
            .is_some_and(|transaction| transaction.available_steps.iter().any(|step| step.name == name))
    }

    /// The token to send with an answer to this step.
    pub(crate) fn token(&self) -> Option<&str> {
        self.transaction().map(|transaction| &*transaction.transaction)
    }

    /// Milliseconds until the next poll, if the step is polled and no poll is in progress.
    pub(crate) fn poll_interval(&self) -> Option<u32> {
        match &self.phase {
            Phase::Flow { transaction, .. } if !self.busy && !self.polling => {
                screen_of_step::poll_interval(transaction, self.step())
            }
            Phase::Flow { .. } | Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => None,
        }
    }

    pub(super) fn awaiting_reply(self) -> Self {
        Self { request_id: self.request_id + 1, busy: true, resending: false, problem: None, ..self }
    }
}

/// The step named `other`, else the org's next one, else an available one. A skippable step comes first.
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
