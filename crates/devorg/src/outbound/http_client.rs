//! The org's HTTP client: plain HTTP, to this machine only.

use std::io::{self, ErrorKind};
use std::time::Duration;

use axum::body::Bytes;
use http::header::{HOST, USER_AGENT};
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};

/// How long a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// The largest response body, in bytes.
const MAX_RESPONSE_BYTES: usize = 1 << 20;

/// Sends a request and returns the whole response.
pub(crate) async fn send(request: Request<String>) -> io::Result<Response<Bytes>> {
    match tokio::time::timeout(REQUEST_TIMEOUT, exchange(request)).await {
        Ok(response) => response,
        Err(_) => Err(ErrorKind::TimedOut.into()),
    }
}

async fn exchange(request: Request<String>) -> io::Result<Response<Bytes>> {
    let (mut head, body) = request.into_parts();
    let invalid = |why: &str| io::Error::new(ErrorKind::InvalidInput, why.to_owned());
    let authority = head.uri.authority().filter(|_| head.uri.scheme_str() == Some("http")).cloned();
    let authority = authority.ok_or_else(|| invalid("the address is not http"))?;
    head.headers.insert(HOST, HeaderValue::from_str(authority.as_str()).map_err(io::Error::other)?);
    head.headers.insert(USER_AGENT, HeaderValue::from_static("devorg"));
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = Uri::try_from(path).map_err(io::Error::other)?;

    let stream = connect(authority.host(), authority.port_u16().unwrap_or(80)).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(Request::from_parts(head, Full::<Bytes>::from(body))).await;
    let (head, body) = response.map_err(io::Error::other)?.into_parts();
    let body = Limited::new(body, MAX_RESPONSE_BYTES).collect().await.map_err(io::Error::other)?.to_bytes();
    connection.abort();
    Ok(Response::from_parts(head, body))
}

/// Connects to a host that resolves to loopback, and to no other.
async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last_error = io::Error::new(ErrorKind::AddrNotAvailable, "the host is not this machine");
    for address in lookup_host((host.trim_matches(['[', ']']), port)).await? {
        if !address.ip().is_loopback() {
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last_error = error,
        }
    }
    Err(last_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_sent_to_another_machine_or_over_another_protocol() {
        for address in ["http://192.0.2.1/", "https://localhost/", "/here"] {
            let request = Request::post(address).body(String::new()).unwrap();
            assert!(send(request).await.is_err(), "{address}");
        }
    }
}
