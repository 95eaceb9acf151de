//! Answers: their types, the errors of the infrastructure, and the limit on requests.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::Site;
use crate::moment::Moment;

/// What the answers of the sign-in endpoints are.
pub(crate) const ION: &str = "application/ion+json; okta-version=1.0.0";
const JSON: &str = "application/json";

/// Who asked, by address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// How many requests came from where in the current minute.
#[derive(Debug, Default)]
pub(crate) struct Limits(Mutex<HashMap<IpAddr, (u64, u32)>>);

impl Limits {
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Counts a request, and says how many there were this minute.
    fn count(&self, peer: IpAddr, minute: u64) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, count) = counts.entry(peer).or_insert((minute, 0));
        if *of != minute {
            (*of, *count) = (minute, 0);
        }
        *count += 1;
        *count
    }
}

/// JSON with a status.
pub(crate) fn json(status: u16, body: &Value) -> Response {
    typed(status, JSON, body.to_string())
}

/// A body of some type. Nothing the org says may be kept by anybody on the way.
pub(crate) fn typed(status: u16, kind: &'static str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    response
}

/// An error of the infrastructure, as Okta's older interface tells it.
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

/// 429. When to come back is said in headers, in one way or the other.
pub(crate) fn over_the_limit() -> Response {
    api_error(429, "E0000047", "API call exceeded rate limit due to too many requests.")
}

/// 429, as the sign-in endpoints tell it.
pub(crate) fn rate_limited(reset_at: Moment, limit: u32) -> Response {
    let mut response = over_the_limit();
    rate_headers(&mut response, limit, 0, reset_at);
    response
}

/// Refuses who asks too often, and tells everybody how often they may.
pub(crate) async fn limit(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let is_limited = ["/idp/idx/", "/oauth2/"].iter().any(|path| request.uri().path().starts_with(path));
    if !is_limited {
        return next.run(request).await;
    }
    let now = site.now();
    let minute = now.seconds() / 60;
    let reset_at = now.after(std::time::Duration::from_secs(60 - now.seconds() % 60));
    let limit = site.world().settings.requests_per_minute;
    // A server says for whom it calls.
    let forwarded =
        request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()?.trim().parse().ok());
    let peer = forwarded.map(Peer).or_else(|| request.extensions().get().copied());
    let Some(Peer(peer)) = peer.filter(|_| limit > 0) else {
        let mut response = next.run(request).await;
        rate_headers(&mut response, UNLIMITED, UNLIMITED - 1, reset_at);
        return response;
    };
    let count = site.limits.count(peer, minute);
    if count > limit {
        return rate_limited(reset_at, limit);
    }
    let mut response = next.run(request).await;
    rate_headers(&mut response, limit, limit - count, reset_at);
    response
}

/// What the headers say when there is no limit.
const UNLIMITED: u32 = 10_000;

/// Says how often one may ask, unless the answer says itself when to come back.
fn rate_headers(response: &mut Response, limit: u32, remaining: u32, reset_at: Moment) {
    let headers = response.headers_mut();
    if headers.contains_key("x-rate-limit-limit") || headers.contains_key(RETRY_AFTER) {
        return;
    }
    headers.insert("x-rate-limit-limit", HeaderValue::from(limit));
    headers.insert("x-rate-limit-remaining", HeaderValue::from(remaining));
    headers.insert("x-rate-limit-reset", HeaderValue::from(reset_at.seconds()));
}
