//! Request bodies and errors of the `/dev` API.

use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::response;

pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

pub(super) fn problem(status: u16, why: &str) -> Response {
    response::json(status, &json!({ "error": why })).into_response()
}
