//! The transport: sends HTTP requests to the org. A closure, [`HttpTransport`] and any tower service can be one.
//!
//! [`HttpTransport`]: http_transport::HttpTransport

use std::future::Future;

use crate::error::Error;
use message::{Request, Response};

pub(crate) mod http_transport;
pub(crate) mod message;
pub(crate) mod tower_transport;

/// Sends one request, once. A closure is a transport, so a test replaces the network by a function:
///
/// ```
/// use latchkey_idx::{Request, Transport, json_response};
///
/// fn is_transport(_: impl Transport) {}
/// is_transport(|_request: Request| async { Ok(json_response(200, "{}")) });
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and waits for the whole response. It neither retries nor follows redirects.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Error>> + Send;
}

impl<F, R> Transport for F
where
    F: Fn(Request) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response, Error>> + Send,
{
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Error>> + Send {
        self(request)
    }
}
