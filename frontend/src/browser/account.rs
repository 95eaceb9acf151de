//! The account of the signed-in person, which a script of its own shows.

use super::mount::container;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// Set by `boot.js`, which knows the address of the script.
    #[wasm_bindgen(js_namespace = latchkey)]
    fn account(place: &Element, username: &str);
}

/// Shows the account in its place, once that is in the page.
pub(crate) fn show_when_drawn(username: String) {
    leptos::prelude::queue_microtask(move || {
        if let Ok(Some(place)) = container().query_selector("[data-account]") {
            account(&place, &username);
        }
    });
}
