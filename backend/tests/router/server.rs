//! The server on a socket: idle connections, request heads, and stopping.

use crate::scene::{HOST, server, wait_until};
use latchkey::{
    http::TrustedProxies,
    http::{ConnectionLimit, Timeouts, listen, serve},
};
use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

const GOOD: &str = "GET /healthz HTTP/1.1\r\nhost: localhost:8080\r\nconnection: close\r\n\r\n";

/// The default timeouts, but one second for a request head.
fn short_timeouts() -> Timeouts {
    Timeouts { head: Duration::from_secs(1), ..Timeouts::default() }
}

async fn listening(timeouts: Timeouts) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    listening_to(ConnectionLimit::default(), timeouts).await
}

async fn listening_to(
    connections: ConnectionLimit,
    timeouts: Timeouts,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let router = server("http://localhost:9/oauth2/default", &[], None).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(serve(listener, router, connections, timeouts, async move {
        let _ = stopped.await;
    }));
    (address, stop, serving)
}

/// Sends `words` and nothing more. Returns the response when the server has closed the connection.
async fn send_and_read(address: SocketAddr, words: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset counts as an end.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn sec_92_idle_connections_are_closed_while_others_are_served() {
    let (address, _stop, _serving) = listening(short_timeouts()).await;
    let idle = "GET /healthz HTTP/1.1\r\nhost: localhost:8080\r\n\r\n".to_owned();
    let profiles = [String::new(), "GET / HT".to_owned(), "PRI * HTT".to_owned(), idle];
    let began = Instant::now();
    let holding: Vec<_> = profiles
        .iter()
        .flat_map(|profile| std::iter::repeat_n(profile.clone(), 20))
        .map(|profile| tokio::spawn(async move { send_and_read(address, &profile).await }))
        .collect();
    assert!(send_and_read(address, GOOD).await.starts_with("HTTP/1.1 200"), "others are served meanwhile");
    for held in holding {
        held.await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn sec_92_one_address_does_not_use_up_the_connections_of_others() {
    for (proxies, places) in [("192.0.2.0/24", 3), ("127.0.0.0/8", 9)] {
        let proxies = TrustedProxies(vec![proxies.parse().unwrap()]);
        let connections = ConnectionLimit::new(NonZeroUsize::new(3), proxies);
        let (address, _stop, _serving) = listening_to(connections, Timeouts::default()).await;
        let mut held = Vec::new();
        for _ in 0..places {
            held.push(Connection::open(address).await);
            assert!(held.last_mut().unwrap().is_served().await);
        }
        let is_let_in = async || Connection::open(address).await.is_served().await;
        assert_eq!(is_let_in().await, places > 3);
        held.pop();
        wait_until(is_let_in).await;
    }
}

/// A connection that stays open.
struct Connection(TcpStream);

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Whether it gets a response; a reset is none.
    async fn is_served(&mut self) -> bool {
        let mut answer = [0; 12];
        self.0.write_all(GOOD.replace("close", "keep-alive").as_bytes()).await.is_ok()
            && self.0.read_exact(&mut answer).await.is_ok()
            && answer == *b"HTTP/1.1 200"
    }
}

#[tokio::test]
async fn sec_91_an_ambiguous_request_is_refused() {
    let (address, _stop, _serving) = listening(short_timeouts()).await;
    let many: String = (0..64).map(|n| format!("x-{n}: 1\r\n")).collect();
    for (head, expected) in [
        (format!("GET /healthz HTTP/1.1\r\nhost: {HOST}\r\n{many}\r\n"), "HTTP/1.1 431"),
        (
            format!("GET /healthz HTTP/1.1\r\nhost: {HOST}\r\nx: {}\r\n\r\n", "a".repeat(200_000)),
            "HTTP/1.1 431",
        ),
        (
            format!("GET /login HTTP/1.1\r\nhost: {HOST}\r\nhost: {HOST}\r\nconnection: close\r\n\r\n"),
            "HTTP/1.1 421",
        ),
        (format!("GET / HTTP/1.1\r\nhost: {HOST}\r\n folded: 1\r\n\r\n"), "HTTP/1.1 400"),
        ("nonsense\r\n\r\n".to_owned(), "HTTP/1.1 400"),
        (logout("content-length: 2\r\ncontent-length: 3", "{} "), "HTTP/1.1 400"),
        (logout("content-length: 2, 2", "{}"), "HTTP/1.1 400"),
        (logout("transfer-encoding: xchunked", "{}"), "HTTP/1.1 400"),
        (format!("GET /healthz HTTP/1.1\r\nhost : {HOST}\r\n\r\n"), "HTTP/1.1 400"),
    ] {
        let answer = send_and_read(address, &head).await;
        assert!(answer.starts_with(expected), "{} → {answer}", head.chars().take(80).collect::<String>());
    }
    // HTTP allows this if the length is ignored. The connection ends, so that no second request can be smuggled.
    let both = logout("content-length: 99\r\ntransfer-encoding: chunked", "2\r\n{}\r\n0\r\n\r\n");
    let answer = send_and_read(address, &format!("{both}{GOOD}")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.matches("HTTP/1.1").count() == 1, "{answer}");
}

#[tokio::test]
async fn sec_226_a_transfer_coding_other_than_chunked_is_refused() {
    let (address, _stop, _serving) = listening(short_timeouts()).await;
    for coding in ["gzip, chunked", "gzip\r\ntransfer-encoding: chunked", "chunked, chunked"] {
        let coded = logout(&format!("transfer-encoding: {coding}"), "2\r\n{}\r\n0\r\n\r\n");
        let answer = send_and_read(address, &format!("{coded}{GOOD}")).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.matches("HTTP/1.1").count() == 1, "{answer}");
    }
}

fn logout(length: &str, body: &str) -> String {
    format!(
        "POST /api/logout HTTP/1.1\r\nhost: {HOST}\r\nx-csrf: 1\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\n{length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn rel_41_a_stop_finishes_requests_in_progress_and_does_not_wait_for_stalled_ones() {
    let timeouts = Timeouts { shutdown: Duration::from_secs(1), ..Timeouts::default() };
    assert!(Timeouts::default().shutdown < Duration::from_secs(20));
    let (address, stop, serving) = listening(timeouts).await;
    let mut stalled = TcpStream::connect(address).await.unwrap();
    stalled.write_all(b"GET / HT").await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(GOOD.replace("close", "keep-alive").as_bytes()).await.unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let mut under_way = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/logout HTTP/1.1\r\nhost: {HOST}\r\nx-csrf: 1\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n"
    );
    under_way.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    under_way.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let began = Instant::now();
    stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    under_way.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serving.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(TcpStream::connect(address).await.is_err(), "no connection is accepted any more");
}

/// Whether the kernel still has a connection from this port to that one.
#[cfg(target_os = "linux")]
fn is_known_to_the_kernel(from: u16, to: u16) -> bool {
    let (from, to) = (format!(":{from:04X}"), format!(":{to:04X}"));
    std::fs::read_to_string("/proc/net/tcp").unwrap().lines().any(|line| {
        let ends: Vec<_> = line.split_whitespace().skip(1).take(2).collect();
        ends[0].ends_with(&from) && ends[1].ends_with(&to)
    })
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn sec_226_a_client_that_reads_nothing_is_disconnected_even_if_all_was_written() {
    let large = "x".repeat(1 << 20);
    let router = axum::Router::new().route("/", axum::routing::get(|| async move { large }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let timeouts = Timeouts { write: Duration::from_secs(1), ..short_timeouts() };
    tokio::spawn(serve(listener, router, ConnectionLimit::default(), timeouts, std::future::pending()));
    let mut silent = TcpStream::connect(address).await.unwrap();
    let port = silent.local_addr().unwrap().port();
    silent.write_all(format!("GET / HTTP/1.1\r\nhost: {HOST}\r\n\r\n").as_bytes()).await.unwrap();
    assert!(is_known_to_the_kernel(address.port(), port));
    wait_until(async || !is_known_to_the_kernel(address.port(), port)).await;
}

#[tokio::test]
async fn sec_225_a_burst_of_connections_waits_in_the_kernel_until_accepted() {
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let mut connections = Vec::new();
    // More than the default backlog of 128. Nothing accepts them, so a connection beyond the backlog never connects.
    for number in 0..300 {
        let connected = timeout(Duration::from_secs(10), TcpStream::connect(address)).await;
        connections.push(connected.unwrap_or_else(|_| panic!("connection {number} was dropped")).unwrap());
    }
}
