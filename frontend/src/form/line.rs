//! A line of text with its label, its advice and what is wrong with it. They belong together.

use super::{Sheet, Ways, caption, ways};
use crate::flow::field::Field;
use leptos::prelude::*;

/// A field for a line of text.
pub(super) fn text(field: Field, sheet: Sheet) -> AnyView {
    let kept = (!field.is_secret()).then_some(sheet);
    let id = field.id();
    let cell = sheet.cell(&id, &field.start);
    let label = caption(&field, sheet);
    let note = Box::new(move |id: &str, value: &str| {
        if let Some(sheet) = kept {
            sheet.flow.note_draft(id, value);
        }
    });
    line(Line {
        id: id.clone(),
        label,
        ways: ways(&field.control),
        cell,
        wrong: sheet.wrong(id),
        aside: ().into_any(),
        note,
    })
}

/// What a line of text is made of.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) ways: Ways,
    pub(super) cell: RwSignal<String>,
    pub(super) wrong: Signal<String>,
    /// What stands at its end, such as a button.
    pub(super) aside: AnyView,
    /// Is told what is typed.
    pub(super) note: Note,
}

/// Takes the id of a field and what is typed into it.
pub(super) type Note = Box<dyn Fn(&str, &str)>;

pub(super) fn line(line: Line) -> AnyView {
    let Line { id, label, ways, cell, wrong, aside, note } = line;
    let Ways { kind, autocomplete, inputmode } = ways;
    let error_id = format!("{id}-error");
    let is_wrong = move || if wrong.with(String::is_empty) { "false" } else { "true" };
    let typed = id.clone();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <div class="field__box">
                <input
                    class="field__input"
                    id=id.clone()
                    name=id
                    type=kind
                    autocomplete=autocomplete
                    inputmode=inputmode
                    autocapitalize="none"
                    spellcheck="false"
                    data-first
                    aria-invalid=is_wrong
                    aria-describedby=error_id.clone()
                    prop:value=cell
                    on:input:target=move |event| {
                        let value = event.target().value();
                        note(&typed, &value);
                        cell.set(value);
                    }
                />
                {aside}
            </div>
            <p class="field__error" id=error_id>{wrong}</p>
        </div>
    }
    .into_any()
}
