//! The client in the browser, and what `boot.js` and `latchkey-account.js` call of it.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

fn main() {
    latchkey_frontend::prepare();
}

/// Shows the sign-in in the container of its screens.
#[wasm_bindgen(js_name = showSignIn)]
pub fn show_sign_in() {
    latchkey_frontend::show_sign_in();
}

/// Shows the account of the signed-in person in this element of another page. `host` is what its script knows and does.
#[wasm_bindgen(js_name = showAccount)]
pub fn show_account(container: HtmlElement, host: JsValue, failed: Function) {
    latchkey_frontend::show_account(container, host, failed);
}
