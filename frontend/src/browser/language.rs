//! The language of the page: what the person reads, what the page is to speak, and what it speaks.

use super::mount::host;
use super::storage;
use leptos::prelude::window;
use wasm_bindgen::prelude::wasm_bindgen;

/// The language that the page is to speak: chosen here, or the person's own. `boot.js` found it out.
pub(crate) fn wanted() -> String {
    host().get_attribute(WANTED).unwrap_or_else(|| "en".to_owned())
}

/// Makes it another, this time and every time.
pub(crate) fn choose(tag: &str) {
    let _ = host().set_attribute(WANTED, tag);
    storage::set_chosen_language(tag);
}

#[wasm_bindgen]
extern "C" {
    /// The languages that the page speaks, a line each: the tag, and the language's own name. `boot.js` has the list.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn languages() -> String;

    /// Tells browsers and screen readers what the page speaks, and from which side it is read.
    #[wasm_bindgen(js_namespace = latchkey)]
    pub(crate) fn speak(tag: &str);
}

/// Where the page has the language that is wanted of it.
const WANTED: &str = "data-language";

/// The country that the person's first language belongs to.
pub(crate) fn region() -> String {
    let languages: Vec<String> =
        window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect();
    let region = languages.iter().find_map(|tag| {
        tag.split('-').find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
    });
    region.unwrap_or("US").to_owned()
}
