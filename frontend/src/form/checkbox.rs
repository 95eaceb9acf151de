//! A checkbox.

use super::form_state::FormState;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::field::Field;
use crate::parts::look::look;
use leptos::prelude::*;

/// A checkbox.
pub(super) fn checkbox(field: &Field, state: FormState) -> AnyElement {
    let id = field.id();
    let value = state.value(&id, &field.start);
    let mark = view! {
        <input
            {..look("choice__mark")}
            type="checkbox"
            id=id.clone()
            name=id.clone()
            prop:checked=move || value.with(|value| value == "true")
            on:change:target=move |event| value.set(event.target().checked().to_string())
        />
    };
    row(mark.into_any_element(), id, state.flow.text.wording(&field.label))
}

/// A checkbox with its label: the whole row can be clicked.
fn row(mark: AnyElement, id: String, label: String) -> AnyElement {
    view! {
        <div {..look("choice choice--switch")}>
            {mark}
            <label {..look("choice__label")} for=id>{label}</label>
        </div>
    }
    .into_any_element()
}
