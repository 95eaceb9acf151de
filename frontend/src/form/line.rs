//! A line of text with its label and what is wrong with it. They belong together.

use super::{Hints, Sheet, caption, hints};
use crate::browser::tag::{Tag, tag};
use crate::flow::field::Field;
use leptos::prelude::WithUntracked;

/// A field for a line of text.
pub(super) fn text(field: &Field, sheet: Sheet) -> Tag {
    let id = field.id();
    let line = Line {
        label: caption(field, sheet),
        hints: hints(&field.control),
        start: &field.start,
        keep: !field.is_secret(),
        aside: None,
        id: &id,
    };
    line.show(sheet)
}

/// What a line of text is made of.
pub(super) struct Line<'a> {
    pub(super) id: &'a str,
    pub(super) label: String,
    pub(super) hints: Hints,
    pub(super) start: &'a str,
    /// What is typed may be kept for a reload.
    pub(super) keep: bool,
    /// What stands at its end, such as a button.
    pub(super) aside: Option<Tag>,
}

impl Line<'_> {
    pub(super) fn show(self, sheet: Sheet) -> Tag {
        let Line { id, label, hints, start, keep, aside } = self;
        let cell = sheet.cell(id, start);
        let (typed, flow) = (id.to_owned(), sheet.flow);
        // It may have been typed before there was anybody to note it.
        cell.with_untracked(|value| {
            if keep && value != start {
                flow.note_draft(id, value);
            }
        });
        let input = tag("input")
            .set("type", hints.kind)
            .set("name", id)
            .set("autocomplete", hints.autocomplete)
            .set("inputmode", hints.inputmode)
            .set("autocapitalize", "none")
            .set("spellcheck", "false")
            .holds(cell)
            .on_input(move |value| {
                if keep {
                    flow.note_draft(&typed, &value);
                }
            });
        labelled(id, &label, input, aside, sheet)
    }
}

/// A control with its label above and its error below.
pub(super) fn labelled(id: &str, label: &str, control: Tag, aside: Option<Tag>, sheet: Sheet) -> Tag {
    let error = format!("{id}-error");
    let (wrong, is_wrong) = (sheet.wrong(id), sheet.wrong(id));
    let control = control
        .set("id", id)
        .class("field__input")
        .set("data-first", "")
        .set("aria-describedby", &error)
        .keeps("aria-invalid", move || (!is_wrong().is_empty()).to_string());
    tag("div")
        .class("field")
        .child(tag("label").class("field__label").set("for", id).text(label))
        .child(tag("div").class("field__box").child(control).children(aside))
        .child(tag("p").class("field__error").set("id", &error).says(wrong))
}
