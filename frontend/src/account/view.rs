//! The account page as a whole: who is signed in if nothing around it says so, then its three parts.

use super::claims::{Claims, ReadClaims};
use super::page::AccountPage;
use super::phrase;
use super::rows::part;
use super::security::Security;
use super::security_state::SecurityState;
use super::sessions::{SessionList, Sessions};
use super::shell::{AccountHead, AccountShell};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::account::sheet;
use crate::parts::button::LinkButton;
use crate::parts::look::look;
use leptos::prelude::*;

/// What the parts show. It stays when they are drawn in another language.
#[derive(Clone, Copy)]
struct PartStates {
    security: SecurityState,
    sessions: SessionList,
    claims: ReadClaims,
}

/// The account, as soon as the texts of its language are here, and again when those of another one are.
pub(crate) fn account(shell: AccountShell) -> AnyElement {
    let head = shell.head.clone();
    let page = AccountPage::new(shell);
    let states: RwSignal<Option<PartStates>> = RwSignal::new(None);
    Effect::new(move || {
        let language = page.language_around().get();
        page.spawn(async move {
            if page.speak(language).await {
                states.set(Some(states.get_untracked().unwrap_or_else(|| begin(page))));
            }
        });
    });
    let content = move || {
        let Some(states) = states.get() else { return Vec::new() };
        untrack(|| page.redraw(|| parts(head.as_ref(), states, page)))
    };
    view! {
        <div node_ref=page.root>
            {view! { <link rel="stylesheet" href=sheet() crossorigin="anonymous"/> }.into_any_element()}
            {page.announcements()}
            {content}
        </div>
    }
    .into_any_element()
}

fn begin(page: AccountPage) -> PartStates {
    PartStates {
        security: SecurityState::begin(page),
        sessions: SessionList::begin(page),
        claims: ReadClaims::begin(page),
    }
}

fn parts(head: Option<&AccountHead>, states: PartStates, page: AccountPage) -> Vec<AnyElement> {
    let PartStates { security, sessions, claims } = states;
    let security = view! { <Security security/> }.into_inner();
    let sessions = view! { <Sessions list=sessions/> }.into_inner();
    let claims = view! { <Claims read=claims/> }.into_inner();
    let settings = view! {
        <div {..look("settings")}>
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
