//! `sessionStorage` and `localStorage`. In a browser that blocks them, reads are empty and writes do nothing.

use leptos::prelude::window;
use web_sys::Storage;

/// The value of `name` in this tab.
pub(crate) fn get(name: &str) -> Option<String> {
    of_tab()?.get_item(name).ok()?
}

/// Stores `value` for this tab.
pub(crate) fn set(name: &str, value: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(name, value);
    }
}

/// Removes `name` from this tab.
pub(crate) fn remove(name: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.remove_item(name);
    }
}

/// Stores for the next visit whether the person is signed in, so that the page does not show the early form in vain.
pub(crate) fn set_signed_in(is_signed_in: bool) {
    let Some(storage) = lasting() else { return };
    let _ = if is_signed_in { storage.set_item(SIGNED_IN, "1") } else { storage.remove_item(SIGNED_IN) };
}

/// The language chosen on the page, if any.
pub(crate) fn chosen_language() -> Option<String> {
    lasting()?.get_item(CHOSEN_LANGUAGE).ok()?
}

/// Stores the chosen language for later visits.
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
