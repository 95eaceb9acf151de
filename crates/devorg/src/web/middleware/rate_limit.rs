//! The request limit, and the headers that tell about it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::RETRY_AFTER;

use super::super::response::over_the_limit;
use crate::clock::Moment;
use crate::shared::SharedState;

/// Who asked, by address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// 429, as the sign-in endpoints tell it.
pub(crate) fn rate_limited(reset_at: Moment, limit: u32) -> Response {
    let mut response = over_the_limit();
    rate_headers(&mut response, limit, 0, reset_at);
    response
}

/// Refuses who asks too often, and tells everybody how often they may.
pub(crate) async fn limit(State(site): State<Arc<SharedState>>, request: Request, next: Next) -> Response {
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
    let count = site.rate_limits.count(peer, minute);
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
