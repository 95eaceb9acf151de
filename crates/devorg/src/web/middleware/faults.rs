//! Injects the scripted faults.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::RETRY_AFTER;
use http_body_util::BodyExt;

use super::super::response;
use super::rate_limit::rate_limited;
use crate::shared::SharedState;
use crate::shared::faults::{FaultKind, RateLimitHeader};

/// A response extension that resets the connection instead of sending the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionReset;

/// Applies the next fault for the call. `/dev` never fails.
pub(crate) async fn inject(State(shared): State<Arc<SharedState>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let what = if path.starts_with("/dev") { None } else { shared.faults.next_for(path) };
    match what {
        None => next.run(request).await,
        Some(FaultKind::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(FaultKind::Status { status, body, content_type }) => {
            let text = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
            let mut response = response::typed(status, "application/json", text);
            if let Some(kind) = content_type.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
                response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
            }
            response
        }
        Some(FaultKind::RateLimit { style: RateLimitHeader::XRateLimit, seconds }) => {
            rate_limited(shared.now().after(Duration::from_secs(seconds)), 60)
        }
        Some(FaultKind::RateLimit { style: RateLimitHeader::RetryAfter, seconds }) => {
            let mut response = response::over_the_limit();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Some(FaultKind::Garbage) => response::typed(200, response::ION, &b"\xff\xfe{not json\x00"[..]),
        Some(FaultKind::Html) => response::typed(
            200,
            "text/html; charset=utf-8",
            "<!doctype html><title>Proxy</title><h1>A proxy's page</h1>",
        ),
        Some(FaultKind::Reset) => {
            let mut response = response::typed(500, "text/plain", "");
            response.extensions_mut().insert(ConnectionReset);
            response
        }
        Some(FaultKind::Truncate { bytes }) => {
            let (mut parts, body) = next.run(request).await.into_parts();
            let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            parts.headers.remove(http::header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(whole.slice(..bytes.min(whole.len()))))
        }
        Some(FaultKind::Drop { bytes }) => {
            let (mut parts, body) = next.run(request).await.into_parts();
            let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            parts.headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
            Response::from_parts(
                parts,
                Body::new(InterruptedBody::Bytes(whole.slice(..bytes.min(whole.len())))),
            )
        }
    }
}

/// A body that ends in a connection error.
enum InterruptedBody {
    Bytes(axum::body::Bytes),
    /// The bytes were handed over but may not be written yet.
    Flushing,
    Failed,
}

impl http_body::Body for InterruptedBody {
    type Data = axum::body::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        match std::mem::replace(&mut *self, Self::Failed) {
            Self::Bytes(bytes) => {
                *self = Self::Flushing;
                Poll::Ready(Some(Ok(http_body::Frame::data(bytes))))
            }
            // While the body is pending, hyper writes out what it has.
            Self::Flushing => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Failed => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
        }
    }
}
