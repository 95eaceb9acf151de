//! The account in the element `<latchkey-account>` of another page, whose script knows who is signed in.

use super::shell::{AccountHead, AccountShell};
use super::view::account;
use crate::any_element::AnyElement;
use crate::browser::element::AccountHost;
use latchkey_contract::StepUp;
use leptos::prelude::{Callback, RwSignal, Set};

/// The account, with who is signed in. It follows the language of the element.
pub(crate) fn element(host: &AccountHost) -> AnyElement {
    let language = RwSignal::new(host.language());
    let changed = host.clone();
    host.on_language_change(move || language.set(changed.language()));
    let calls = |function: &'static str| {
        let host = host.clone();
        Callback::new(move |()| host.call(function))
    };
    let to_step_up = host.clone();
    account(AccountShell {
        server: host.text("server"),
        language,
        username: host.text("username"),
        head: Some(AccountHead { name: host.text("name"), on_sign_out: calls("signOut") }),
        on_signed_out: calls("signedOut"),
        on_step_up: Callback::new(move |needed: StepUp| to_step_up.step_up(&needed)),
    })
}
