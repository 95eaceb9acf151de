//! What the org says about the person: its claims, folded away, sorted and in words.

use super::failure::AccountFailure;
use super::moment::moment;
use super::page::AccountPage;
use super::phrase;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::api::account::AccountCall;
use crate::browser::intl;
use crate::decimal;
use crate::parts::look::look;
use crate::read_contract;
use crate::text::Phrase;
use latchkey_contract::{User, Value};
use leptos::prelude::*;

/// The standard claims of OpenID Connect in words.
const NAMES: [(&str, Phrase); 14] = [
    ("sub", phrase::USER_ID),
    ("name", phrase::NAME),
    ("given_name", phrase::FIRST_NAME),
    ("family_name", phrase::LAST_NAME),
    ("nickname", phrase::NICKNAME),
    ("preferred_username", phrase::USERNAME),
    ("email", phrase::EMAIL),
    ("email_verified", phrase::EMAIL_CONFIRMED),
    ("phone_number", phrase::PHONE),
    ("locale", phrase::LANGUAGE),
    ("zoneinfo", phrase::TIME_ZONE),
    ("updated_at", phrase::LAST_CHANGED),
    ("groups", phrase::GROUPS),
    ("address", phrase::ADDRESS),
];

/// The claim that is a time in seconds since 1970.
const UPDATED_AT: &str = "updated_at";

/// The claims as they were read; none before the response.
#[derive(Clone, Copy)]
pub(super) struct ReadClaims {
    page: AccountPage,
    claims: RwSignal<Option<Result<User, AccountFailure>>>,
}

impl ReadClaims {
    /// Begins to read them.
    pub(super) fn begin(page: AccountPage) -> Self {
        let claims = RwSignal::new(None);
        page.spawn(async move {
            let result =
                page.call(AccountCall::Get("/api/userinfo")).await.map(|json| read_contract::user(&json));
            if let Ok(user) = &result {
                page.set_user_id(user.get("sub").and_then(Value::text).map(str::to_owned));
            }
            claims.set(Some(result));
        });
        Self { page, claims }
    }
}

/// The claims in a table.
#[component]
pub(super) fn Claims(read: ReadClaims) -> AnyElement {
    let ReadClaims { page, claims } = read;
    let content = move || {
        claims.with(|claims| match claims {
            None | Some(Err(AccountFailure::NotSignedIn)) => Vec::new(),
            Some(Ok(user)) => vec![table(user, page)],
            Some(Err(failure)) => {
                let words = page.sentence(&failure.sentence());
                vec![view! { <caption>{words}</caption> }.into_any_element()]
            }
        })
    };
    let summary = page.say(phrase::SHOW);
    view! {
        <details {..look("settings__fold")}>
            <summary>{summary}</summary>
            {view! { <table {..look("claims")}>{content}</table> }.into_any_element()}
        </details>
    }
    .into_any_element()
}

/// The rows, in the order of their names.
fn table(user: &User, page: AccountPage) -> AnyElement {
    let name = |claim: &str| {
        let known = NAMES.iter().find(|(known, _)| *known == claim);
        known.map_or_else(|| claim.to_owned(), |(_, phrase)| page.say(*phrase))
    };
    let names: Vec<String> = user.keys().map(|claim| name(claim)).collect();
    let claims: Vec<(&String, &Value)> = user.iter().collect();
    let row = |at: usize| {
        let (name, (claim, value)) = (names.get(at)?.clone(), *claims.get(at)?);
        let value = shown(claim, value, page);
        Some(view! { <tr><th scope="row">{name}</th><td>{value}</td></tr> }.into_any_element())
    };
    let rows: Vec<AnyElement> = intl::order(&page.language(), &names).into_iter().filter_map(row).collect();
    view! { <tbody>{rows}</tbody> }.into_any_element()
}

fn shown(claim: &str, value: &Value, page: AccountPage) -> AnyElement {
    if let (UPDATED_AT, Value::Integer(seconds)) = (claim, value) {
        return moment(*seconds as f64 * 1_000.0, page);
    }
    let words = match value {
        Value::Bool(true) => page.say(phrase::YES),
        Value::Bool(false) => page.say(phrase::NO),
        other => plain(other),
    };
    view! { <bdi>{words}</bdi> }.into_any_element()
}

/// A value as text. The members of a list or an object follow one another.
fn plain(value: &Value) -> String {
    let joined = |values: Vec<String>| values.join(", ");
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => decimal::words(*number).unwrap_or_default(),
        Value::Text(text) => text.clone(),
        Value::List(items) => joined(items.iter().map(plain).collect()),
        Value::Object(members) => joined(members.values().map(plain).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn lists_and_objects_are_said_in_one_line() {
        let groups = Value::List(vec!["Everyone".into(), "Admins".into()]);
        assert_eq!(plain(&groups), "Everyone, Admins");
        let address = values::both(values::one("country", "CH"), values::one("locality", "Bern"));
        assert_eq!(plain(&Value::Object(address)), "CH, Bern");
        assert_eq!(plain(&Value::Number(0.5)), "0.5");
    }
}
