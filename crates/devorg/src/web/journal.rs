//! What was called, and by whom. Never a body or a query.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use serde::Serialize;

use super::Site;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The status it was answered with.
    pub status: u16,
    /// What kind of client it said it was.
    #[serde(rename = "userAgent")]
    pub user_agent: String,
    /// For whom it said it calls, if it is a server.
    #[serde(rename = "forwardedFor", skip_serializing_if = "Option::is_none")]
    pub forwarded_for: Option<String>,
    /// The device it said that is on.
    #[serde(rename = "deviceToken", skip_serializing_if = "Option::is_none")]
    pub device_token: Option<String>,
    /// When it came, RFC 3339.
    pub at: String,
    /// How long the answer took.
    pub micros: u64,
}

/// The calls, newest first, up to a limit.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<VecDeque<Call>>);

const KEPT: usize = 1_000;

impl Journal {
    /// All that are kept, newest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn add(&self, call: Call) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push_front(call);
        calls.truncate(KEPT);
    }
}

/// Notes every call but those of the console.
pub(crate) async fn note(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
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
    let (at, begun) = (site.now().iso(), std::time::Instant::now());
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&site.chance().id("req")) {
        response.headers_mut().insert("x-okta-request-id", id);
    }
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    site.journal.add(Call { method, path, status, user_agent, forwarded_for, device_token, at, micros });
    response
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
}
