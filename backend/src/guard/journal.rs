//! One line in the log for each request, with an id to search by and nothing about a person; and a place for each, or
//! a quick no.

use crate::{app::App, problem::ApiError};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue};
use latchkey_contract::Code;
use std::time::Instant;
use tracing::Instrument;

/// Beyond this many at once, everybody would only wait for everybody else.
const MOST_AT_ONCE: usize = 512;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes the line and counts the answer.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (_under_way, at_once) = app.metrics.come();
    let id = id();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("page", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, %method, route);
    let mut response = if at_once > MOST_AT_ONCE && !route.ends_with('z') {
        ApiError::from(Code::Overloaded).into_response()
    } else {
        next.run(request).instrument(span.clone()).await
    };
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let problem = response.extensions().get::<Code>().copied();
    app.metrics.answered(&route, status, problem, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, code = problem.map(Code::name), micros, "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A name for one request. If there is no chance to be had, it has none.
fn id() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_or_else(|_| String::new(), |()| crate::session::hex(&bytes))
}
