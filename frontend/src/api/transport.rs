//! Calls of the server's API and their responses. Nothing else in the program makes them; `boot.js` fetches the texts.

use crate::account::failure::AccountFailure;
use crate::browser::mount::url;
use crate::browser::storage;
use crate::flow::call::CallError;
use crate::read_contract::{self, JsonNode};
use crate::values;
use js_sys::{Array, JsString, Object, Reflect};
use latchkey_contract::{Transaction, Values};
use leptos::prelude::window;
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// A response, before its JSON is read.
pub(super) enum Received {
    Body(JsValue),
    Nothing,
    /// The flow is at another step.
    Moved(Box<Transaction>),
}

/// A request in progress. It is boxed, so that all calls await the same type.
pub(super) type PendingResponse = Pin<Box<dyn Future<Output = Result<Received, CallError>>>>;

pub(super) fn get(path: &str, token: Option<String>) -> PendingResponse {
    send("GET", path, &headers(token), None)
}

pub(super) fn delete(path: &str) -> PendingResponse {
    send("DELETE", path, &headers(None), None)
}

pub(super) fn post(path: &str, values: &Values, token: Option<String>) -> PendingResponse {
    send("POST", path, &headers(token), Some(values::json(values)))
}

/// The headers of every call. The org uses the language chosen here, else the browser's.
pub(super) fn headers(token: Option<String>) -> Object {
    let headers = Object::new();
    set(&headers, "X-CSRF", "1");
    set(&headers, "Accept", "application/json");
    for (name, value) in [("X-Transaction", token), ("Accept-Language", storage::chosen_language())] {
        if let Some(value) = value {
            set(&headers, name, &value);
        }
    }
    headers
}

fn send(method: &str, path: &str, headers: &Object, body: Option<String>) -> PendingResponse {
    fetch(path, &init(method, headers, body))
}

/// A request; its body is JSON.
pub(super) fn init(method: &str, headers: &Object, body: Option<String>) -> Object {
    let init = Object::new();
    set(&init, "method", method);
    set(&init, "credentials", "include");
    if let Some(body) = body {
        set(headers, "Content-Type", "application/json");
        set(&init, "body", &body);
    }
    let _ = Reflect::set(&init, &"headers".into(), headers);
    init
}

/// Makes a request of the account page: whether it succeeded, and the JSON of the response, or `null` without any. Its
/// problems have members that those of a step have not.
pub(super) async fn exchange(url: &str, init: &Object) -> Result<(bool, JsValue), AccountFailure> {
    let response = JsFuture::from(window().fetch_with_str_and_init(url, init.unchecked_ref())).await;
    let response: Response = response.map_err(|_| AccountFailure::Offline)?.unchecked_into();
    if response.status() == 204 {
        return Ok((true, JsValue::NULL));
    }
    let json = response.json().map_err(|_| AccountFailure::Other)?;
    let json = JsFuture::from(json).await.map_err(|_| AccountFailure::Other)?;
    Ok((response.ok(), json))
}

fn set(object: &Object, name: &str, value: &str) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}

fn fetch(path: &str, init: &Object) -> PendingResponse {
    let response = window().fetch_with_str_and_init(&url(path), init.unchecked_ref());
    Box::pin(async move {
        let response = JsFuture::from(response).await.map_err(|_| CallError::Offline)?;
        read(response.unchecked_ref()).await
    })
}

async fn read(response: &Response) -> Result<Received, CallError> {
    if response.status() == 204 {
        return Ok(Received::Nothing);
    }
    let body = response.json().map_err(|_| CallError::Garbled)?;
    let json = JsFuture::from(body).await.map_err(|_| CallError::Garbled)?;
    if response.ok() {
        return Ok(Received::Body(json));
    }
    let problem = read_contract::problem(&json);
    match (problem.transaction, problem.code) {
        (Some(transaction), _) => Ok(Received::Moved(Box::new(transaction))),
        (None, Some(code)) => Err(CallError::Refused(code, problem.retry_after)),
        (None, None) => Err(CallError::Garbled),
    }
}

impl JsonNode for JsValue {
    fn get(&self, key: &str) -> Option<Self> {
        let inner = Reflect::get(self, &JsValue::from_str(key)).ok()?;
        (!inner.is_undefined() && !inner.is_null()).then_some(inner)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Array::is_array(self).then(|| self.unchecked_ref::<Array>().iter().collect())
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        let object = self.dyn_ref::<Object>()?;
        let pair = |name: JsValue| {
            Some((String::from(name.dyn_ref::<JsString>()?), JsonNode::get(self, &name.as_string()?)?))
        };
        Some(Object::keys(object).iter().filter_map(pair).collect())
    }
}
