//! A password that exists, and one that is made here.

use super::collect::again;
use super::line::Line;
use super::rules::{Known, Rule, rules, strength};
use super::{Hints, Sheet, caption, hints};
use crate::browser::tag::{Tag, tag};
use crate::browser::unmask;
use crate::flow::field::Field;
use crate::text::Line as Words;
use latchkey_contract::Settings;
use leptos::prelude::*;

/// A password that exists.
pub(super) fn old(field: &Field, sheet: Sheet) -> Tag {
    let text = sheet.flow.text;
    secret(&field.id(), caption(field, sheet), hints(&field.control), move |line| text.line(line), sheet)
}

/// A new password: twice, with the org's rules ticking off.
pub(super) fn new(field: &Field, settings: &Settings, sheet: Sheet) -> Vec<Tag> {
    let text = sheet.flow.text;
    let (id, hints, settings) = (field.id(), hints(&field.control), settings.clone());
    let cell = sheet.cell(&id, "");
    let item = move |rule: Rule| {
        let words = match rule.number {
            Some(number) => text.with(rule.line, &text.number(number)),
            None => text.line(rule.line),
        };
        tag("li").class(if rule.kept { "rules__rule rules__rule--kept" } else { "rules__rule" }).text(&words)
    };
    let told = move || {
        let told = cell.with(|password| rules(&settings, password, &known(sheet)));
        told.into_iter().map(item).collect()
    };
    let strong =
        move || cell.with(|password| strength(password)).map(|line| text.line(line)).unwrap_or_default();
    // There are two of them, and a button for each.
    let one = |id: &str, label| {
        secret(id, text.line(label), hints, move |line| [text.line(line), text.line(label)].join(" "), sheet)
    };
    vec![
        one(&id, Words::NewPassword),
        // Read when somebody goes there, and not with every key.
        tag("ul").class("rules").set("aria-live", "off").shows(told),
        tag("p").class("field__hint").says(strong),
        one(&again(&id), Words::NewPasswordAgain),
    ]
}

fn known(sheet: Sheet) -> Known {
    let draft = |id: &str| {
        sheet.flow.drafts.with_value(|drafts| drafts.get(id).map(str::to_owned)).unwrap_or_default()
    };
    Known { username: draft("username"), first_name: draft("firstName"), last_name: draft("lastName") }
}

/// `called` gives the button's name from the word on it.
fn secret(
    id: &str,
    label: String,
    hints: Hints,
    called: impl Fn(Words) -> String + 'static,
    sheet: Sheet,
) -> Tag {
    let text = sheet.flow.text;
    let shown = RwSignal::new(false);
    let capitals = RwSignal::new(false);
    let input = id.to_owned();
    let word = move || if shown.get() { Words::Hide } else { Words::Show };
    let aside = tag("button")
        .class("field__aside")
        .set("type", "button")
        .set("aria-controls", id)
        .keeps("aria-label", move || called(word()))
        .says(move || text.line(word()))
        .on_click(move || {
            shown.update(|shown| *shown = !*shown);
            unmask(&input, shown.get_untracked());
        });
    let hint = move || if capitals.get() { text.line(Words::CapsLock) } else { String::new() };
    tag("div")
        .class("secret")
        .child(Line { id, label, hints, start: "", keep: false, aside: Some(aside) }.show(sheet))
        .child(tag("p").class("field__hint").says(hint))
        .on_capitals(move |locked| capitals.set(locked))
}
