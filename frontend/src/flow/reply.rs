//! The view after a reply of the server.

use super::begin::{begin, begin_with_notes, look_up, look_up_path};
use super::call::{Call, CallError, Reply};
use super::lost_flow::LostFlow;
use super::note::{Notes, notes};
use super::page_path;
use super::view::{Lookup, Phase, View, shown};
use crate::text::Phrase;
use latchkey_contract::route::{Entry, HOME};
use latchkey_contract::{MessageClass, ProblemCode, Status, Step, Transaction, Values};

/// The view after the reply to an action of the person.
pub(super) fn after_reply(view: View, result: Result<Reply, CallError>) -> (View, Option<Call>) {
    match result {
        Ok(Reply::At(transaction)) => after_transaction(view, transaction),
        // An identity provider sends people back here, and the org may ask for more.
        Ok(Reply::SignedInPerson(None)) | Err(CallError::Refused(ProblemCode::NotSignedIn, _))
            if matches!(view.phase, Phase::Starting(Lookup::Home { in_flow: true, .. })) =>
        {
            look_up_path(view, HOME.to_owned())
        }
        // Signed in, but the session has no person: a new flow would end here again, in an endless loop.
        Ok(Reply::NoFlow | Reply::SignedInPerson(None))
        | Err(CallError::Refused(ProblemCode::NotSignedIn, _))
            if matches!(view.phase, Phase::Starting(Lookup::SignedIn | Lookup::Flow(..))) =>
        {
            (View { busy: false, problem: Some(CallError::Garbled), ..view }, None)
        }
        // The flow was not finished in another tab either.
        Ok(Reply::SignedInPerson(None)) if view.problem.as_ref().and_then(LostFlow::of).is_some() => {
            (without_form(view, LostFlow::Expired), None)
        }
        Ok(Reply::NoFlow | Reply::SignedInPerson(None))
        | Err(CallError::Refused(ProblemCode::NotSignedIn, _)) => without_flow(view),
        Err(CallError::Refused(ProblemCode::NoTransaction, _)) if view.came_by_link() => {
            (without_form(view, LostFlow::InvalidLink), None)
        }
        Err(CallError::Refused(ProblemCode::InvalidRequest, _)) if view.began_with_options() => {
            (without_form(view, LostFlow::InvalidOption), None)
        }
        Err(gone @ CallError::Refused(ProblemCode::NoTransaction, _))
            if matches!(view.phase, Phase::Flow { .. }) =>
        {
            // Another tab may have finished the flow, so that a person is signed in.
            (View { problem: Some(gone), ..view.awaiting_reply() }, Some(Call::SignedInPerson))
        }
        Ok(Reply::SignedInPerson(Some(person))) => {
            let phase = Phase::SignedIn(person);
            let screen_id = view.screen_id + 1;
            (View { phase, busy: false, notes: Notes::default(), problem: None, screen_id, ..view }, None)
        }
        Ok(Reply::SignedOutAtOrg(address)) => (view.awaiting_reply(), Some(Call::Leave(address))),
        Ok(Reply::Moved(transaction)) => {
            let (moved, call) = after_transaction(view, transaction);
            let silent = moved.notes.is_empty();
            let notes = if silent { Notes::only(MessageClass::Info, Phrase::StepMoved) } else { moved.notes };
            (View { notes, ..moved }, call)
        }
        Err(problem) => match LostFlow::of(&problem) {
            Some(_) if matches!(view.phase, Phase::Starting(Lookup::Address(_))) => without_flow(view),
            Some(why) => (without_form(view, why), None),
            None => (View { busy: false, problem: Some(problem), ..view }, None),
        },
    }
}

/// The view where the flow is at this transaction.
fn after_transaction(view: View, transaction: Box<Transaction>) -> (View, Option<Call>) {
    if let Phase::Starting(Lookup::Address(path)) = &view.phase
        && let Some(entry) = Entry::at(path)
        && page_path::path(&transaction, shown(&transaction, None)) != *path
    {
        // The opened path is a step that this tab's flow has passed.
        return begin(view, entry, Values::new());
    }
    match transaction.status {
        // The home page does not show how an earlier flow ended.
        Status::Terminal if matches!(&view.phase, Phase::Starting(Lookup::Address(path)) if path == HOME) => {
            begin(view, Entry::SignIn, Values::new())
        }
        // The tokens are on the server; the page only asks who is signed in.
        Status::Success => match return_address(*transaction) {
            Some(address) => (view.awaiting_reply(), Some(Call::Leave(address))),
            None => look_up(view, Lookup::SignedIn, Call::SignedInPerson),
        },
        Status::Canceled => begin(view, Entry::SignIn, Values::new()),
        Status::Pending | Status::Terminal => (at_step(view, transaction), None),
    }
}

/// Where the flow said that the browser goes after signing in.
fn return_address(transaction: Transaction) -> Option<String> {
    transaction.next_step.filter(|step| step.name == "success-redirect")?.href
}

/// The view where there is no flow: a sign-in begins. The page says so if it was at a step of one, or was opened at one.
fn without_flow(view: View) -> (View, Option<Call>) {
    let (entry, is_missed) = match &view.phase {
        Phase::Starting(Lookup::Address(path)) => (Entry::at(path), path != HOME),
        Phase::Flow { .. } => (None, true),
        Phase::Starting(Lookup::Home { .. } | Lookup::SignedIn | Lookup::Flow(..))
        | Phase::Lost(_)
        | Phase::SignedIn(_) => (None, false),
    };
    let is_missed = is_missed && entry.is_none();
    let has_signed_out = matches!(view.last_call, Some(Call::SignOut { .. }));
    let notes = match (is_missed, has_signed_out) {
        (true, _) => Notes::only(MessageClass::Info, Phrase::Gone),
        (false, true) => Notes::only(MessageClass::Info, Phrase::SignedOut),
        (false, false) => Notes::default(),
    };
    let values = match &view.phase {
        Phase::Starting(Lookup::Home { values, .. }) => values.clone(),
        Phase::Starting(_) | Phase::Flow { .. } | Phase::Lost(_) | Phase::SignedIn(_) => Values::new(),
    };
    begin_with_notes(view, entry.unwrap_or(Entry::SignIn), values, notes)
}

/// The view where there is no flow and no form: the person can start a new one.
pub(super) fn without_form(view: View, why: LostFlow) -> View {
    let notes = Notes::only(why.class(), why.phrase());
    View { phase: Phase::Lost(why), notes, problem: None, busy: false, screen_id: view.screen_id + 1, ..view }
}

/// The view after a poll. One without news keeps the messages; a failed one is repeated later.
pub(super) fn after_poll(view: View, result: Result<Reply, CallError>) -> (View, Option<Call>) {
    match (result, &view.phase) {
        (Ok(Reply::At(transaction)), Phase::Flow { transaction: before, other, given }) => {
            let (now, then) = (shown(&transaction, None), shown(before, None));
            if transaction.messages.is_empty() && ask_the_same(now, then) {
                let phase = Phase::Flow { transaction, other: other.clone(), given: given.clone() };
                return (View { phase, ..view }, None);
            }
            after_reply(view, Ok(Reply::At(transaction)))
        }
        // The flow was finished elsewhere, for example in a tab that a mailed link opened.
        (Err(CallError::Refused(ProblemCode::NotSignedIn | ProblemCode::NoTransaction, _)), _) => {
            (view.awaiting_reply(), Some(Call::SignedInPerson))
        }
        (Err(problem), _) if LostFlow::of(&problem).is_none() => (view, None),
        (result, _) => after_reply(view, result),
    }
}

/// The view at the next step of the transaction.
fn at_step(view: View, transaction: Box<Transaction>) -> View {
    let step = shown(&transaction, None);
    let is_same = ask_the_same(view.step(), step);
    let resent = is_same && view.resending;
    let notes = match notes(&transaction, step) {
        silent if resent && silent.is_empty() => Notes::only(MessageClass::Info, sent_again(step)),
        // A signed-in person has lost nothing with an earlier flow.
        silent if silent.is_empty() && has_begun_signed_out(&view, &transaction) => view.notes,
        notes => notes,
    };
    let screen_id = if is_same && (resent || notes.object()) { view.screen_id } else { view.screen_id + 1 };
    let given = match &view.phase {
        Phase::Flow { given, .. } if is_same => given.clone(),
        Phase::Flow { .. } | Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => Values::new(),
    };
    let phase = Phase::Flow { transaction, other: None, given };
    View { phase, notes, screen_id, busy: false, resending: false, problem: None, ..view }
}

fn has_begun_signed_out(view: &View, transaction: &Transaction) -> bool {
    matches!(view.phase, Phase::Starting(Lookup::Flow(..))) && transaction.signed_in.is_none()
}

fn sent_again(step: Option<&Step>) -> Phrase {
    let asks_code = step.is_some_and(|step| step.inputs.iter().any(|input| input.name == "verificationCode"));
    if asks_code { Phrase::CodeSentAgain } else { Phrase::SentAgain }
}

/// Whether two steps ask the person for the same.
fn ask_the_same(one: Option<&Step>, other: Option<&Step>) -> bool {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (None, None) => return true,
        (Some(_), None) | (None, Some(_)) => return false,
    };
    let pairs = one.inputs.iter().zip(&other.inputs);
    let same_inputs =
        one.inputs.len() == other.inputs.len() && pairs.into_iter().all(|(a, b)| a.name == b.name);
    one.name == other.name && about(one) == about(other) && same_inputs
}

/// The authenticator a step is about, and the number to choose on it.
fn about(step: &Step) -> Option<(&str, Option<&str>)> {
    let held = step.authenticator.as_ref()?;
    Some((&held.key, held.contextual_data.as_ref().and_then(|data| data.correct_answer.as_deref())))
}
