//! Adapter: a tower service as a transport, so that tower layers can be used around a client.

use std::error::Error as StdError;
use std::future::poll_fn;

use tower_service::Service;

use super::Transport;
use super::message::{Request, Response};
use crate::error::Error;

/// A tower service as a [`Transport`].
///
/// ```
/// use latchkey_idx::{HttpTransport, Request, TowerTransport};
/// use tower::ServiceBuilder;
///
/// # fn main() -> Result<(), latchkey_idx::Error> {
/// let service = ServiceBuilder::new()
///     .concurrency_limit(30)
///     .map_request(|mut request: Request| {
///         request.headers_mut().insert("x-request-id", "42".parse().expect("visible ASCII"));
///         request
///     })
///     .service(HttpTransport::new()?);
/// let transport = TowerTransport::new(service);
/// # drop(transport);
/// # Ok(())
/// # }
/// ```
///
/// An [`Error`] of this crate passes through the layers unchanged. Any other error becomes [`Error::Broken`], because
/// the org may have processed the request.
#[derive(Debug, Clone)]
pub struct TowerTransport<S>(S);

impl<S> TowerTransport<S> {
    /// The service as a transport. Each request uses a clone of it.
    pub fn new(service: S) -> Self {
        Self(service)
    }
}

impl<S> Transport for TowerTransport<S>
where
    S: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    S::Future: Send,
{
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let mut service = self.0.clone();
        poll_fn(|context| service.poll_ready(context)).await.map_err(own_error)?;
        service.call(request).await.map_err(own_error)
    }
}

fn own_error(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    match error.into().downcast::<Error>() {
        Ok(error) => *error,
        Err(other) => Error::Broken(other.to_string()),
    }
}
