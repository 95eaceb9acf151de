//! The account in the element `<latchkey-account>` of another page, whose script knows who is signed in.

use super::shell::{AccountHead, AccountShell};
use super::view::account;
use crate::any_element::AnyElement;
use crate::browser::element::AccountHost;
use latchkey_contract::StepUp;
use leptos::prelude::Callback;

/// The account, with who is signed in.
pub(crate) fn element(host: &AccountHost) -> AnyElement {
    let calls = |function: &'static str| {
        let host = host.clone();
        Callback::new(move |()| host.call(function))
    };
    let to_step_up = host.clone();
    account(AccountShell {
        server: host.text("server"),
        language: host.language(),
        username: host.text("username"),
        head: Some(AccountHead { name: host.text("name"), on_sign_out: calls("signOut") }),
        on_signed_out: calls("signedOut"),
        on_step_up: Callback::new(move |needed: StepUp| to_step_up.step_up(&needed)),
    })
}
