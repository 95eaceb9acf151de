//! The elements of the account page: focus, presses, keys and its style sheet.

use super::mount::property;
use js_sys::{Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// The element around the parts of the account.
pub(crate) type AccountRoot = web_sys::HtmlDivElement;

/// Focuses the first element of these selectors that there is, and leaves the scroll position.
pub(crate) fn focus(root: &Element, selectors: &[String]) {
    let Some(element) = selectors.iter().find_map(|selector| first(root, selector)) else { return };
    let options = Object::new();
    let _ = Reflect::set(&options, &"preventScroll".into(), &JsValue::TRUE);
    if let Some(focus) = property(&element, "focus").dyn_ref::<Function>() {
        let _ = focus.call1(&element, &options);
    }
    // Typing replaces what was refused.
    if let Some(input) = element.dyn_ref::<HtmlInputElement>().filter(|input| is_invalid(input)) {
        input.select();
    }
}

/// Presses a button.
pub(crate) fn press(root: &Element, selector: &str) {
    if let Some(button) = first(root, selector) {
        button.click();
    }
}

fn first(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector_all(selector).ok()?.item(0)?.dyn_into().ok()
}

fn is_invalid(input: &HtmlInputElement) -> bool {
    input.get_attribute("aria-invalid").is_some_and(|value| value == "true")
}

/// Whether an event is of this key.
pub(crate) fn is_key(event: &Event, key: &str) -> bool {
    property(event, "key").as_string().is_some_and(|pressed| pressed == key)
}

/// Whether the browser has passkeys.
pub(crate) fn has_passkeys() -> bool {
    !property(&window(), "PublicKeyCredential").is_undefined()
}

/// The address of the sheet of the account page. `boot.js` knows it.
pub(crate) fn sheet() -> String {
    property(&property(&window(), "latchkey"), "accountSheet").as_string().unwrap_or_default()
}
