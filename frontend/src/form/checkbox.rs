//! A checkbox with its error.

use super::form_state::FormState;
use super::text_field::{ErrorText, error_id, is_invalid};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::field::Field;
use crate::parts::look::look;
use leptos::prelude::*;

/// A checkbox with its label, where the whole row can be clicked, and its error below.
pub(super) fn checkbox(field: &Field, state: FormState) -> AnyElement {
    let id = field.id();
    let (value, error) = (state.value(&id, &field.start), state.error(&id));
    let edited = id.clone();
    let mark = view! {
        <input
            {..look("choice__mark")}
            type="checkbox"
            id=id.clone()
            name=id.clone()
            aria-describedby=error_id(&id)
            aria-invalid=is_invalid(error)
            prop:checked=move || value.with(|value| value == "true")
            on:change:target=move |event| {
                value.set(event.target().checked().to_string());
                state.edit(&edited);
            }
        />
    };
    let label = state.flow.text.wording(&field.label);
    view! {
        <div {..look("choice choice--switch")}>
            {mark.into_any_element()}
            <label {..look("choice__label")} for=id.clone()>{label}</label>
            <ErrorText id error/>
        </div>
    }
    .into_any_element()
}
