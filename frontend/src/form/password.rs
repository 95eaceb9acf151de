//! A password that exists, and one that is made here.

use super::collect::again;
use super::line::{Line, line};
use super::rules::{Known, rules};
use super::{Sheet, Ways, caption, ways};
use crate::flow::field::Field;
use crate::text::Line as Words;
use latchkey_contract::Complexity;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A password that exists.
pub(super) fn old(field: Field, sheet: Sheet) -> AnyView {
    secret(field.id(), caption(&field, sheet), ways(&field.control), sheet)
}

/// A new password: twice, with the org's rules ticking off.
pub(super) fn new(field: Field, complexity: Complexity, sheet: Sheet) -> AnyView {
    let text = sheet.flow.text;
    let (id, ways) = (field.id(), ways(&field.control));
    let cell = sheet.cell(&id, "");
    let known = move || {
        let draft = |id: &str| {
            sheet.flow.drafts.with_value(|drafts| drafts.get(id).map(str::to_owned)).unwrap_or_default()
        };
        Known { username: draft("username"), first_name: draft("firstName"), last_name: draft("lastName") }
    };
    let told = move || {
        let rules = cell.with(|password| rules(&complexity, password, &known()));
        let item = |rule: super::rules::Rule| {
            let words = match rule.number {
                Some(number) => text.with(rule.line, &number.to_string()),
                None => text.line(rule.line),
            };
            view! { <li class="rules__rule" class:rules__rule--kept=rule.kept>{words}</li> }
        };
        rules.into_iter().map(item).collect_view()
    };
    view! {
        {secret(id.clone(), text.line(Words::NewPassword), ways, sheet)}
        <ul class="rules">{told}</ul>
        {secret(again(&id), text.line(Words::NewPasswordAgain), ways, sheet)}
    }
    .into_any()
}

fn secret(id: String, label: String, ways: Ways, sheet: Sheet) -> AnyView {
    let text = sheet.flow.text;
    let cell = sheet.cell(&id, "");
    let wrong = sheet.wrong(id.clone());
    let shown = RwSignal::new(false);
    let capitals = RwSignal::new(false);
    let input = id.clone();
    let aside = view! {
        <button
            type="button"
            class="field__aside"
            aria-controls=id.clone()
            on:click=move |_| {
                shown.update(|shown| *shown = !*shown);
                crate::browser::unmask(&input, shown.get_untracked());
            }
        >
            {move || text.line(if shown.get() { Words::Hide } else { Words::Show })}
        </button>
    }
    .into_any();
    let watch = move |event: KeyboardEvent| capitals.set(event.get_modifier_state("CapsLock"));
    view! {
        <div class="secret" on:keydown=watch>
            {line(Line { id, label, ways, cell, wrong, aside, note: Box::new(|_, _| ()) })}
            <p class="field__hint">{move || capitals.get().then(|| text.line(Words::CapsLock))}</p>
        </div>
    }
    .into_any()
}
