//! What the browser can do: focus, title, storage, visibility. The only room that knows `web_sys`.

pub(crate) mod address;
pub(crate) mod early_form;
pub(crate) mod focus;
pub(crate) mod intl;
pub(crate) mod language;
pub(crate) mod mount;
pub(crate) mod passkey;
pub(crate) mod storage;

use leptos::prelude::{document, window};

/// Names the page, for tabs, history and screen readers.
pub(crate) fn title(title: &str) {
    if !mount::is_embedded() {
        document().set_title(title);
    }
}

/// Whether the page is out of sight, or holds the program no more.
pub(crate) fn is_hidden() -> bool {
    document().hidden() || !mount::place().is_connected()
}

/// Puts text on the clipboard.
pub(crate) fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}
