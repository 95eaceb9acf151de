//! The mount point of the program: a page of its own, or an element in another page.

use super::schedule::once;
use js_sys::Promise;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// The element that has the language of the screens.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(super) fn root() -> Element;

    /// The element that contains the screens.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(super) fn container() -> Element;

    /// Adds the style sheet of the late part; the promise resolves when the sheet has loaded or failed.
    #[wasm_bindgen(js_namespace = latchkey, js_name = lateSheet)]
    fn load_late_sheet() -> Promise;

    /// The origin of the server, which may differ from the page's.
    #[wasm_bindgen(js_namespace = latchkey, js_name = serverOrigin)]
    pub(crate) fn server_origin() -> String;

    /// Fires an event for the page around the element; an error has its code. In a page of our own nothing listens.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn notify(what: &str, code: Option<&str>);

    /// Fires the event of a new screen, with the step, its authenticator and the path of the screen.
    #[wasm_bindgen(js_namespace = latchkey, js_name = step)]
    pub(crate) fn notify_step(name: &str, authenticator: Option<&str>, screen: &str);

    /// Calls `send` at once in a page of our own, and in another page once that page lets the answer be sent.
    #[wasm_bindgen(js_namespace = latchkey)]
    fn submit(send: &JsValue);

    /// The path and query at which our own page would begin the same as the element. With `begins`, it begins a flow although
    /// a person is signed in.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn opening(begins: bool) -> String;

    /// Where the browser returns to when it comes back from elsewhere, if it is not our own page.
    #[wasm_bindgen(js_namespace = latchkey, js_name = returnAddress)]
    pub(crate) fn return_address() -> Option<String>;

    /// Goes to the return address of a finished flow, unless the page there has not been left.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn leave(address: &str);
}

/// Whether the program runs as an element in another page, whose address and title it must not change.
pub(crate) fn is_embedded() -> bool {
    !server_origin().is_empty()
}

/// Sends an answer, once the page around the element lets it be sent.
pub(crate) fn when_allowed(send: impl FnOnce() + 'static) {
    submit(&once(Box::new(send)));
}

/// Adds the style sheet of the late part. Screens without it can be used as well.
pub(crate) fn late_sheet() -> impl Future<Output = ()> {
    let loaded = JsFuture::from(load_late_sheet());
    async {
        let _ = loaded.await;
    }
}

/// The full URL of a path at the server.
pub(crate) fn url(path: &str) -> String {
    if path.starts_with('/') { server_origin() + path } else { path.to_owned() }
}

/// The element to mount the screens in.
pub(crate) fn screens() -> Option<HtmlElement> {
    container().dyn_into().ok()
}

/// The element around it, for everything below the screens.
pub(crate) fn around_screens() -> Option<HtmlElement> {
    container().parent_element()?.dyn_into().ok()
}

/// Calls `act` whenever `boot.js` reports that the screens became visible or hidden.
pub(crate) fn on_visibility_change(act: impl Fn() + 'static) {
    listen(&container(), "visibilitychange", Box::new(act));
}

/// Calls `act` whenever `boot.js` reports that the page was restored from the back-forward cache.
pub(crate) fn on_return(act: impl Fn() + 'static) {
    listen(&container(), "pageshow", Box::new(act));
}

/// Calls `act` whenever `boot.js` reports that the browser is online again.
pub(crate) fn on_online(act: impl Fn() + 'static) {
    listen(&container(), "online", Box::new(act));
}

/// Calls `act` whenever the element reports `event`.
pub(crate) fn on(event: &str, act: impl Fn() + 'static) {
    listen(&container(), event, Box::new(act));
}

/// The level of the headings in the page around the element, if it says one.
pub(crate) fn heading_level() -> Option<String> {
    root().get_attribute("data-level")
}

/// Whether the page around the element shows the account of a signed-in person.
pub(crate) fn shows_account() -> bool {
    root().get_attribute("data-signed-in").is_none()
}

/// Calls `act` whenever this element gets `event`.
pub(super) fn listen(element: &Element, event: &str, act: Box<dyn Fn()>) {
    let listener = Closure::wrap(act).into_js_value();
    let _ = element.add_event_listener_with_callback(event, listener.unchecked_ref());
}

/// Whether the focus is in the screens or beside them. A page of our own has no other fields.
pub(crate) fn has_focus() -> bool {
    !is_embedded() || root().matches(":focus-within").unwrap_or(false)
}

/// A property of an element, whatever its type.
pub(super) fn property(element: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(element, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
