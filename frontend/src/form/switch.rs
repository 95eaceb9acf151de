//! Yes or no.

use super::Sheet;
use crate::flow::field::Field;
use leptos::prelude::*;

/// A box to tick.
pub(super) fn switch(field: Field, sheet: Sheet) -> AnyView {
    let id = field.id();
    let cell = sheet.fresh(&id, &field.start);
    let label = sheet.flow.text.label(&field.label);
    view! {
        <div class="choice choice--switch">
            <input
                class="choice__mark"
                type="checkbox"
                id=id.clone()
                name=id.clone()
                prop:checked=move || cell.with(|cell| cell == "true")
                on:change:target=move |event| cell.set(event.target().checked().to_string())
            />
            <label class="choice__label" for=id>{label}</label>
        </div>
    }
    .into_any()
}
