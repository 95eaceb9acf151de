//! The operator's brand: style sheet, logo and JSON, for our own pages and those of listed origins.

use crate::{app::App, http::ApiError};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use latchkey_contract::ProblemCode;

/// How long a browser may use the brand without asking again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /brand.css`: the style tokens.
pub(super) async fn sheet(State(app): State<App>, headers: HeaderMap) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    shared(&app, &headers, (kind, app.brand.sheet()))
}

/// `GET /brand/logo.svg`: the logo.
pub(super) async fn logo(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let logo = app.brand.logo().ok_or(ProblemCode::NotFound)?.to_owned();
    Ok(shared(&app, &headers, ([(header::CONTENT_TYPE, "image/svg+xml")], logo)))
}

/// `GET /brand.json`: all of it, for an element in another page.
pub(super) async fn json(State(app): State<App>, headers: HeaderMap) -> Response {
    shared(&app, &headers, Json(app.brand.json()))
}

fn shared(app: &App, request: &HeaderMap, response: impl IntoResponse) -> Response {
    let mut response = response.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, MAX_AGE);
    app.edge.origins.share_file(request, response.headers_mut());
    response
}
