//! The wire: what carries a request to the org and brings its answer back.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::error::Error;
use crate::request::{Request, Verb};

/// What came back. `{:?}` prints the status only.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Sends one request, once. A closure is one, so a test replaces the network by a function:
///
/// ```
/// use latchkey_idx::{Request, Response, Transport};
///
/// fn is_transport(_: impl Transport) {}
/// is_transport(|_request: Request| async { Ok(Response::json(200, "{}")) });
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and waits for the whole answer. It never tries twice and follows no redirect.
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

/// HTTP over TLS, with limits on time and size. Plain `http` addresses work too; the caller decides on which hosts.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    limits: Limits,
}

/// How long and how large an answer may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the answer begins.
    pub first_byte: Duration,
    /// Until the answer is complete.
    pub total: Duration,
    /// The most bytes of an answer. Real ones are far smaller.
    pub largest: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(2), first_byte: seconds(8), total: seconds(10), largest: 2 * 1024 * 1024 }
    }
}

impl Http {
    /// A transport of its own connections. It reads no proxy settings, follows no redirect and retries nothing.
    pub fn new() -> Result<Self, Error> {
        Self::with_limits(Limits::default())
    }

    /// The same with limits of one's own.
    pub fn with_limits(limits: Limits) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .pool_idle_timeout(Duration::from_secs(20))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        Ok(Self { client, limits })
    }

    async fn exchange(&self, request: Request) -> Result<Response, Error> {
        let method = match request.verb {
            Verb::Get => reqwest::Method::GET,
            Verb::Post => reqwest::Method::POST,
        };
        let mut sending = self.client.request(method, &request.url).body(request.body.to_bytes());
        for (name, value) in &request.headers {
            sending = sending.header(*name, value);
        }
        let mut answer = tokio::time::timeout(self.limits.first_byte, sending.send())
            .await
            .map_err(|_| Error::Timeout)?
            .map_err(fault)?;
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(fault)? {
            if body.len() + chunk.len() > self.limits.largest {
                return Err(Error::NotIon("it is too large".into()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

impl Transport for Http {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        self.exchange(request).await
    }
}

impl Response {
    /// A JSON answer, as tests write them.
    #[must_use]
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.into().into_bytes(),
        }
    }

    /// The same answer with a header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text; anything else is no answer of the org's.
    pub(crate) fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.body).map_err(|error| Error::NotIon(error.to_string()))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({})", self.status)
    }
}

/// What went wrong, as far as it matters: nothing was sent, nothing came in time, or the connection broke.
fn fault(error: reqwest::Error) -> Error {
    // The address may carry what is secret.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        Error::Unreachable(because(&error))
    } else if error.is_timeout() {
        Error::Timeout
    } else {
        Error::Broken(because(&error))
    }
}

fn because(error: &(dyn std::error::Error + 'static)) -> String {
    let mut whole = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        whole = format!("{whole}: {cause}");
        source = cause.source();
    }
    whole
}
