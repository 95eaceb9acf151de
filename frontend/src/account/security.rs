//! The security part of the account page: what signs the person in.

use super::groups::groups;
use super::page::AccountPage;
use super::security_state::SecurityState;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::parts::button::state;
use crate::parts::look::look;
use leptos::prelude::*;

/// The groups. A change that was interrupted by a sign-in goes on.
#[component]
pub(super) fn Security(page: AccountPage) -> AnyElement {
    let security = SecurityState::new(page);
    let load = move || page.spawn(security.load());
    let resumed = page.take_resumed();
    page.spawn(async move {
        security.load().await;
        if let Some(trigger) = resumed {
            page.press_when_drawn(format!("[data-open=\"{trigger}\"]"));
        }
    });
    let shown = move || {
        let account = security.account();
        untrack(|| match account {
            None => Vec::new(),
            Some(Ok(account)) => groups(account, security),
            Some(Err(failure)) => vec![page.failure(&failure, Callback::new(move |()| load()))],
        })
    };
    let busy = state(Signal::derive(move || security.is_loading()));
    view! { <div {..look("settings__groups")} aria-busy=busy>{shown}</div> }.into_any_element()
}
