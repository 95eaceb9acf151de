//! What surrounds the account: the program in a page of its own, or the element `<latchkey-account>`.

use crate::text::Language;
use latchkey_contract::StepUp;
use leptos::prelude::{Callback, RwSignal};

/// The surroundings of the account.
#[derive(Clone)]
pub(crate) struct AccountShell {
    /// The origin of the server; empty if it is that of the page.
    pub(crate) server: String,
    /// The language, with the texts of the program.
    pub(crate) language: RwSignal<Language>,
    /// What the person signs in with.
    pub(crate) username: String,
    /// What the account begins with, if nothing around it says who is signed in.
    pub(crate) head: Option<AccountHead>,
    /// Called when the person is not signed in any more.
    pub(crate) on_signed_out: Callback<()>,
    /// Signs the person in again, because the org wants a sign-in that is newer or stronger.
    pub(crate) on_step_up: Callback<StepUp>,
}

/// Who is signed in, and how to sign out.
#[derive(Clone)]
pub(crate) struct AccountHead {
    pub(crate) name: String,
    pub(crate) on_sign_out: Callback<()>,
}
