//! A password field, with a button that shows the password and a Caps Lock hint.

use super::form_state::FormState;
use super::text_field::{Hints, TextField, hints, label};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::focus::{caps_lock, unmask};
use crate::flow::field::Field;
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;

/// A field for an existing password.
pub(super) fn password(field: &Field, state: FormState) -> AnyElement {
    view! { <Secret id=field.id() label=label(field, state) hints=hints(&field.control) state/> }.into_inner()
}

/// A field whose text is hidden until its button is clicked, which names the field.
#[component]
pub(super) fn Secret(
    id: String,
    label: String,
    hints: Hints,
    /// The error below it, if it is not the one that the form has.
    #[prop(optional_no_strip)]
    error: Option<Signal<String>>,
    state: FormState,
) -> AnyElement {
    let text = state.flow.text;
    let is_shown = RwSignal::new(false);
    let is_locked = RwSignal::new(false);
    let word = move || text.phrase(if is_shown.get() { Phrase::Hide } else { Phrase::Show });
    let named = label.clone();
    let name = move || [word().as_str(), &named].join(" ");
    let input = id.clone();
    let toggle = move |_| {
        is_shown.update(|shown| *shown = !*shown);
        unmask(&input, is_shown.get_untracked());
    };
    let aside = view! {
        <button {..look("field__aside")} type="button" aria-controls=id.clone() aria-label=name on:click=toggle>
            {word}
        </button>
    }
    .into_any_element();
    let on_key = move |event| {
        if let Some(locked) = caps_lock(&event) {
            is_locked.set(locked);
        }
    };
    let hint = move || if is_locked.get() { text.phrase(Phrase::CapsLock) } else { String::new() };
    view! {
        <div {..look("secret")} on:keydown=on_key>
            <TextField id label hints is_kept=false aside error state/>
            <p {..look("field__hint")}>{hint}</p>
        </div>
    }
    .into_any_element()
}
