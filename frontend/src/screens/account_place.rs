//! The place of the account on the signed-in page. Its part of the program is fetched when the page is shown.

use crate::account::shell::AccountShell;
use crate::account_part::{self, AccountFunctions};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::{self, mount};
use crate::flow::Flow;
use crate::flow::step::Event;
use crate::parts::banner::{Banner, Tone, line};
use crate::parts::button::LinkButton;
use crate::parts::look::look;
use crate::text::Phrase;
use crate::{percent, values};
use latchkey_contract::route::{Entry, HOME};
use latchkey_contract::{StepUp, Values};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The account part.
#[derive(Clone, Copy)]
enum Part {
    Underway,
    Here(AccountFunctions),
    Failed,
}

/// The account of the person with this username, or a message with a button that fetches its part again.
#[component]
pub(super) fn AccountPlace(username: String, flow: Flow) -> AnyElement {
    let part = RwSignal::new(Part::Underway);
    let fetch = move || {
        part.set(Part::Underway);
        spawn_local(async move {
            let fetched = account_part::fetch().await;
            // The screen may be another one by now.
            let _ = part.try_set(fetched.map_or(Part::Failed, Part::Here));
        });
    };
    fetch();
    let shell = shell(username, flow);
    let content = move || match part.get() {
        Part::Underway => Vec::new(),
        Part::Here(functions) => untrack(|| vec![(functions.account)(shell.clone())]),
        Part::Failed => {
            flow.text.language.track();
            untrack(|| vec![failed(flow, Callback::new(move |()| fetch()))])
        }
    };
    // The account announces its own changes.
    view! { <div {..look("settings__place")} aria-live="off">{content}</div> }.into_any_element()
}

fn failed(flow: Flow, on_retry: Callback<()>) -> AnyElement {
    let retry = view! { <LinkButton label=flow.text.phrase(Phrase::TryAgain) on_press=on_retry/> };
    let lines = vec![line(flow.text.phrase(Phrase::AccountNotLoaded))];
    view! { <Banner tone=Tone::Bad lines help=retry.into_inner()/> }.into_inner()
}

fn shell(username: String, flow: Flow) -> AccountShell {
    let name = username.clone();
    AccountShell {
        server: mount::server_origin(),
        language: flow.text.language,
        username,
        head: None,
        on_signed_out: Callback::new(move |()| flow.send(Event::Retry)),
        on_step_up: Callback::new(move |needed: StepUp| step_up(&needed, &name, flow)),
    }
}

/// Signs the person in again: an element of another page by itself, our own page at the address of the sign-in, which leads
/// back.
fn step_up(needed: &StepUp, username: &str, flow: Flow) {
    let path = Entry::SignIn.path();
    if mount::is_embedded() {
        let parameters = parameters(needed, username, ["acrValues", "maxAge", "loginHint"]);
        let values = parameters.into_iter().map(|(name, value)| values::one(name, value));
        flow.begin(path.to_owned(), values.fold(Values::new(), values::both));
        return;
    }
    let parameters = parameters(needed, username, ["acr_values", "max_age", "login_hint"]);
    let query = parameters.iter().map(|(name, value)| format!("&{name}={}", percent::encoded(value)));
    browser::open(&format!("{path}?return_to={HOME}{}", query.collect::<String>()));
}

/// What the sign-in must fulfil, under these names.
fn parameters<'a>(needed: &StepUp, username: &str, names: [&'a str; 3]) -> Vec<(&'a str, String)> {
    let username = Some(username.to_owned()).filter(|name| !name.is_empty());
    let given = [needed.acr_values.clone(), needed.max_age.map(|age| age.to_string()), username];
    names.into_iter().zip(given).filter_map(|(name, value)| Some((name, value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_sign_in_is_asked_for_what_the_org_needs_and_for_the_same_person() {
        let needed = StepUp { acr_values: Some("urn:okta:loa:2fa:any".to_owned()), max_age: None };
        let names = ["acr_values", "max_age", "login_hint"];
        let both = [("acr_values", "urn:okta:loa:2fa:any".to_owned()), ("login_hint", "mary".to_owned())];
        assert_eq!(parameters(&needed, "mary", names), both);
        let recent = StepUp { acr_values: None, max_age: Some(300) };
        assert_eq!(parameters(&recent, "", names), [("max_age", "300".to_owned())]);
    }
}
