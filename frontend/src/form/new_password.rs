//! A new password: typed twice, with the org's rules, which the page ticks.

use super::collect_late::again;
use super::form_state::FormState;
use super::password_rules::{PersonalNames, Rule, rules, strength};
use super::secret::Secret;
use super::text_field::hints;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::field::Field;
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use latchkey_contract::AuthenticatorSettings;
use leptos::prelude::*;

/// Both fields, with the rules and the strength between them.
pub(super) fn new_password(
    field: &Field,
    settings: &AuthenticatorSettings,
    state: FormState,
) -> Vec<AnyElement> {
    let text = state.flow.text;
    let (id, hints, settings) = (field.id(), hints(&field.control), settings.clone());
    let again_id = again(&id);
    let value = state.value(&id, "");
    let ticked_off = move || {
        let all = value.with(|password| rules(&settings, password, &known(state)));
        all.into_iter().map(|one| rule(&one, text)).collect::<Vec<_>>()
    };
    let strength =
        move || value.with(|password| strength(password)).map(|line| text.phrase(line)).unwrap_or_default();
    vec![
        view! { <Secret id label=text.phrase(Phrase::NewPassword) hints is_one_of_two=true state/> }.into_inner(),
        // A screen reader reads it when the field gets the focus, and not at every key.
        view! { <ul {..look("rules")} aria-live="off">{ticked_off}</ul> }.into_any_element(),
        view! { <p {..look("field__hint")}>{strength}</p> }.into_any_element(),
        view! { <Secret id=again_id label=text.phrase(Phrase::NewPasswordAgain) hints is_one_of_two=true state/> }
            .into_inner(),
    ]
}

fn rule(rule: &Rule, text: Text) -> AnyElement {
    let words = match rule.number {
        Some(number) => text.phrase_with(rule.line, &text.number(number)),
        None => text.phrase(rule.line),
    };
    let class = if rule.is_met { "rules__rule rules__rule--kept" } else { "rules__rule" };
    view! { <li {..look(class)}>{words}</li> }.into_any_element()
}

fn known(state: FormState) -> PersonalNames {
    let draft = |id: &str| {
        state.flow.drafts.with_value(|drafts| drafts.get(id).map(str::to_owned)).unwrap_or_default()
    };
    PersonalNames {
        username: draft("username"),
        first_name: draft("firstName"),
        last_name: draft("lastName"),
    }
}
