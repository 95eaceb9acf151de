//! The signed-in page: who is signed in, sign-out within reach, and the account, which is in a part of its own.

use super::account_place::AccountPlace;
use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::mount;
use crate::flow::Flow;
use crate::flow::screen::SignedInPerson;
use crate::flow::step::Event;
use crate::parts::button::{ActionButton, QuietButton};
use crate::parts::look::look;
use crate::text::Phrase;
use leptos::prelude::*;

/// The welcome, and the place of the account. When the language changes, the welcome is built anew and the account changes its
/// own texts, because a form may be open in it.
#[component]
pub(crate) fn SignedInScreen(person: SignedInPerson, flow: Flow) -> AnyElement {
    let username = person.username.clone();
    let account = mount::shows_account().then(|| view! { <AccountPlace username flow/> }.into_inner());
    let welcome = move || {
        flow.text.language.track();
        untrack(|| vec![welcome(&person, flow)])
    };
    view! { <section>{welcome}{account}</section> }.into_any_element()
}

/// Who is signed in, with the buttons to sign out.
fn welcome(person: &SignedInPerson, flow: Flow) -> AnyElement {
    let text = flow.text;
    let heading = match person.name.as_str() {
        "" => text.phrase(Phrase::WelcomePlain),
        name => text.phrase_with(Phrase::Welcome, name),
    };
    let username = Some(person.username.clone());
    let lead: Vec<String> =
        username.into_iter().filter(|name| !name.is_empty() && *name != person.name).collect();
    let busy = Signal::derive(move || flow.is_busy());
    let sign_out = move |everywhere| move || flow.send(Event::SignOut { everywhere });
    let buttons = view! {
        <div {..look("form__buttons")}>
            <ActionButton label=text.phrase(Phrase::SignOut) busy on_press=sign_out(false)/>
            <QuietButton label=text.phrase(Phrase::SignOutEverywhere) on_press=sign_out(true)/>
        </div>
    };
    view! { <Frame heading lead flow>{buttons.into_any_element()}</Frame> }.into_inner()
}
