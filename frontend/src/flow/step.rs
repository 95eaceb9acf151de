//! The one function that changes the view. It uses neither the network nor the page; it returns the next call.

use super::begin::{begin, look_up, look_up_home, look_up_path};
use super::call::{Call, CallError, Reply};
use super::lost_flow::LostFlow;
use super::note::Notes;
use super::page_path;
use super::reply::{after_poll, after_reply, without_form};
use super::step_fields::has_fields;
use super::step_reader::SKIP;
use super::view::{Lookup, Phase, View, shown};
use crate::text::Phrase;
use crate::values;
use latchkey_contract::route::{self, Entry, HOME};
use latchkey_contract::{MessageClass, Values};

/// An event.
#[derive(Debug)]
pub(crate) enum Event {
    /// The page was opened at `path`; the tab may have a flow already.
    Opened { path: String, values: Values, in_flow: bool },
    /// The address changed: back, forward, or a link.
    Navigated { path: String },
    /// The person answered the current step.
    Submit(Values),
    /// Resend the code or the message.
    Resend,
    /// Show another available step.
    Show(String),
    /// Cancel the flow.
    Cancel,
    /// Repeat the failed call.
    Retry,
    /// The browser is online again.
    Online,
    /// It is time to poll.
    Poll,
    /// Sign out, here or everywhere.
    SignOut { everywhere: bool },
    /// The page itself has an error to show.
    ShowError(Phrase),
    /// The reply to a call.
    Replied { request_id: u32, result: Result<Reply, CallError> },
    /// The reply to a poll.
    Polled { request_id: u32, result: Result<Reply, CallError> },
}

/// The view after an event, and the call that follows.
pub(crate) fn step(view: View, event: Event) -> (View, Option<Call>) {
    let (view, call) = match react(view, event) {
        (view, None) if view.to_be_cancelled && !view.busy => {
            react(View { to_be_cancelled: false, ..view }, Event::Cancel)
        }
        other => other,
    };
    match (view, call) {
        (view, Some(call)) if call != Call::Poll => {
            (View { last_call: Some(call.clone()), ..view }, Some(call))
        }
        (view, call) => (view, call),
    }
}

fn react(view: View, event: Event) -> (View, Option<Call>) {
    match event {
        Event::Opened { path, values, in_flow } => open(view, path, values, in_flow),
        Event::Navigated { path } => navigate(view, path),
        // Enter held down, or a second click: the first one counts.
        Event::Submit(_) | Event::Resend | Event::SignOut { .. } if view.busy => (view, None),
        Event::Submit(values) => submit(view, values),
        Event::Resend => {
            let call = Call::Proceed(values::one("resend", true));
            (View { resending: true, notes: Notes::default(), ..view.awaiting_reply() }, Some(call))
        }
        Event::Show(name) => (show(view, Some(name)), None),
        // A flow that is beginning can be cancelled once it has begun.
        Event::Cancel if view.busy => {
            (View { to_be_cancelled: view.last_call != Some(Call::Cancel), ..view }, None)
        }
        Event::Cancel if matches!(view.phase, Phase::Flow { .. }) => {
            (view.awaiting_reply(), Some(Call::Cancel))
        }
        Event::Cancel => (view, None),
        Event::Retry => retry(view),
        Event::Online if view.problem != Some(CallError::Offline) => (view, None),
        Event::Online if matches!(view.phase, Phase::Starting(_)) => retry(view),
        Event::Online => (View { problem: None, ..view }, None),
        Event::Poll if view.poll_interval().is_some() => (View { polling: true, ..view }, Some(Call::Poll)),
        Event::Poll => (view, None),
        Event::SignOut { everywhere } => (view.awaiting_reply(), Some(Call::SignOut { everywhere })),
        Event::ShowError(phrase) => (
            View { notes: Notes::only(MessageClass::Error, phrase), replies: view.replies + 1, ..view },
            None,
        ),
        // The reply to a call that a later one has superseded.
        Event::Replied { request_id, .. } if request_id != view.request_id => (view, None),
        Event::Polled { request_id, .. } if request_id != view.request_id => {
            (View { polling: false, ..view }, None)
        }
        Event::Replied { result, .. } => after_reply(View { replies: view.replies + 1, ..view }, result),
        Event::Polled { result, .. } => {
            after_poll(View { replies: view.replies + 1, polling: false, ..view }, result)
        }
    }
}

fn open(view: View, path: String, values: Values, in_flow: bool) -> (View, Option<Call>) {
    match Entry::at(&path) {
        // This tab ignores flows of other tabs.
        Some(entry) if !in_flow || !values.is_empty() => begin(view, entry, values),
        None if path == HOME => look_up_home(view, in_flow, values),
        None if !route::is_of_step(&path) => (no_page(view), None),
        Some(_) | None => look_up_path(view, path),
    }
}

/// The address belongs to no page.
fn no_page(view: View) -> View {
    match view.phase {
        Phase::Lost(LostFlow::NoPage) => view,
        _ => without_form(view, LostFlow::NoPage),
    }
}

/// Back and forward lead to steps that are still available. Otherwise the server returns the current step.
fn navigate(view: View, path: String) -> (View, Option<Call>) {
    if matches!(view.phase, Phase::Starting(_)) || view.path().as_ref() == Some(&path) {
        return (view, None);
    }
    if let Phase::Flow { transaction, .. } = &view.phase {
        if page_path::path(transaction, shown(transaction, None)) == path {
            return (show(view, None), None);
        }
        let open = transaction.available_steps.iter().filter(|other| has_fields(other));
        let there = open.map(|other| (other, page_path::path(transaction, Some(other))));
        if let Some((other, _)) = there.into_iter().find(|(_, address)| *address == path) {
            let name = other.name.clone();
            return (show(view, Some(name)), None);
        }
    }
    match Entry::at(&path) {
        Some(entry) => begin(view, entry, Values::new()),
        None if path == HOME => (view.awaiting_reply(), Some(Call::SignedInPerson)),
        None if !route::is_of_step(&path) => (no_page(view), None),
        None => (view.awaiting_reply(), Some(Call::Current)),
    }
}

fn submit(view: View, values: Values) -> (View, Option<Call>) {
    let is_enrollment = view.step().is_some_and(|step| step.name == "authenticator-enrollment-data");
    let asks_number =
        view.step().is_some_and(|step| step.inputs.iter().any(|input| input.name == "phoneNumber"));
    match view.phase {
        // The channel is known now; the next page asks for the address, and both are sent together.
        Phase::Flow { transaction, other, given }
            if is_enrollment && asks_number && !values.contains_key("phoneNumber") && !is_skip(&values) =>
        {
            let given = values::both(given, values);
            let phase = Phase::Flow { transaction, other, given };
            (View { phase, notes: Notes::default(), screen_id: view.screen_id + 1, ..view }, None)
        }
        Phase::Flow { ref given, .. } => {
            let values: Values = if is_skip(&values) { values } else { values::both(given.clone(), values) };
            (view.awaiting_reply(), Some(Call::Proceed(values)))
        }
        Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => (view, None),
    }
}

/// Whether the step is skipped instead of answered.
fn is_skip(values: &Values) -> bool {
    values.contains_key(SKIP)
}

fn show(view: View, other: Option<String>) -> View {
    match view.phase {
        Phase::Flow { transaction, .. } => {
            let phase = Phase::Flow { transaction, other, given: Values::new() };
            View { phase, notes: Notes::default(), problem: None, screen_id: view.screen_id + 1, ..view }
        }
        Phase::Starting(_) | Phase::Lost(_) | Phase::SignedIn(_) => view,
    }
}

fn retry(view: View) -> (View, Option<Call>) {
    match &view.phase {
        Phase::Starting(Lookup::Address(path)) => {
            let path = path.clone();
            look_up_path(view, path)
        }
        Phase::Starting(Lookup::Home { in_flow, values }) => {
            let (in_flow, values) = (*in_flow, values.clone());
            look_up_home(view, in_flow, values)
        }
        Phase::Starting(Lookup::SignedIn) => look_up(view, Lookup::SignedIn, Call::SignedInPerson),
        Phase::Starting(Lookup::Flow(entry, values)) => {
            let (entry, values) = (*entry, values.clone());
            begin(view, entry, values)
        }
        Phase::Lost(_) => begin(view, Entry::SignIn, Values::new()),
        // A failed call is repeated with its answer, so that no one types it twice.
        Phase::Flow { .. } => {
            let failed = view.last_call.clone().filter(|_| view.problem.is_some());
            let resending = view.resending;
            (View { resending, ..view.awaiting_reply() }, Some(failed.unwrap_or(Call::Current)))
        }
        Phase::SignedIn(_) => (view.awaiting_reply(), Some(Call::SignedInPerson)),
    }
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
