//! A phone number: a country for those who write it as at home, and the number.

use super::collect::country;
use super::line::Line;
use super::phone_number::countries;
use super::{Sheet, hints};
use crate::browser;
use crate::browser::tag::{Tag, tag};
use crate::flow::field::Field;
use crate::text::Line as Words;

/// A field for a phone number.
pub(super) fn phone(field: &Field, sheet: Sheet) -> Vec<Tag> {
    let text = sheet.flow.text;
    let (id, here) = (field.id(), browser::region());
    let country_id = country(&id);
    let noted = country_id.clone();
    let option = |(name, code): (String, String)| tag("option").set("value", &code).text(&name);
    let countries = browser::by_name(&text.tag(), countries()).into_iter().map(option);
    let select = tag("select")
        .set("id", &country_id)
        .class("field__input")
        .set("autocomplete", "tel-country-code")
        .children(countries)
        .holds(sheet.cell(&country_id, &here))
        .on_input(move |value| sheet.flow.note_draft(&noted, &value));
    let number = Line {
        id: &id,
        label: text.label(&field.label),
        hints: hints(&field.control),
        start: &field.start,
        keep: true,
        aside: None,
    };
    let label = tag("label").class("field__label").set("for", &country_id).text(&text.line(Words::Country));
    let country = tag("div").class("field").child(label).child(tag("div").class("field__box").child(select));
    vec![country, number.show(sheet)]
}
