//! The screen that the flow is at, and the focus on what it asks.

use super::ended::EndedScreen;
use super::form::FormScreen;
use super::passkey::PasskeyScreen;
use super::signed_in::SignedInScreen;
use super::starting::StartingScreen;
use super::wait::WaitScreen;
use crate::any_element::AnyElement;
use crate::browser::early_form::{self, FocusState};
use crate::browser::{focus, mount};
use crate::flow::Flow;
use crate::flow::screen::Screen;
use leptos::prelude::*;
use std::cell::Cell;

/// One screen at a time. Each step is built anew, so that nothing typed into one is found in the next.
#[component]
pub(crate) fn CurrentScreen(flow: Flow) -> impl IntoView {
    return_focus(flow);
    let shown = StoredValue::new(None);
    move || {
        let id = flow.lap.get();
        flow.text.language.track();
        let screen = flow.screen();
        let is_quiet = matches!(screen, Screen::Starting) && flow.said.with(|(_, problem)| problem.is_none());
        // The form that came with the page is better than nothing, and the person may be typing into it.
        (!is_quiet || !early_form::is_shown()).then(|| {
            let before = shown.try_update_value(|shown| shown.replace(id)).flatten();
            untrack(|| show(screen, before.map(|before| before == id), flow))
        })
    }
}

/// Builds the screen. `is_same` says whether it stands here already, and only its language is another: then what was typed
/// stays, a secret too, and the focus stays where it is. `None`: nothing but the page's own form has been here.
fn show(screen: Screen, is_same: Option<bool>, flow: Flow) -> AnyElement {
    let is_form = matches!(screen, Screen::Fill(_));
    if is_same == Some(true) {
        early_form::take_over();
    }
    let focused = early_form::focus_state();
    // The focus is not taken from a field of the page around this one.
    let is_elsewhere = is_same == Some(true) && focused.is_none() || !mount::has_focus();
    let element = view(screen, flow);
    if is_same.is_none() {
        early_form::remove();
    }
    // Then the screen is in the page, and its fields have their values.
    queue_microtask(move || {
        if !is_elsewhere && !focused.is_some_and(FocusState::restore) {
            focus::focus_step();
        }
        if is_form && early_form::was_sent() {
            early_form::send();
        }
    });
    element
}

fn view(screen: Screen, flow: Flow) -> AnyElement {
    match screen {
        Screen::Starting => view! { <StartingScreen flow/> }.into_inner(),
        Screen::Fill(form) => view! { <FormScreen form flow/> }.into_inner(),
        Screen::Wait(wait) => view! { <WaitScreen wait flow/> }.into_inner(),
        Screen::Passkey(prompt) => view! { <PasskeyScreen prompt flow/> }.into_inner(),
        Screen::Ended(ended) => view! { <EndedScreen ended flow/> }.into_inner(),
        Screen::SignedIn(person) => view! { <SignedInScreen person flow/> }.into_inner(),
    }
}

/// After an answer that has notes the focus goes where it is needed, also when the screen is still the same.
fn return_focus(flow: Flow) {
    let before = Cell::new((0, 0));
    Effect::new(move || {
        let (replies, request) = (flow.beat(), flow.turn());
        let (last_replies, last_request) = before.get();
        if replies == last_replies {
            return;
        }
        before.set((replies, request));
        // A poll is no request of the person's: notes that are still there after it take the focus from nowhere.
        if request != last_request && flow.said.with_untracked(|(notes, _)| !notes.is_empty()) {
            // After what was refused has been emptied.
            request_animation_frame(focus::focus_step);
        }
    });
}
