//! Where the program is: in a page of its own, or in an element of somebody else's page.

use super::tag::Tag;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// The element that speaks for us to the outside: the page itself, or the one that somebody put into theirs.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(super) fn root() -> Element;

    /// The element that screens are put into.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(super) fn place() -> Element;

    /// The origin of our server, where the page is not of that origin for sure.
    #[wasm_bindgen(js_namespace = latchkey)]
    fn home() -> String;

    /// Tells the page around us what has happened. Nobody listens in a page of our own.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn tell(what: &str);
}

/// Whether the page, its address and its title are somebody else's.
pub(crate) fn is_guest() -> bool {
    !home().is_empty()
}

/// The whole address of a path at our server.
pub(crate) fn url(path: &str) -> String {
    if path.starts_with('/') { home() + path } else { path.to_owned() }
}

/// Where screens are put.
pub(crate) fn stage() -> Tag {
    Tag::from(place())
}

/// Acts whenever they have come into sight or gone out of it, as `boot.js` tells.
pub(crate) fn on_sight(act: impl Fn() + 'static) {
    stage().hears("visibilitychange", act);
}

/// What is around them.
pub(crate) fn around() -> Option<HtmlElement> {
    place().parent_element()?.dyn_into().ok()
}

/// Puts something below them.
pub(crate) fn below(what: Tag) {
    if let Some(around) = place().parent_element() {
        Tag::from(around).child(what);
    }
}

/// Whether the person is typing or clicking here. A page of our own has nobody else's fields.
pub(crate) fn has_focus() -> bool {
    !is_guest() || root().matches(":focus-within").unwrap_or(false)
}
