//! The request limit and its headers.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::RETRY_AFTER;

use super::super::response::over_the_limit;
use crate::clock::Timestamp;
use crate::shared::SharedState;

/// The address of the connection's peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) IpAddr);

/// 429 with the rate limit headers.
pub(crate) fn rate_limited(reset_at: Timestamp, limit: u32) -> Response {
    let mut response = over_the_limit();
    rate_headers(&mut response, limit, 0, reset_at);
    response
}

/// Limits the requests of each address to the sign-in endpoints.
pub(crate) async fn limit(State(shared): State<Arc<SharedState>>, request: Request, next: Next) -> Response {
    let is_limited = ["/idp/idx/", "/oauth2/"].iter().any(|path| request.uri().path().starts_with(path));
    if !is_limited {
        return next.run(request).await;
    }
    let now = shared.now();
    let minute = now.seconds() / 60;
    let reset_at = now.after(std::time::Duration::from_secs(60 - now.seconds() % 60));
    let limit = shared.org().settings.requests_per_minute;
    // A server names the client it calls for.
    let forwarded =
        request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()?.trim().parse().ok());
    let peer = forwarded.map(PeerAddress).or_else(|| request.extensions().get().copied());
    let Some(PeerAddress(peer)) = peer.filter(|_| limit > 0) else {
        let mut response = next.run(request).await;
        rate_headers(&mut response, UNLIMITED, UNLIMITED - 1, reset_at);
        return response;
    };
    let count = shared.rate_limits.count(peer, minute);
    if count > limit {
        return rate_limited(reset_at, limit);
    }
    let mut response = next.run(request).await;
    rate_headers(&mut response, limit, limit - count, reset_at);
    response
}

/// The limit that the headers name when there is none.
const UNLIMITED: u32 = 10_000;

/// Adds the rate limit headers, unless the response has its own.
fn rate_headers(response: &mut Response, limit: u32, remaining: u32, reset_at: Timestamp) {
    let headers = response.headers_mut();
    if headers.contains_key("x-rate-limit-limit") || headers.contains_key(RETRY_AFTER) {
        return;
    }
    headers.insert("x-rate-limit-limit", HeaderValue::from(limit));
    headers.insert("x-rate-limit-remaining", HeaderValue::from(remaining));
    headers.insert("x-rate-limit-reset", HeaderValue::from(reset_at.seconds()));
}
