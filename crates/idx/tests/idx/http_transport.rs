//! HTTP over a real socket: timeouts, truncated and oversized responses, redirects and closed ports.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use latchkey_idx::{Body, Client, Config, Error, HttpLimits, HttpTransport, Response, Transport, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::fake_org::config;

/// A server that writes these bytes to every connection and then closes it, or leaves it open.
async fn server(response: impl Into<Vec<u8>>, keeps_open: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let calls = Arc::new(AtomicUsize::new(0));
    let (counted, response) = (Arc::clone(&calls), response.into());
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut connection, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(&response).await;
            if keeps_open {
                open.push(connection);
            }
        }
    });
    (address, calls)
}

async fn fetch(response: impl Into<Vec<u8>>, keeps_open: bool) -> Result<Response, Error> {
    let moment = Duration::from_millis(200);
    let limits = HttpLimits {
        connect_timeout: moment,
        first_byte_timeout: moment,
        total_timeout: moment * 2,
        max_bytes: 1000,
    };
    let transport = HttpTransport::with_limits(limits).expect("a transport");
    let (url, calls) = server(response, keeps_open).await;
    let request = http::Request::post(url).body(Body::default()).expect("a request");
    let outcome = transport.send(request).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1, "the request is sent once");
    outcome
}

#[tokio::test]
async fn a_silent_or_stalled_server_times_out() {
    assert_eq!(fetch("", true).await.err(), Some(Error::Timeout));
    assert_eq!(fetch("HTTP/1.1 200 OK\r\ncontent-le", true).await.err(), Some(Error::Timeout));
    assert_eq!(
        fetch("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", true).await.err(),
        Some(Error::Timeout)
    );
}

#[tokio::test]
async fn a_truncated_response_is_broken() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789";
    for cut in [0, 1, 10, 36, 40, whole.len() - 1] {
        let outcome = fetch(whole.as_bytes()[..cut].to_vec(), false).await;
        assert!(matches!(outcome, Err(Error::Broken(_))), "cut at {cut}: {outcome:?}");
    }
    assert_eq!(fetch(whole, false).await.expect("a response").body().as_bytes(), b"0123456789");
}

#[tokio::test]
async fn a_response_above_the_size_limit_is_refused() {
    let huge = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{}", "x".repeat(2000));
    assert!(matches!(fetch(huge, false).await, Err(Error::NotIon(_))));
}

#[tokio::test]
async fn the_transport_does_not_follow_redirects() {
    let (elsewhere, calls) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false).await;
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n");
    let response = fetch(redirect, false).await.expect("an answer");
    assert_eq!(response.status(), 302);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let request = http::Request::get(url).body(Body::default()).expect("a request");
    let outcome = HttpTransport::new().expect("a transport").send(request).await;
    assert!(matches!(outcome, Err(Error::Unreachable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_client_works_over_a_real_socket() {
    let (address, calls) = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", false).await;
    let config = Config { issuer: address.parse().expect("an address"), ..config() };
    let client = Client::new(config, HttpTransport::new().expect("a transport"));
    assert!(matches!(client.discover().await, Err(Error::Discovery(_))));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}
