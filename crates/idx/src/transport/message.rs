//! The HTTP messages a transport carries: the `http` crate's types with a body that does not print.

use std::convert::Infallible;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body::{Frame, SizeHint};

use crate::error::Error;

/// A request to the org. If it belongs to a flow, its extensions hold the [`FlowId`].
pub type Request = http::Request<Body>;

/// A response of the org, complete.
pub type Response = http::Response<Body>;

/// The bytes of a request or a response. They may hold a password or a token, so `{:?}` prints their number only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(Bytes);

/// Tells flows apart in a transport, for rate limits and metrics. It is not sent and reveals nothing of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlowId(u64);

impl Body {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        Self(bytes.into())
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then_some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl FlowId {
    /// The id of the flow with this `state`, which is random from its first letter on.
    #[must_use]
    pub fn from_state(state: &str) -> Self {
        Self(state.bytes().take(8).fold(0, |id, byte| id << 8 | u64::from(byte)))
    }

    /// The flow a request belongs to.
    #[must_use]
    pub fn of_request(request: &Request) -> Option<Self> {
        request.extensions().get().copied()
    }
}

/// A JSON response, as tests write it. A status that HTTP does not have becomes 500.
#[must_use]
pub fn json_response(status: u16, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A request to this address.
pub(crate) fn request(
    method: Method,
    address: &str,
    headers: HeaderMap,
    body: impl Into<Body>,
) -> Result<Request, Error> {
    let mut request = Request::new(body.into());
    *request.method_mut() = method;
    *request.uri_mut() = address.parse().map_err(|_| Error::ForeignAddress(address.to_owned()))?;
    *request.headers_mut() = headers;
    Ok(request)
}

/// The value of a header, if it is visible ASCII.
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// The body of a response as text.
pub(crate) fn text(response: &Response) -> Result<&str, Error> {
    std::str::from_utf8(response.body().as_bytes()).map_err(|error| Error::NotIon(error.to_string()))
}
