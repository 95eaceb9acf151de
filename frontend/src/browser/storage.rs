//! What the browser keeps: for the tab, and for the next visit. A browser that refuses only forgets sooner.

use leptos::prelude::window;
use web_sys::Storage;

/// What this tab keeps under `name`.
pub(crate) fn get(name: &str) -> Option<String> {
    of_tab()?.get_item(name).ok()?
}

/// Keeps `value` for as long as the tab lives.
pub(crate) fn set(name: &str, value: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(name, value);
    }
}

/// Forgets what this tab keeps under `name`.
pub(crate) fn remove(name: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.remove_item(name);
    }
}

/// Remembers for the next visit whether the person is signed in here, so that no form is shown that is not needed.
pub(crate) fn set_signed_in(is_signed_in: bool) {
    let Some(storage) = lasting() else { return };
    let _ = if is_signed_in { storage.set_item(SIGNED_IN, "1") } else { storage.remove_item(SIGNED_IN) };
}

/// The language that was chosen on the page, if one was.
pub(crate) fn chosen_language() -> Option<String> {
    lasting()?.get_item(CHOSEN_LANGUAGE).ok()?
}

/// Keeps the choice of a language for every visit.
pub(super) fn set_chosen_language(tag: &str) {
    if let Some(storage) = lasting() {
        let _ = storage.set_item(CHOSEN_LANGUAGE, tag);
    }
}

const SIGNED_IN: &str = "latchkey.here";
const CHOSEN_LANGUAGE: &str = "latchkey.language";

fn of_tab() -> Option<Storage> {
    window().session_storage().ok()?
}

fn lasting() -> Option<Storage> {
    window().local_storage().ok()?
}
