//! What the browser can do: focus, title, storage, visibility. The only room that knows `web_sys`.

pub(crate) mod address;
pub(crate) mod early_form;
pub(crate) mod focus;
pub(crate) mod intl;
pub(crate) mod language;
pub(crate) mod mount;
pub(crate) mod passkey;
pub(crate) mod storage;

use js_sys::Function;
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

/// Names the page, for tabs, history and screen readers.
pub(crate) fn title(title: &str) {
    if !mount::is_embedded() {
        document().set_title(title);
    }
}

/// Whether the page is out of sight, or holds the program no more.
pub(crate) fn is_hidden() -> bool {
    document().hidden() || !mount::container().is_connected()
}

/// Puts text on the clipboard.
pub(crate) fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestIdleCallback, catch)]
    fn request_idle_callback(callback: &JsValue) -> Result<u32, JsValue>;
}

/// Acts when the page has nothing else to do. A browser that cannot tell acts a second later.
pub(crate) fn when_idle(act: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(act);
    if request_idle_callback(&callback).is_err() {
        let callback: &Function = callback.unchecked_ref();
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, 1_000);
    }
}
