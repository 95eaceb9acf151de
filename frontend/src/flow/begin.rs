//! Looks up the current flow, or begins a new one.

use super::call::Call;
use super::note::Notes;
use super::view::{Lookup, Phase, View};
use latchkey_contract::Values;
use latchkey_contract::route::Entry;

/// Asks the server for the flow whose step has the path `path`.
pub(super) fn look_up_path(view: View, path: String) -> (View, Option<Call>) {
    look_up(view, Lookup::Address(path), Call::Current)
}

/// Asks the server who is signed in, for the home page.
pub(super) fn look_up_home(view: View, in_flow: bool, values: Values) -> (View, Option<Call>) {
    look_up(view, Lookup::Home { in_flow, values }, Call::SignedInPerson)
}

/// Makes the first call of the page.
pub(super) fn look_up(view: View, lookup: Lookup, call: Call) -> (View, Option<Call>) {
    (
        View { phase: Phase::Starting(lookup), screen_id: view.screen_id + 1, ..view }.awaiting_reply(),
        Some(call),
    )
}

/// Begins a flow.
pub(super) fn begin(view: View, entry: Entry, values: Values) -> (View, Option<Call>) {
    match view.phase {
        // The current screen stays until the next form arrives.
        Phase::Flow { .. } | Phase::Lost(_) => (view.awaiting_reply(), Some(Call::Begin(entry, values))),
        Phase::Starting(_) | Phase::SignedIn(_) => begin_with_notes(view, entry, values, Notes::default()),
    }
}

/// The messages stay until the new flow has messages of its own.
pub(super) fn begin_with_notes(
    view: View,
    entry: Entry,
    values: Values,
    notes: Notes,
) -> (View, Option<Call>) {
    let lookup = Lookup::Flow(entry, values.clone());
    look_up(View { notes, ..view }, lookup, Call::Begin(entry, values))
}
