//! Looks up the current flow, or begins a new one.

use super::call::Call;
use super::note::Notes;
use super::view::{Lookup, Phase, View};
use latchkey_contract::Values;
use latchkey_contract::route::Entry;

/// Asks the server for the flow whose step has the path `path`.
pub(super) fn seek(view: View, path: String) -> (View, Option<Call>) {
    look(view, Lookup::Address(path), Call::Current)
}

pub(super) fn home(view: View, in_flow: bool, values: Values) -> (View, Option<Call>) {
    look(view, Lookup::Home { in_flow, values }, Call::SignedInPerson)
}

pub(super) fn look(view: View, sought: Lookup, call: Call) -> (View, Option<Call>) {
    (
        View { phase: Phase::Starting(sought), screen_id: view.screen_id + 1, ..view }.awaiting_reply(),
        Some(call),
    )
}

pub(super) fn begin(view: View, entry: Entry, values: Values) -> (View, Option<Call>) {
    match view.phase {
        // The current screen stays until the next form arrives.
        Phase::Flow { .. } | Phase::Lost(_) => (view.awaiting_reply(), Some(Call::Begin(entry, values))),
        Phase::Starting(_) | Phase::SignedIn(_) => begin_saying(view, entry, values, Notes::default()),
    }
}

/// The messages stay until the new flow has messages of its own.
pub(super) fn begin_saying(view: View, entry: Entry, values: Values, notes: Notes) -> (View, Option<Call>) {
    let sought = Lookup::Flow(entry, values.clone());
    look(View { notes, ..view }, sought, Call::Begin(entry, values))
}
