//! The scripts that are fetched when they are needed: `passkey.js` and `device.js`.

use crate::values;
use latchkey_contract::Values;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Set by `boot.js`, which knows the addresses of the scripts.
    #[wasm_bindgen(js_namespace = latchkey, js_name = ask, catch)]
    async fn ask_script(question: &str) -> Result<JsValue, JsValue>;
}

/// Asks the script that the question is for. A script that failed to load is fetched again next time.
pub(super) async fn ask(question: &Values) -> Result<JsValue, JsValue> {
    ask_script(&values::json(question)).await
}
