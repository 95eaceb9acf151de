//! One of several: all in sight when they are few, a list when they are many. Yes or no is a choice as well.

use super::line::labelled;
use super::{Sheet, caption};
use crate::browser::tag::{Tag, tag};
use crate::flow::field::{Field, Opt};
use crate::text::Line;
use leptos::prelude::*;

/// A radio for each option; the first is chosen.
pub(super) fn radios(field: &Field, options: &[Opt], sheet: Sheet) -> Tag {
    let labels = options.iter().map(|option| sheet.flow.text.label(&option.label)).collect();
    group(&field.id(), &caption(field, sheet), labels, sheet)
}

/// Radios with these labels; the cell of that id holds the number of the chosen one.
pub(super) fn group(id: &str, legend: &str, labels: Vec<String>, sheet: Sheet) -> Tag {
    let is_asked_above = is_heading(id) && sheet.is_blank();
    let cell = sheet.fresh(id, "0");
    let radio = |(at, label): (usize, String)| {
        let (own, number) = (format!("{id}-{at}"), at.to_string());
        let chosen = number.clone();
        let mark = tag("input")
            .class("choice__mark")
            .set("type", "radio")
            .set("id", &own)
            .set("name", id)
            .set("value", &number)
            .ticks(move || cell.with(|cell| *cell == chosen))
            .on_input(move |value| cell.set(value));
        let mark = if at == 0 { mark.set("data-first", "") } else { mark };
        row("choice", mark, &own, &label)
    };
    tag("fieldset")
        .class("choices")
        .child(tag("legend").class(if is_asked_above { "unseen" } else { "choices__legend" }).text(legend))
        .children(labels.into_iter().enumerate().map(radio))
        .child(tag("p").class("field__error").says(sheet.wrong(id)))
}

/// A box to tick.
pub(super) fn switch(field: &Field, sheet: Sheet) -> Tag {
    let id = field.id();
    let cell = sheet.fresh(&id, &field.start);
    let mark = tag("input")
        .class("choice__mark")
        .set("type", "checkbox")
        .set("id", &id)
        .set("name", &id)
        .ticks(move || cell.with(|cell| cell == "true"))
        .on_tick(move |ticked| cell.set(ticked.to_string()));
    row("choice choice--switch", mark, &id, &sheet.flow.text.label(&field.label))
}

/// A list to open; nothing is chosen at first.
pub(super) fn list(field: &Field, options: &[Opt], sheet: Sheet) -> Tag {
    let (id, text) = (field.id(), sheet.flow.text);
    let option = |(at, option): (usize, &Opt)| {
        tag("option").set("value", &at.to_string()).text(&text.label(&option.label))
    };
    let select = tag("select")
        .child(tag("option").set("value", "").text(&text.line(Line::PleaseChoose)))
        .children(options.iter().enumerate().map(option))
        .holds(sheet.fresh(&id, ""));
    labelled(&id, &caption(field, sheet), select, None, sheet)
}

/// Whether the heading of a page that asks this first asks the same; it is not read twice by those who see both.
fn is_heading(id: &str) -> bool {
    ["authenticator", "methodType", "channel", "consent", "questions"].contains(&id)
}

fn row(look: &str, mark: Tag, id: &str, label: &str) -> Tag {
    tag("div").class(look).child(mark).child(tag("label").class("choice__label").set("for", id).text(label))
}
