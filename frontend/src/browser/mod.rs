//! The browser's interfaces: focus, title, storage, visibility. The only room that uses `web_sys`.

pub(crate) mod account;
pub(crate) mod address;
pub(crate) mod captcha_frame;
pub(crate) mod device;
pub(crate) mod early_form;
pub(crate) mod element;
pub(crate) mod focus;
pub(crate) mod intl;
pub(crate) mod language;
pub(crate) mod mount;
mod on_demand;
pub(crate) mod passkey;
pub(crate) mod schedule;
pub(crate) mod storage;

use js_sys::Function;
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Sets the title of the page, for tabs, history and screen readers: the heading, and the name that the title has had
/// already, which is the operator's, or else the app's.
pub(crate) fn title(heading: &str, app: &str) {
    if mount::is_embedded() {
        return;
    }
    let before = document().title();
    let name = before.split_once('·').map_or(app, |(_, name)| name.trim_start());
    let separator = if name.is_empty() { "" } else { " · " };
    document().set_title(&[heading, separator, name].concat());
}

/// Whether the page is hidden, or the element was removed from it.
pub(crate) fn is_hidden() -> bool {
    document().hidden() || !mount::container().is_connected()
}

/// The time in milliseconds, to measure how long something takes.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// Text in standard base64; none if a letter of it is no byte.
pub(crate) fn to_base64(text: &str) -> Option<String> {
    window().btoa(text).ok()
}
/// The time by the clock of this device, in milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// The host of the page.
pub(crate) fn host() -> String {
    window().location().host().unwrap_or_default()
}

/// Opens an address that belongs to an app.
pub(crate) fn open(href: &str) {
    let _ = window().location().assign(href);
}

/// Copies text to the clipboard.
pub(crate) fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestIdleCallback, catch)]
    fn request_idle_callback(callback: &JsValue) -> Result<u32, JsValue>;
}

/// Calls `act` when the page is idle. A browser without `requestIdleCallback` calls it a second later.
pub(crate) fn when_idle(act: impl FnOnce() + 'static) {
    let callback = schedule::once(Box::new(act));
    if request_idle_callback(&callback).is_err() {
        let callback: &Function = callback.unchecked_ref();
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, 1_000);
    }
}
