//! The security part of the account page: what signs the person in.

use super::groups::groups;
use super::security_state::SecurityState;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::parts::button::state;
use crate::parts::look::look;
use leptos::prelude::*;

/// The groups.
#[component]
pub(super) fn Security(security: SecurityState) -> AnyElement {
    let page = security.page;
    let load = move || page.spawn(security.load());
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
