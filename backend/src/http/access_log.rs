//! One line in the log for each request, with an id to search by and nothing about a person.

use crate::ops::metrics::Metrics;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method};
use latchkey_contract::ProblemCode;
use latchkey_vault::RandomSource;
use std::time::Instant;
use tracing::Span;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request while it is under way.
pub(super) struct AccessLogEntry<'a> {
    /// What is logged meanwhile belongs to it.
    pub(super) span: Span,
    id: String,
    route: String,
    began: Instant,
    metrics: &'a Metrics,
}

impl<'a> AccessLogEntry<'a> {
    /// Notes that it has come.
    pub(super) fn open(method: &Method, route: String, metrics: &'a Metrics) -> Self {
        let id = id();
        let span = tracing::info_span!("request", id, %method, route);
        Self { span, id, route, began: Instant::now(), metrics }
    }

    /// Writes the line and counts the answer.
    pub(super) fn close(self, response: &mut Response) {
        let (status, took) = (response.status().as_u16(), self.began.elapsed());
        let problem = response.extensions().get::<ProblemCode>().copied();
        self.metrics.answered(&self.route, status, problem, took);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.span
            .in_scope(|| tracing::info!(status, code = problem.map(ProblemCode::name), micros, "answered"));
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
}

/// A name for one request. If there is no chance to be had, it has none.
fn id() -> String {
    RandomSource::system().hex::<8>().unwrap_or_default()
}
