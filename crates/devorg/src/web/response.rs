//! JSON responses and API errors.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// The media type of the sign-in endpoints.
pub(crate) const ION: &str = "application/ion+json; okta-version=1.0.0";
const JSON: &str = "application/json";

/// A JSON response.
pub(crate) fn json(status: u16, body: &Value) -> Response {
    typed(status, JSON, body.to_string())
}

/// A response with a media type. Nothing is cacheable.
pub(crate) fn typed(status: u16, kind: &'static str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    response
}

/// An error in the form of Okta's management API.
pub(crate) fn api_error(status: u16, code: &str, summary: &str) -> Response {
    let body = json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": "oaedevorg00000000000",
        "errorCauses": [],
    });
    json(status, &body)
}

pub(crate) async fn not_found() -> Response {
    api_error(404, "E0000022", "The endpoint does not support the provided HTTP method")
}

/// 429 without the headers that say when to retry.
pub(crate) fn over_the_limit() -> Response {
    api_error(429, "E0000047", "API call exceeded rate limit due to too many requests.")
}
