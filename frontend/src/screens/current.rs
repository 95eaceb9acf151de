//! Shows the current screen and moves the focus to its first field.

use super::form::FormScreen;
use super::load_failed::LoadFailedScreen;
use super::starting::StartingScreen;
use crate::any_element::AnyElement;
use crate::browser::early_form::{self, FocusState};
use crate::browser::schedule::soon;
use crate::browser::{focus, mount, when_idle};
use crate::flow::Flow;
use crate::flow::screen::FirstScreen;
use crate::text::Phrase;
use crate::{late, late_part};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;

/// One screen at a time. Each step is built anew, so that no text typed into one appears in the next.
#[component]
pub(crate) fn CurrentScreen(flow: Flow) -> impl IntoView {
    return_focus(flow);
    let fetching = RwSignal::new(Fetching::No);
    prefetch(flow);
    let before = StoredValue::new(None);
    move || {
        let id = flow.screen_id.get();
        let screen = flow.first_screen();
        let stand_in = (screen.is_none() && late::functions().is_none()).then(|| fetch(fetching, flow));
        // The signed-in screen changes its own texts.
        if stand_in.is_some() || !flow.is_signed_in() {
            flow.text.language.track();
        }
        let is_starting =
            matches!(screen, Some(FirstScreen::Starting)) || stand_in == Some(Fetching::Underway);
        let is_quiet = is_starting && flow.notices.with(|notices| notices.problem.is_none());
        // The early form stays until then, because the person may be typing into it.
        (!is_quiet || !early_form::is_shown()).then(|| {
            let now = (id, stand_in);
            let earlier = match before.try_update_value(|before| before.replace(now)).flatten() {
                None => Earlier::EarlyForm,
                Some(before) if before == now => Earlier::SameScreen,
                Some(_) => Earlier::OtherScreen,
            };
            untrack(|| show(screen, stand_in, earlier, fetching, flow))
        })
    }
}

/// Fetches the late part: at once, unless the first form is visible, which does not need it.
fn prefetch(flow: Flow) {
    let fetch = move || {
        spawn_local(async move {
            // A screen that needs it fetches it again.
            fetch_late_part(flow).await;
        });
    };
    if early_form::is_shown() { when_idle(fetch) } else { fetch() }
}

/// The state of the late part for a screen that waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fetching {
    No,
    Underway,
    Failed,
}

/// Fetches the late part for a screen, and returns the state of the fetch.
fn fetch(fetching: RwSignal<Fetching>, flow: Flow) -> Fetching {
    if fetching.get() == Fetching::No {
        fetching.update_untracked(|fetching| *fetching = Fetching::Underway);
        spawn_local(async move {
            let is_fetched = fetch_late_part(flow).await;
            fetching.set(if is_fetched { Fetching::No } else { Fetching::Failed });
        });
    }
    fetching.get_untracked()
}

/// Fetches the late part, with our words for the org's messages. Returns whether it is here.
async fn fetch_late_part(flow: Flow) -> bool {
    let late = late_part::fetch().await;
    late.map(|late| flow.text.install(late.org_words)).is_ok()
}

/// The field of the early form.
const USERNAME: &str = "username";

/// What the page showed before a screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Earlier {
    EarlyForm,
    /// The same screen, in another language: typed values, secrets too, and the focus stay.
    SameScreen,
    OtherScreen,
}

/// Builds the screen.
fn show(
    screen: Option<FirstScreen>,
    stand_in: Option<Fetching>,
    earlier: Earlier,
    fetching: RwSignal<Fetching>,
    flow: Flow,
) -> AnyElement {
    let is_step = !matches!(screen, Some(FirstScreen::Starting)) && stand_in.is_none();
    match earlier {
        Earlier::SameScreen => early_form::take_over(),
        // Any screen may follow the early form, and the username is kept for the one that has its field.
        Earlier::EarlyForm => {
            early_form::value(USERNAME).into_iter().for_each(|typed| flow.note_draft(USERNAME, &typed));
        }
        Earlier::OtherScreen => {}
    }
    let focused = early_form::focus_state();
    // Do not take the focus from a field of the page around the element.
    let is_elsewhere = earlier == Earlier::SameScreen && focused.is_none() || !mount::has_focus();
    let element = match stand_in {
        None => view(screen, flow),
        Some(Fetching::No | Fetching::Underway) => view! { <StartingScreen flow/> }.into_inner(),
        Some(Fetching::Failed) => {
            view! { <LoadFailedScreen on_retry=move || fetching.set(Fetching::No) flow/> }.into_inner()
        }
    };
    if earlier == Earlier::EarlyForm {
        early_form::remove();
    }
    // By then the screen is in the page, and its fields have their values.
    soon(move || {
        let pressed = if is_step { early_form::take_pressed() } else { None };
        let is_sent = pressed.as_deref() == Some(early_form::SUBMIT);
        // The early form was sent before it was complete: the focus goes to the empty field, without an error.
        if let Some(selector) = pressed.filter(|_| !is_sent || focus::is_filled_in()) {
            early_form::press(&selector);
        } else if !is_elsewhere && (is_sent || !focused.is_some_and(FocusState::restore)) {
            focus::focus_step();
        }
    });
    element
}

fn view(screen: Option<FirstScreen>, flow: Flow) -> AnyElement {
    match (screen, late::functions()) {
        (Some(FirstScreen::SignIn(form)), _) => {
            let heading = flow.text.phrase(Phrase::SignIn);
            view! { <FormScreen form heading button=flow.text.phrase(Phrase::Next) flow/> }.into_inner()
        }
        (None, Some(late)) => (late.screen)(flow),
        (Some(FirstScreen::Starting), _) | (None, None) => view! { <StartingScreen flow/> }.into_inner(),
    }
}

/// Moves the focus after a reply with notes, even if the screen stays the same.
fn return_focus(flow: Flow) {
    let before = Cell::new((0, 0));
    Effect::new(move || {
        let (replies, request) = (flow.replies(), flow.request_id());
        let (last_replies, last_request) = before.get();
        if replies == last_replies {
            return;
        }
        before.set((replies, request));
        // The person did not cause a poll, so notes that remain after it do not move the focus.
        if request != last_request && flow.notices.with_untracked(|notices| !notices.notes.is_empty()) {
            // After refused values were cleared.
            focus::focus_step_when_drawn();
        }
    });
}
