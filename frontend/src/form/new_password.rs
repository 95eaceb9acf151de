//! A new password with the org's rules, which the page ticks. It is typed twice, unless the server asks for it once.

use super::collect_late::again;
use super::form_state::FormState;
use super::password_rules::{PersonalNames, Rule, RuleState, RuleText, Strength, mark_refused, rules};
use super::secret::Secret;
use super::text_field::hints;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::field::{Field, NewPassword};
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use leptos::prelude::*;

/// The field with the rules and the strength, and the second field. A refused password marks the rules that it breaks.
pub(super) fn new_password(field: &Field, entry: &NewPassword, state: FormState) -> Vec<AnyElement> {
    let text = state.flow.text;
    let (id, hints, settings) = (field.id(), hints(&field.control), entry.rules.clone());
    let again_id = again(&id);
    let value = state.value(&id, "");
    let (org_error, is_refused) = (state.error(&id), state.has_message(&id, REQUIREMENTS));
    let checked = Memo::new(move |_| {
        let mut all = value.with(|password| rules(&settings, password, &known(state)));
        let is_marked = is_refused.get() && mark_refused(&mut all);
        (all, is_marked)
    });
    let rows = move || checked.with(|(all, _)| all.iter().map(|one| rule(one, text)).collect::<Vec<_>>());
    let error = Signal::derive(move || match checked.with(|(_, is_marked)| *is_marked) {
        true => text.phrase(Phrase::RulesBroken),
        false => org_error.get(),
    });
    let strength = move || value.with(|password| Strength::of(password)).map(|one| strength_bar(one, text));
    let mut parts = vec![
        view! { <Secret id label=text.phrase(Phrase::NewPassword) hints error=Some(error) state/> }
            .into_inner(),
        // A screen reader reads it when the field gets the focus, and not at every key.
        view! { <ul {..look("rules")} aria-live="off">{rows}</ul> }.into_any_element(),
        view! { <div>{strength}</div> }.into_any_element(),
    ];
    if !entry.is_typed_once {
        let label = text.phrase(Phrase::NewPasswordAgain);
        parts.push(view! { <Secret id=again_id label hints state/> }.into_inner());
    }
    parts
}

/// The key of the org's message that lists every rule, although one is broken.
const REQUIREMENTS: &str = "password.passwordRequirementsNotMet";

/// The strength in a word and a bar. Screen readers read the word.
fn strength_bar(strength: Strength, text: Text) -> AnyElement {
    view! {
        <p {..look("field__hint")}>
            {text.phrase(strength.phrase())}
            <meter
                {..look("field__meter")}
                aria-hidden="true"
                max="4"
                low="2"
                high="3"
                optimum="4"
                value=(strength as u8).to_string()
            ></meter>
        </p>
    }
    .into_any_element()
}

fn rule(rule: &Rule, text: Text) -> AnyElement {
    let words = match rule.line {
        RuleText::Plain(line) => text.phrase(line),
        RuleText::Counted(line, number) => text.counted(line, number),
    };
    let class = match rule.state {
        RuleState::Met => "rules__rule rules__rule--kept",
        RuleState::Unmet | RuleState::Unknown => "rules__rule",
        RuleState::Refused => "rules__rule rules__rule--refused",
    };
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
