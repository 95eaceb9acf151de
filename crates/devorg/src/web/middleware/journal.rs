//! Records calls in the journal.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;

use crate::shared::SharedState;
use crate::shared::journal::JournalEntry;

/// Records every call except those to `/dev`.
pub(crate) async fn record(State(shared): State<Arc<SharedState>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/dev") {
        return next.run(request).await;
    }
    let method = request.method().to_string();
    let user_agent =
        header(&request, "x-okta-user-agent-extended").or_else(|| header(&request, "user-agent"));
    let user_agent = user_agent.unwrap_or_default();
    let (forwarded_for, device_token) =
        (header(&request, "x-forwarded-for"), header(&request, "x-device-token"));
    let (at, begun) = (shared.now().iso(), std::time::Instant::now());
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&shared.random().id("req")) {
        response.headers_mut().insert("x-okta-request-id", id);
    }
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    shared.journal.add(JournalEntry {
        method,
        path,
        status,
        user_agent,
        forwarded_for,
        device_token,
        at,
        micros,
    });
    response
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
}
