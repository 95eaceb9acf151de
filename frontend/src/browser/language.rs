//! The language of the page: the browser's, the chosen one and the current one.

use super::mount::root;
use super::storage;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The language for the page, from `boot.js`: the one chosen here, or the browser's.
pub(crate) fn wanted() -> String {
    root().get_attribute(WANTED).unwrap_or_else(|| "en".to_owned())
}

/// Sets it for this visit and later ones.
pub(crate) fn choose(tag: &str) {
    let _ = root().set_attribute(WANTED, tag);
    storage::set_chosen_language(tag);
}

/// Whether the page is read from the right. `boot.js` sets its direction.
pub(crate) fn is_right_to_left() -> bool {
    root().get_attribute("dir").is_some_and(|direction| direction == "rtl")
}

#[wasm_bindgen]
extern "C" {
    /// The supported languages, one on a line: the tag, and the language's own name. `boot.js` has the list.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn languages() -> String;

    /// The texts of a language, as an object. Rejects if they cannot be fetched.
    #[wasm_bindgen(js_namespace = latchkey, js_name = words, catch)]
    pub(crate) async fn texts(tag: &str) -> Result<JsValue, JsValue>;

    /// Sets the language and direction of the page for browsers and screen readers.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn speak(tag: &str);
}

/// The element with the requested language.
const WANTED: &str = "data-language";

/// The country of the browser's first language.
pub(crate) fn region() -> String {
    let languages: Vec<String> =
        window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect();
    let region = languages.iter().find_map(|tag| {
        tag.split('-').find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
    });
    region.unwrap_or("US").to_owned()
}
