//! What goes wrong on purpose: a script of faults by path, for those who test how a client bears them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::RETRY_AFTER;
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};

use super::{Site, reply};

/// One fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// The path it is for; a `*` at the end takes everything that begins so.
    path: String,
    /// How many calls it hits; all of them by default.
    times: Option<u32>,
    /// How many calls it lets pass first.
    #[serde(default)]
    after: u32,
    #[serde(flatten)]
    what: What,
}

/// What goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum What {
    /// The answer is late.
    Delay { ms: u64 },
    /// Another answer than the right one.
    Status {
        status: u16,
        #[serde(default)]
        body: serde_json::Value,
        content_type: Option<String>,
    },
    /// 429, with the reset told in one header or the other.
    RateLimit {
        #[serde(default)]
        style: Style,
        #[serde(default = "ten")]
        seconds: u64,
    },
    /// The right answer up to a byte, told as if it were whole.
    Truncate { bytes: usize },
    /// Bytes that are not JSON.
    Garbage,
    /// A page instead of JSON.
    Html,
    /// The connection is reset before anything is said.
    Reset,
    /// The connection is closed in the middle of the right answer.
    Drop { bytes: usize },
}

/// How a 429 says when to come back.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    #[default]
    XRateLimit,
    RetryAfter,
}

/// The script.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

/// In a response's extensions: there is no response, the connection is to be reset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Abort;

impl Faults {
    /// The script as it stands.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Adds one fault, or takes a whole list in place of what was there.
    pub(crate) fn script(&self, script: serde_json::Value) -> Result<(), String> {
        let script = script.get("faults").cloned().unwrap_or(script);
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if script.is_array() {
            *faults = serde_json::from_value(script).map_err(|error| error.to_string())?;
        } else {
            faults.push(serde_json::from_value(script).map_err(|error| error.to_string())?);
        }
        Ok(())
    }

    /// The fault that hits a call now.
    fn hitting(&self, path: &str) -> Option<What> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults.iter().position(|fault| fault.is_for(path))?;
        let fault = faults.get_mut(at)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let what = fault.what.clone();
        match &mut fault.times {
            Some(0 | 1) => drop(faults.remove(at)),
            Some(times) => *times -= 1,
            None => {}
        }
        Some(what)
    }
}

impl Fault {
    fn is_for(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => self.path == path,
        }
    }
}

/// Lets a call meet the fault that waits for it. The console itself never fails.
pub(crate) async fn inject(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let what = if path.starts_with("/dev") { None } else { site.faults.hitting(path) };
    match what {
        None => next.run(request).await,
        Some(What::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(What::Status { status, body, content_type }) => {
            let text = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
            let mut response = reply::typed(status, "application/json", text);
            if let Some(kind) = content_type.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
                response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
            }
            response
        }
        Some(What::RateLimit { style: Style::XRateLimit, seconds }) => {
            reply::rate_limited(site.now().after(Duration::from_secs(seconds)), 60)
        }
        Some(What::RateLimit { style: Style::RetryAfter, seconds }) => {
            let mut response = reply::over_the_limit();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Some(What::Garbage) => reply::typed(200, reply::ION, &b"\xff\xfe{not json\x00"[..]),
        Some(What::Html) => reply::typed(
            200,
            "text/html; charset=utf-8",
            "<!doctype html><title>Proxy</title><h1>Something else</h1>",
        ),
        Some(What::Reset) => {
            let mut response = reply::typed(500, "text/plain", "");
            response.extensions_mut().insert(Abort);
            response
        }
        Some(What::Truncate { bytes }) => {
            let (mut parts, body) = next.run(request).await.into_parts();
            let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            parts.headers.remove(http::header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(whole.slice(..bytes.min(whole.len()))))
        }
        Some(What::Drop { bytes }) => {
            let (mut parts, body) = next.run(request).await.into_parts();
            let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            parts.headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
            Response::from_parts(parts, Body::new(Broken::Whole(whole.slice(..bytes.min(whole.len())))))
        }
    }
}

/// A body that ends in an error.
enum Broken {
    Whole(axum::body::Bytes),
    /// What there is has been given; it has yet to leave.
    Leaving,
    Over,
}

impl http_body::Body for Broken {
    type Data = axum::body::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        match std::mem::replace(&mut *self, Self::Over) {
            Self::Whole(bytes) => {
                *self = Self::Leaving;
                Poll::Ready(Some(Ok(http_body::Frame::data(bytes))))
            }
            // While a body has nothing to give, what it gave is written out.
            Self::Leaving => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Over => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
        }
    }
}

fn ten() -> u64 {
    10
}
