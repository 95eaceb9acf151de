//! Passkeys: what is asked of the device. `passkey.js` does the asking; it is fetched when there is something to ask for.

use crate::{read_contract, values};
use latchkey_contract::{Value, Values};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Why the device gave no passkey.
pub(crate) enum Refusal {
    /// The person cancelled, or the time was up.
    Cancelled,
    /// This device is set up already.
    Known,
    /// The browser has no passkeys.
    Missing,
}

#[wasm_bindgen]
extern "C" {
    /// Set by `boot.js`, which knows where the script is.
    #[wasm_bindgen(js_namespace = latchkey, catch)]
    async fn passkey(question: &str) -> Result<JsValue, JsValue>;
}

/// Makes a passkey, on no device that has one of `known`.
pub(crate) async fn make(data: &Value, known: &[String]) -> Result<Values, Refusal> {
    ask("make", data, known).await
}

/// Uses one of the passkeys in `known`, or any that the device has for this site.
pub(crate) async fn get(data: &Value, known: &[String]) -> Result<Values, Refusal> {
    ask("use", data, known).await
}

/// Offers the passkeys that the device has for this site where a username is typed, until one is picked.
pub(crate) async fn offer(data: &Value) -> Result<Values, Refusal> {
    ask("offer", data, &[]).await
}

/// Has the device forget what it was asked.
pub(crate) async fn stop() {
    let _ = passkey(&values::json(&values::one("ask", "stop"))).await;
}

async fn ask(what: &str, data: &Value, known: &[String]) -> Result<Values, Refusal> {
    let mut question = values::one("ask", what);
    question.insert("data".to_owned(), data.clone());
    question.insert("known".to_owned(), Value::List(known.iter().map(|id| id.as_str().into()).collect()));
    // A script that cannot be fetched now may be fetched later.
    let answer = passkey(&values::json(&question)).await.map_err(|_| Refusal::Cancelled)?;
    match answer.as_string().as_deref() {
        None => Ok(read_contract::user(&answer)),
        Some("known") => Err(Refusal::Known),
        Some("missing") => Err(Refusal::Missing),
        Some(_) => Err(Refusal::Cancelled),
    }
}
