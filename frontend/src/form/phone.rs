//! A phone number: a country for numbers in national notation, and the number.

use super::collect_late::country;
use super::form_state::FormState;
use super::phone_number::{countries, example};
use super::text_field::{TextField, hints};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::{intl, language};
use crate::flow::field::Field;
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;

/// How a number is written, the list of countries, and the field for the number.
pub(super) fn phone(field: &Field, state: FormState) -> Vec<AnyElement> {
    let number = view! {
        <TextField
            id=field.id()
            label=state.flow.text.wording(&field.label)
            hints=hints(&field.control)
            start=field.start.clone()
            is_kept=true
            state
        />
    };
    let id = country(&field.id());
    let picked = state.draft_value(&id, &language::region());
    vec![advice(picked, state), country_list(id, picked, state), number.into_inner()]
}

/// How a number of the picked country is written.
fn advice(picked: RwSignal<String>, state: FormState) -> AnyElement {
    let text = state.flow.text;
    let words = move || {
        let picked = picked.get();
        let country = if countries().any(|(code, _)| code == picked) { &picked } else { US };
        // A number stands on one line.
        let number = format!("{} ({country})", example(country)).replace(' ', "\u{a0}");
        text.phrase_with(Phrase::PhoneAdvice, &number)
    };
    view! { <p {..look("form__advice")}>{words}</p> }.into_any_element()
}

/// The country of the example if the browser's has no numbers.
const US: &str = "US";

fn country_list(id: String, value: RwSignal<String>, state: FormState) -> AnyElement {
    let text = state.flow.text;
    let noted = id.clone();
    let note = move |picked: String| {
        state.flow.note_draft(&noted, &picked);
        value.set(picked);
    };
    let option =
        |(name, code): (String, String)| view! { <option value=code>{name}</option> }.into_any_element();
    let options: Vec<_> = intl::by_name(&text.tag(), countries()).into_iter().map(option).collect();
    view! {
        <div {..look("field")}>
            <label {..look("field__label")} for=id.clone()>{text.phrase(Phrase::Country)}</label>
            <div {..look("field__box")}>
                <select
                    {..look("field__input")}
                    id=id
                    autocomplete="tel-country-code"
                    prop:value=value
                    on:input:target=move |event| note(event.target().value())
                >
                    {options}
                </select>
            </div>
        </div>
    }
    .into_any_element()
}
