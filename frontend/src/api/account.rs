//! The calls of the account page. They are in the account part.

use super::transport::{exchange, headers, init};
use crate::account::failure::AccountFailure;
use crate::values;
use latchkey_contract::Values;
use wasm_bindgen::JsValue;

/// A call, with its path.
pub(crate) enum AccountCall<'a> {
    Get(&'a str),
    Post(&'a str, Values),
    Delete(&'a str),
}

/// Makes a call at a server, and returns the JSON of the response, or `null` without any.
pub(crate) async fn call(server: &str, request: AccountCall<'_>) -> Result<JsValue, AccountFailure> {
    let (method, path, body) = match request {
        AccountCall::Get(path) => ("GET", path, None),
        AccountCall::Post(path, values) => ("POST", path, Some(values::json(&values))),
        AccountCall::Delete(path) => ("DELETE", path, None),
    };
    let init = init(method, &headers(None), body);
    match exchange(&[server, path].concat(), &init).await {
        Ok((true, json)) => Ok(json),
        Ok((false, problem)) => Err(AccountFailure::read(&problem)),
        Err(failure) => Err(failure),
    }
}
