//! One line in the log for each request, with an id to search by and nothing about a person; and a place for each, or
//! a quick no.

use crate::{
    metrics::{Metrics, UnderWay},
    problem::ApiError,
};
use axum::{
    extract::{MatchedPath, Request},
    response::Response,
};
use http::{HeaderName, HeaderValue};
use latchkey_contract::Code;
use std::time::Instant;
use tracing::Span;

/// Beyond this many at once, everybody would only wait for everybody else.
const MOST_AT_ONCE: usize = 512;
/// Places beyond these, for whoever wants to leave or to know who is signed in: both are soon done.
const KEPT_FREE: usize = 128;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request while it is under way.
pub(super) struct Entry<'a> {
    /// What is logged meanwhile belongs to it.
    pub(super) span: Span,
    id: String,
    route: String,
    began: Instant,
    metrics: &'a Metrics,
    at_once: usize,
    _under_way: UnderWay<'a>,
}

impl<'a> Entry<'a> {
    /// Notes that it has come.
    pub(super) fn open(request: &Request, metrics: &'a Metrics) -> Self {
        let (_under_way, at_once) = metrics.come();
        let id = id();
        let path = request.extensions().get::<MatchedPath>();
        let route = path.map_or("page", MatchedPath::as_str).to_owned();
        let span = tracing::info_span!("request", id, method = %request.method(), route);
        Self { span, id, route, began: Instant::now(), metrics, at_once, _under_way }
    }

    /// Whether there is a place for it. Whoever looks after us is always told how we are.
    pub(super) fn has_place(&self) -> Result<(), ApiError> {
        let most = match self.route.as_str() {
            "/healthz" | "/readyz" => usize::MAX,
            "/api/logout" | "/api/session" => MOST_AT_ONCE + KEPT_FREE,
            _ => MOST_AT_ONCE,
        };
        if self.at_once > most { Err(Code::Overloaded.into()) } else { Ok(()) }
    }

    /// Writes the line and counts the answer.
    pub(super) fn close(self, response: &mut Response) {
        let (status, took) = (response.status().as_u16(), self.began.elapsed());
        let problem = response.extensions().get::<Code>().copied();
        self.metrics.answered(&self.route, status, problem, took);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.span.in_scope(|| tracing::info!(status, code = problem.map(Code::name), micros, "answered"));
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
}

/// A name for one request. If there is no chance to be had, it has none.
fn id() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_or_else(|_| String::new(), |()| crate::session::hex(&bytes))
}
