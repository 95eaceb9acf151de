//! What an answer of the server makes of the view.

use super::call::{Call, Problem, Reply};
use super::note::{Notes, notes};
use super::over::Over;
use super::route::{self, Entry, HOME};
use super::step::{begin, begin_saying, look, seek};
use super::view::{Place, Sought, View, shown};
use crate::text::Line;
use latchkey_contract::{Code, MessageClass, Status, Step, Transaction, Values};

/// An answer to what the person did.
pub(super) fn answered(view: View, result: Result<Reply, Problem>) -> (View, Option<Call>) {
    match result {
        Ok(Reply::At(transaction)) => stand(view, transaction),
        // An identity provider sends people back here, and the org may ask for more.
        Ok(Reply::Person(None)) | Err(Problem::Refused(Code::NotSignedIn, _))
            if matches!(view.place, Place::Starting(Sought::Home { in_flow: true })) =>
        {
            seek(view, HOME.to_owned())
        }
        // Signed in, and nobody there: to begin anew would end here again, and so on without end.
        Ok(Reply::Nowhere | Reply::Person(None)) | Err(Problem::Refused(Code::NotSignedIn, _))
            if matches!(view.place, Place::Starting(Sought::SignedIn | Sought::Flow(..))) =>
        {
            (View { busy: false, problem: Some(Problem::Garbled), ..view }, None)
        }
        // Nobody has finished it elsewhere either.
        Ok(Reply::Person(None)) if view.problem.as_ref().and_then(Over::of).is_some() => {
            over(view, Over::Expired)
        }
        Ok(Reply::Nowhere | Reply::Person(None)) | Err(Problem::Refused(Code::NotSignedIn, _)) => {
            nowhere(view)
        }
        Err(gone @ Problem::Refused(Code::NoTransaction, _)) if matches!(view.place, Place::Flow { .. }) => {
            // It may have been finished in another tab, and somebody is signed in.
            (View { problem: Some(gone), ..view.asking() }, Some(Call::Person))
        }
        Ok(Reply::Person(Some(person))) => {
            let has_ended_one = matches!(&view.place,
                Place::SignedIn(before) if before.sessions.len() > person.sessions.len());
            let notes = if has_ended_one {
                Notes::only(MessageClass::Info, Line::SessionEnded)
            } else {
                Notes::default()
            };
            let place = Place::SignedIn(person);
            (View { place, busy: false, notes, problem: None, lap: view.lap + 1, ..view }, None)
        }
        Ok(Reply::Moved(transaction)) => {
            let (moved, call) = stand(view, transaction);
            let silent = moved.notes.is_empty();
            let notes = if silent { Notes::only(MessageClass::Info, Line::StepMoved) } else { moved.notes };
            (View { notes, ..moved }, call)
        }
        Err(problem) => match Over::of(&problem) {
            Some(_) if matches!(view.place, Place::Starting(Sought::Address(_))) => nowhere(view),
            Some(why) => over(view, why),
            None => (View { busy: false, problem: Some(problem), ..view }, None),
        },
    }
}

fn stand(view: View, transaction: Box<Transaction>) -> (View, Option<Call>) {
    if let Place::Starting(Sought::Address(path)) = &view.place
        && let Some(entry) = Entry::at(path)
        && route::path(&transaction, shown(&transaction, None)) != *path
    {
        // The address that was opened is one that this tab's flow has left behind.
        return begin(view, entry, Values::new());
    }
    match transaction.status {
        // Whoever opens the front door is not shown how an earlier flow ended.
        Status::Terminal if matches!(&view.place, Place::Starting(Sought::Address(path)) if path == HOME) => {
            begin(view, Entry::SignIn, Values::new())
        }
        // The tokens are on the server; what is left is to learn who it is.
        Status::Success => look(view, Sought::SignedIn, Call::Person),
        Status::Canceled => begin(view, Entry::SignIn, Values::new()),
        Status::Pending | Status::Terminal => (arrive(view, transaction), None),
    }
}

/// There is no flow. Whoever was in one, or came for a step of one, is told so.
fn nowhere(view: View) -> (View, Option<Call>) {
    let (entry, is_missed) = match &view.place {
        Place::Starting(Sought::Address(path)) => (Entry::at(path), path != HOME),
        Place::Flow { .. } => (None, true),
        Place::Starting(Sought::Home { .. } | Sought::SignedIn | Sought::Flow(..))
        | Place::Over(_)
        | Place::SignedIn(_) => (None, false),
    };
    let is_missed = is_missed && entry.is_none();
    let notes = if is_missed { Notes::only(MessageClass::Info, Line::Gone) } else { Notes::default() };
    begin_saying(view, entry.unwrap_or(Entry::SignIn), Values::new(), notes)
}

/// The flow is gone, and with it the form: what is left is to begin a new one, when the person is ready.
fn over(view: View, why: Over) -> (View, Option<Call>) {
    let notes = Notes::only(MessageClass::Error, why.line());
    (View { place: Place::Over(why), notes, problem: None, busy: false, lap: view.lap + 1, ..view }, None)
}

/// A poll that finds nothing new leaves what is said where it is; one that cannot be made is made again later.
pub(super) fn polled(view: View, result: Result<Reply, Problem>) -> (View, Option<Call>) {
    match (result, &view.place) {
        (Ok(Reply::At(transaction)), Place::Flow { transaction: before, other, given }) => {
            let (now, then) = (shown(&transaction, None), shown(before, None));
            if transaction.messages.is_empty() && is_same(now, then) {
                let place = Place::Flow { transaction, other: other.clone(), given: given.clone() };
                return (View { place, ..view }, None);
            }
            answered(view, Ok(Reply::At(transaction)))
        }
        // Somebody finished the flow elsewhere: perhaps in a tab that a mailed link opened.
        (Err(Problem::Refused(Code::NotSignedIn | Code::NoTransaction, _)), _) => {
            (view.asking(), Some(Call::Person))
        }
        (Err(problem), _) if Over::of(&problem).is_none() => (view, None),
        (result, _) => answered(view, result),
    }
}

fn arrive(view: View, transaction: Box<Transaction>) -> View {
    let step = shown(&transaction, None);
    let is_same = is_same(view.step(), step);
    let resent = is_same && view.resending;
    let notes = match notes(&transaction, step) {
        silent if resent && silent.is_empty() => Notes::only(MessageClass::Info, sent_again(step)),
        silent if silent.is_empty() && matches!(view.place, Place::Starting(Sought::Flow(..))) => view.notes,
        notes => notes,
    };
    let lap = if is_same && (resent || notes.object()) { view.lap } else { view.lap + 1 };
    let given = match &view.place {
        Place::Flow { given, .. } if is_same => given.clone(),
        Place::Flow { .. } | Place::Starting(_) | Place::Over(_) | Place::SignedIn(_) => Values::new(),
    };
    let place = Place::Flow { transaction, other: None, given };
    View { place, notes, lap, busy: false, resending: false, problem: None, ..view }
}

fn sent_again(step: Option<&Step>) -> Line {
    let asks_code = step.is_some_and(|step| step.inputs.iter().any(|input| input.name == "verificationCode"));
    if asks_code { Line::CodeSentAgain } else { Line::SentAgain }
}

/// Whether two steps ask the same of the person.
fn is_same(one: Option<&Step>, other: Option<&Step>) -> bool {
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
