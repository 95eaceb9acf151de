//! A phone number: a country for those who write it as at home, and the number.

use super::collect::country;
use super::line::{Line, line};
use super::phone_number::countries;
use super::{Sheet, ways};
use crate::browser;
use crate::flow::field::Field;
use crate::text::Line as Words;
use leptos::prelude::*;

/// A field for a phone number.
pub(super) fn phone(field: Field, sheet: Sheet) -> AnyView {
    let text = sheet.flow.text;
    let id = field.id();
    let country_id = country(&id);
    let here = browser::region();
    let chosen = sheet.cell(&country_id, &here);
    let (noted, select_id) = (country_id.clone(), country_id.clone());
    let called = browser::region_names(&text.tag());
    let mut options: Vec<(String, &str)> =
        countries().map(|(code, prefix)| (format!("{} +{prefix}", called(code)), code)).collect();
    options.sort();
    let option = |(words, code): (String, &'static str)| {
        view! { <option value=code selected=move || chosen.with(|chosen| chosen == code)>{words}</option> }
    };
    let note = Box::new(move |id: &str, value: &str| sheet.flow.note_draft(id, value));
    let number = Line {
        id: id.clone(),
        label: text.label(&field.label),
        ways: ways(&field.control),
        cell: sheet.cell(&id, &field.start),
        wrong: sheet.wrong(id),
        aside: ().into_any(),
        note,
    };
    view! {
        <div class="field">
            <label class="field__label" for=country_id>{text.line(Words::Country)}</label>
            <div class="field__box">
                <select
                    class="field__input field__select"
                    id=select_id
                    autocomplete="tel-country-code"
                    on:change:target=move |event| {
                        let value = event.target().value();
                        sheet.flow.note_draft(&noted, &value);
                        chosen.set(value);
                    }
                >
                    {options.into_iter().map(option).collect_view()}
                </select>
            </div>
        </div>
        {line(number)}
    }
    .into_any()
}
