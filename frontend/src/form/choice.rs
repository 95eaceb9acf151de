//! A choice: radios for a few options, a list for many.

use super::form_state::FormState;
use super::text_field::{ErrorText, Labelled, error_id, is_invalid, label};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::field::{Field, SelectOption};
use crate::parts::icon::{Icon, icon};
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use latchkey_contract::Value;
use leptos::prelude::*;

/// A radio with its label; with its icon and the masked address or number, if any.
pub(super) struct Row {
    pub(super) icon: Option<Icon>,
    pub(super) label: String,
    pub(super) target: Option<String>,
}

/// A radio for each option.
pub(super) fn radios(field: &Field, options: &[SelectOption], state: FormState) -> AnyElement {
    let row = |option: &SelectOption| {
        let value = match &option.value {
            Value::Object(values) => values.get(&field.id()).unwrap_or(&option.value),
            value => value,
        };
        let icon = value.text().and_then(Icon::of);
        Row { icon, label: labelled(option, state.flow.text), target: option.target.clone() }
    };
    let rows = options.iter().map(row).collect();
    view! { <RadioGroup id=field.id() legend=label(field, state) rows state/> }.into_inner()
}

/// The label of an option, with how long it may still be left out.
fn labelled(option: &SelectOption, text: Text) -> String {
    let label = text.wording(&option.label);
    let grace = option.grace.as_ref().and_then(|grace| match (&grace.expiry, grace.remaining_skips) {
        (Some(expiry), _) => Some(text.phrase_with(Phrase::RequiredFrom, &text.date(expiry))),
        (None, Some(skips)) => Some(text.phrase_with(Phrase::SkipsLeft, &text.number(skips))),
        (None, None) => None,
    });
    match grace {
        Some(grace) => format!("{label} ({grace})"),
        None => label,
    }
}

/// Radios in these rows; the value of the field `id` is the number of the chosen one.
#[component]
pub(super) fn RadioGroup(id: String, legend: String, rows: Vec<Row>, state: FormState) -> AnyElement {
    let is_heading = state.is_empty() && HEADINGS.contains(&id.as_str());
    let is_preset = PRESET.contains(&id.as_str());
    let (value, error) = (state.value(&id, if is_preset { "0" } else { "" }), state.error(&id));
    let (name, group) = (id.clone(), id);
    let radio = move |(at, row): (usize, Row)| {
        let number = at.to_string();
        let own = format!("{name}-{number}");
        let (chosen, edited) = (number.clone(), name.clone());
        let mark = view! {
            <input
                {..look("choice__mark")}
                type="radio"
                id=own.clone()
                name=name.clone()
                value=number
                aria-describedby=row.target.is_some().then(|| target_id(&own))
                data-first=(at == 0).then_some("")
                prop:checked=move || value.with(|value| *value == chosen)
                on:input:target=move |event| {
                    value.set(event.target().value());
                    state.edit(&edited);
                }
            />
        };
        radio_row(mark.into_any_element(), own, row)
    };
    let class = if is_heading { "unseen" } else { "choices__legend" };
    view! {
        <fieldset
            {..look("choices")}
            aria-describedby=error_id(&group)
            aria-invalid=is_invalid(error)
        >
            <legend {..look(class)}>{legend}</legend>
            {rows.into_iter().enumerate().map(radio).collect::<Vec<_>>()}
            <ErrorText id=group.clone() error/>
        </fieldset>
    }
    .into_any_element()
}

/// A radio with its label. The target describes the radio, and is no part of its name.
fn radio_row(mark: AnyElement, id: String, row: Row) -> AnyElement {
    let target = row.target.map(|target| {
        view! { <bdi {..look("choice__target")} id=target_id(&id) aria-hidden="true">{target}</bdi> }
            .into_any_element()
    });
    view! {
        <div {..look("choice")}>
            {mark}
            <label {..look("choice__label")} for=id>
                {row.icon.map(icon)}
                {view! { <span {..look("choice__words")}>{row.label}{target}</span> }.into_any_element()}
            </label>
        </div>
    }
    .into_any_element()
}

/// The id of the target of the radio `id`.
fn target_id(id: &str) -> String {
    format!("{id}-target")
}

/// Fields of which the first option is chosen at first: how a code is received, and which of two small forms is filled in.
const PRESET: [&str; 4] = ["authenticator", "methodType", "channel", "questions"];

/// Fields whose label is the heading of the page already, so it is not shown twice.
const HEADINGS: [&str; 5] = ["authenticator", "methodType", "channel", "consent", "questions"];

/// A list to open; nothing is chosen at first.
pub(super) fn list(field: &Field, options: &[SelectOption], state: FormState) -> AnyElement {
    let (id, text) = (field.id(), state.flow.text);
    let (value, error) = (state.value(&id, ""), state.error(&id));
    let option = |(at, option): (usize, &SelectOption)| {
        view! { <option value=at.to_string()>{text.wording(&option.label)}</option> }.into_any_element()
    };
    let control = view! {
        <select
            {..look("field__input")}
            id=id.clone()
            data-first=""
            aria-describedby=error_id(&id)
            aria-invalid=is_invalid(error)
            prop:value=value
            on:input:target=move |event| value.set(event.target().value())
        >
            <option value=String::new()>{text.phrase(Phrase::PleaseChoose)}</option>
            {options.iter().enumerate().map(option).collect::<Vec<_>>()}
        </select>
    }
    .into_any_element();
    view! { <Labelled id label=label(field, state) error control/> }.into_inner()
}
