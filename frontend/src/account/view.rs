//! The account page as a whole: who is signed in if nothing around it says so, then its three parts.

use super::claims::Claims;
use super::page::AccountPage;
use super::phrase;
use super::rows::part;
use super::security::Security;
use super::sessions::Sessions;
use super::shell::{AccountHead, AccountShell};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::account::sheet;
use crate::parts::button::LinkButton;
use crate::parts::look::look;
use leptos::prelude::*;

/// The account, as soon as the texts of its language are here.
pub(crate) fn account(shell: AccountShell) -> AnyElement {
    let head = shell.head.clone();
    let page = AccountPage::new(shell);
    let has_texts = RwSignal::new(false);
    page.spawn(async move {
        page.fetch_texts().await;
        has_texts.set(true);
    });
    let content = move || {
        let is_shown = has_texts.get();
        untrack(|| if is_shown { parts(head.as_ref(), page) } else { Vec::new() })
    };
    view! {
        <div>
            {view! { <link rel="stylesheet" href=sheet() crossorigin="anonymous"/> }.into_any_element()}
            {content}
        </div>
    }
    .into_any_element()
}

fn parts(head: Option<&AccountHead>, page: AccountPage) -> Vec<AnyElement> {
    let security = view! { <Security page/> }.into_inner();
    let sessions = view! { <Sessions page/> }.into_inner();
    let claims = view! { <Claims page/> }.into_inner();
    let settings = view! {
        <div {..look("settings")} node_ref=page.root>
            {page.announcements()}
            {part("security", page.say(phrase::SECURITY), security)}
            {part("sessions", page.say(phrase::SESSIONS), sessions)}
            {part("claims", page.say(phrase::CLAIMS), claims)}
        </div>
    };
    let who = head.map(|head| who(head, page));
    who.into_iter().chain([settings.into_any_element()]).collect()
}

/// Who is signed in, and a button to sign out.
fn who(head: &AccountHead, page: AccountPage) -> AnyElement {
    let AccountHead { name, on_sign_out } = head.clone();
    let label = page.say(phrase::SIGN_OUT);
    let sign_out = view! { <LinkButton label on_press=on_sign_out/> }.into_inner();
    view! {
        <div {..look("stage")}>
            {view! { <h1 {..look("heading")} tabindex="-1"><bdi>{name}</bdi></h1> }.into_any_element()}
            {view! { <p {..look("lead")}><bdi>{page.username()}</bdi></p> }.into_any_element()}
            {view! { <div {..look("settings__actions")}>{sign_out}</div> }.into_any_element()}
        </div>
    }
    .into_any_element()
}
