//! One of several: all in sight when they are few, a list when they are many.

use super::{Sheet, caption};
use crate::flow::field::{Field, Opt};
use crate::text::Line;
use leptos::prelude::*;

/// A radio for each option; the first is chosen.
pub(super) fn radios(field: Field, options: Vec<Opt>, sheet: Sheet) -> AnyView {
    let id = field.id();
    let cell = sheet.fresh(&id, "0");
    let labels = options.iter().map(|option| sheet.flow.text.label(&option.label)).collect();
    group(id.clone(), caption(&field, sheet), labels, cell, sheet.wrong(id))
}

/// Radios with these labels; the cell holds the number of the chosen one.
pub(super) fn group(
    id: String,
    legend: String,
    labels: Vec<String>,
    cell: RwSignal<String>,
    wrong: Signal<String>,
) -> AnyView {
    let radio = |(at, label): (usize, String)| {
        let (name, number) = (id.clone(), at.to_string());
        let (own, value) = (format!("{id}-{at}"), number.clone());
        let chosen = move || cell.with(|cell| *cell == number);
        view! {
            <div class="choice">
                <input
                    class="choice__mark"
                    type="radio"
                    id=own.clone()
                    name=name
                    value=value
                    data-first=(at == 0).then_some("")
                    prop:checked=chosen
                    on:change:target=move |event| cell.set(event.target().value())
                />
                <label class="choice__label" for=own>{label}</label>
            </div>
        }
    };
    let radios = labels.into_iter().enumerate().map(radio).collect_view();
    view! {
        <fieldset class="choices">
            <legend class="choices__legend">{legend}</legend>
            {radios}
            <p class="field__error">{wrong}</p>
        </fieldset>
    }
    .into_any()
}

/// A list to open; nothing is chosen at first.
pub(super) fn list(field: Field, options: Vec<Opt>, sheet: Sheet) -> AnyView {
    let id = field.id();
    let cell = sheet.fresh(&id, "");
    let wrong = sheet.wrong(id.clone());
    let error_id = format!("{id}-error");
    let none = Opt { label: crate::flow::field::Label::Ours(Line::PleaseChoose), value: "".into() };
    let numbers = core::iter::once(String::new()).chain((0..options.len()).map(|at| at.to_string()));
    let option = |(option, number): (Opt, String)| {
        view! { <option value=number>{sheet.flow.text.label(&option.label)}</option> }
    };
    let entries = core::iter::once(none).chain(options).zip(numbers).map(option).collect_view();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{caption(&field, sheet)}</label>
            <div class="field__box">
                <select
                    class="field__input field__select"
                    id=id
                    data-first
                    aria-invalid=move || if wrong.with(String::is_empty) { "false" } else { "true" }
                    aria-describedby=error_id.clone()
                    prop:value=cell
                    on:change:target=move |event| cell.set(event.target().value())
                >
                    {entries}
                </select>
            </div>
            <p class="field__error" id=error_id>{wrong}</p>
        </div>
    }
    .into_any()
}
