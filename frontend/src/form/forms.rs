//! One of several little forms: a choice, and the fields of what is chosen.

use super::choice::group;
use super::{Sheet, all, caption};
use crate::flow::field::{Field, Label};
use leptos::prelude::*;

/// Radios, and below them the chosen form.
pub(super) fn forms(field: Field, forms: Vec<(Label, Vec<Field>)>, sheet: Sheet) -> AnyView {
    let id = field.id();
    let cell = sheet.fresh(&id, "0");
    let labels = forms.iter().map(|(label, _)| sheet.flow.text.label(label)).collect();
    let chosen = move || {
        let number: usize = cell.with(|cell| cell.parse().unwrap_or(0));
        forms.get(number).map(|(_, inner)| all(inner, sheet))
    };
    view! {
        {group(id.clone(), caption(&field, sheet), labels, cell, sheet.wrong(id))}
        {chosen}
    }
    .into_any()
}
