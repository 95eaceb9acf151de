//! The account: parts of Latchkey's client around a component from crates.io, and parts inside it.

use crate::latchkey;
use latchkey_frontend::{ActionButton, AnyElement, IntoAnyElement, QuietButton, look};
use leptix_collapsible::{Collapsible, CollapsibleContent, CollapsibleTrigger};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Who is signed in, with the claims to unfold and the answer of an API.
#[component]
pub(crate) fn Account(claims: Vec<(String, String)>) -> AnyElement {
    let email = claims.iter().find(|(name, _)| name == "email").map(|(_, value)| value.clone());
    let claims = StoredValue::new(claims);
    let profile = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let load = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = latchkey::call("people/userinfo").await;
            profile.set(answer.unwrap_or_else(|_| "The API cannot be reached.".to_owned()));
            busy.set(false);
        });
    };
    view! {
        <section {..look("stage")}>
            <h1 {..look("heading")}>"Acme"</h1>
            <p {..look("lead")}>"Signed in as " <b>{email}</b></p>
            <Collapsible {..look("notes")}>
                <CollapsibleTrigger {..look("link")}>"Your claims"</CollapsibleTrigger>
                <CollapsibleContent>{claims.with_value(|claims| table(claims))}</CollapsibleContent>
            </Collapsible>
            <div {..look("form__buttons")}>
                <ActionButton label="Load profile".to_owned() busy=busy.into() on_press=load/>
                <QuietButton label="Sign out".to_owned() on_press=move || spawn_local(latchkey::sign_out())/>
            </div>
            <output>{profile}</output>
        </section>
    }
    .into_any_element()
}

/// The claims, as a part that is built again whenever the component asks for it.
fn table(claims: &[(String, String)]) -> AnyElement {
    let row = |(name, value): &(String, String)| {
        view! { <tr><th scope="row">{name.clone()}</th><td>{value.clone()}</td></tr> }.into_any_element()
    };
    let rows: Vec<AnyElement> = claims.iter().map(row).collect();
    view! { <table {..look("claims")}><tbody>{rows}</tbody></table> }.into_any_element()
}
