//! Where the program is mounted: in a page of its own, or in an element of another site's page.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// The element that stands for the program to the outside: the page itself, or the element in another site's page.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(super) fn host() -> Element;

    /// The element that holds the screens.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(super) fn container() -> Element;

    /// The origin of the server, where the page may be of another one.
    #[wasm_bindgen(js_namespace = latchkey, js_name = serverOrigin)]
    fn server_origin() -> String;

    /// Tells the page around the element what has happened, an error with its code. In a page of our own nothing listens.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn notify(what: &str, code: Option<&str>);
}

/// Whether the page, its address and its title are another site's.
pub(crate) fn is_embedded() -> bool {
    !server_origin().is_empty()
}

/// The whole address of a path at the server.
pub(crate) fn url(path: &str) -> String {
    if path.starts_with('/') { server_origin() + path } else { path.to_owned() }
}

/// The element that holds the screens, to mount them in.
pub(crate) fn screens() -> Option<HtmlElement> {
    container().dyn_into().ok()
}

/// The element around it, for what stands below the screens.
pub(crate) fn around_screens() -> Option<HtmlElement> {
    container().parent_element()?.dyn_into().ok()
}

/// Acts whenever the screens have come into sight or gone out of it, as `boot.js` tells, for as long as the page lives.
pub(crate) fn on_visibility_change(act: impl Fn() + 'static) {
    listen("visibilitychange", Closure::new(act));
}

/// Acts whenever the browser brings the page back as it was left, as `boot.js` tells.
pub(crate) fn on_return(act: impl Fn() + 'static) {
    listen("pageshow", Closure::new(act));
}

fn listen(event: &str, listener: Closure<dyn Fn()>) {
    let listener = listener.into_js_value();
    let _ = container().add_event_listener_with_callback(event, listener.unchecked_ref());
}

/// Whether the person is typing or clicking here. A page of our own has no other fields.
pub(crate) fn has_focus() -> bool {
    !is_embedded() || host().matches(":focus-within").unwrap_or(false)
}

/// A property of an element, whatever its type.
pub(super) fn property(element: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(element, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
