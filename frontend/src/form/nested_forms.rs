//! A choice between nested forms, and the fields of the chosen one.

use super::choice::{RadioGroup, Row};
use super::fields::fields;
use super::form_state::FormState;
use super::text_field::label;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::field::Field;
use crate::parts::look::look;
use crate::text::Wording;
use leptos::prelude::*;
use std::sync::Arc;

/// Radios, and below them the chosen form.
pub(super) fn nested_forms(
    field: &Field,
    forms: &Arc<[(Wording, Vec<Field>)]>,
    state: FormState,
) -> Vec<AnyElement> {
    let id = field.id();
    let row = |(label, _): &(Wording, Vec<Field>)| Row {
        icon: None,
        label: state.flow.text.wording(label),
        target: None,
    };
    let rows = forms.iter().map(row).collect();
    let choice = view! { <RadioGroup id=id.clone() legend=label(field, state) rows state/> };
    let (value, forms) = (state.value(&id, "0"), Arc::clone(forms));
    let chosen = move || {
        let number: usize = value.with(|value| value.parse().unwrap_or(0));
        forms.get(number).map(|(_, inner)| untrack(|| fields(inner, state))).unwrap_or_default()
    };
    vec![choice.into_inner(), view! { <div {..look("form")}>{chosen}</div> }.into_any_element()]
}
