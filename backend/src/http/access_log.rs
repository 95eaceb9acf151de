//! The access log: one line for each request, with an id to search by and nothing about a person.

use super::Edge;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method};
use latchkey_contract::ProblemCode;
use tokio::time::Instant;
use tracing::Span;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request while it is under way.
pub(super) struct AccessLogEntry<'a> {
    /// The span of the lines that are logged meanwhile.
    pub(super) span: Span,
    /// Random; empty if the operating system gives no random bytes.
    id: String,
    route: String,
    began: Instant,
    edge: &'a Edge,
}

impl<'a> AccessLogEntry<'a> {
    /// Begins the entry of a request.
    pub(super) fn open(method: &Method, route: String, edge: &'a Edge) -> Self {
        let id = edge.random.hex::<8>().unwrap_or_default();
        let span = tracing::info_span!("request", id, %method, route);
        Self { span, id, route, began: edge.clock.instant(), edge }
    }

    /// Writes the line and counts the response.
    pub(super) fn close(self, response: &mut Response) {
        let (status, took) =
            (response.status().as_u16(), self.edge.clock.instant().duration_since(self.began));
        let problem = response.extensions().get::<ProblemCode>().copied();
        self.edge.metrics.answered(&self.route, status, problem, took);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.span
            .in_scope(|| tracing::info!(status, code = problem.map(ProblemCode::name), micros, "answered"));
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
}
