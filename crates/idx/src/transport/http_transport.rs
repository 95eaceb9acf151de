//! HTTP over TLS, with limits on time and size.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Transport;
use super::message::{Body, Request, Response};
use crate::error::Error;

const IDLE_CONNECTION_LIFETIME: Duration = Duration::from_secs(20);

/// HTTP over TLS, with limits on time and size. It sends to plain `http` addresses too; the caller decides to which.
///
/// It is also a tower service, so that middleware can be layered around it: see
/// [`TowerTransport`](crate::TowerTransport).
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    limits: HttpLimits,
}

/// Limits on the time and the size of a response.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// Time until the connection is open.
    pub connect_timeout: Duration,
    /// Time until the response begins.
    pub first_byte_timeout: Duration,
    /// Time until the response is complete.
    pub total_timeout: Duration,
    /// Bytes of a response body.
    pub max_bytes: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(2),
            first_byte_timeout: Duration::from_secs(8),
            total_timeout: Duration::from_secs(10),
            max_bytes: 2 * 1024 * 1024,
        }
    }
}

impl HttpTransport {
    /// A transport with a connection pool of its own. It reads no proxy settings, follows no redirect and never retries.
    pub fn new() -> Result<Self, Error> {
        Self::with_limits(HttpLimits::default())
    }

    /// The same with other limits.
    pub fn with_limits(limits: HttpLimits) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(limits.connect_timeout)
            .timeout(limits.total_timeout)
            .pool_idle_timeout(IDLE_CONNECTION_LIFETIME)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        Ok(Self { client, limits })
    }

    async fn exchange(&self, request: Request) -> Result<Response, Error> {
        let request = reqwest::Request::try_from(request.map(Body::into_bytes)).map_err(transport_error)?;
        let mut received = tokio::time::timeout(self.limits.first_byte_timeout, self.client.execute(request))
            .await
            .map_err(|_| Error::Timeout)?
            .map_err(transport_error)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = received.chunk().await.map_err(transport_error)? {
            if bytes.len() + chunk.len() > self.limits.max_bytes {
                return Err(Error::NotIon("it is too large".into()));
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = received.status();
        *response.headers_mut() = received.headers().clone();
        Ok(response)
    }
}

impl Transport for HttpTransport {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        self.exchange(request).await
    }
}

impl tower_service::Service<Request> for HttpTransport {
    type Response = Response;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let transport = self.clone();
        Box::pin(async move { transport.exchange(request).await })
    }
}

/// Distinguishes what a caller must know: nothing was sent, the time is over, or the connection broke.
fn transport_error(error: reqwest::Error) -> Error {
    // The address may contain a secret.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        Error::Unreachable(with_causes(&error))
    } else if error.is_timeout() {
        Error::Timeout
    } else {
        Error::Broken(with_causes(&error))
    }
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
