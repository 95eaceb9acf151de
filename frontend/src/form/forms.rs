//! One of several little forms: a choice, and the fields of what is chosen.

use super::choice::group;
use super::{Sheet, all, caption};
use crate::browser::tag::{Tag, tag};
use crate::flow::field::{Field, Label};
use leptos::prelude::*;
use std::rc::Rc;

/// Radios, and below them the chosen form.
pub(super) fn forms(field: &Field, forms: &Rc<[(Label, Vec<Field>)]>, sheet: Sheet) -> Vec<Tag> {
    let id = field.id();
    let labels = forms.iter().map(|(label, _)| sheet.flow.text.label(label)).collect();
    let choice = group(&id, &caption(field, sheet), labels, sheet);
    let (cell, forms) = (sheet.fresh(&id, "0"), Rc::clone(forms));
    let chosen = move || {
        let number: usize = cell.with(|cell| cell.parse().unwrap_or(0));
        forms.get(number).map(|(_, inner)| untrack(|| all(inner, sheet))).unwrap_or_default()
    };
    vec![choice, tag("div").class("form").shows(chosen)]
}
