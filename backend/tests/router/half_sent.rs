//! Requests whose bodies do not arrive, on many connections of a few addresses.

use crate::scene::{HOST, app};
use latchkey::{
    api,
    app::App,
    http::{ConnectionLimit, Timeouts, serve},
    ops::open_files,
};
use latchkey_devorg::{Options, Org};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};

/// For each of the addresses: below the default limit of one address, and in all more than there are permits.
const CONNECTIONS: usize = 400;

async fn listening() -> (SocketAddr, App, Org) {
    let org = Org::start(Options::default()).await.unwrap();
    let app = app(&org.issuer(), &[("LATCHKEY_LIMIT_CONNECTIONS", "512")], None).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = api::router(app.clone());
    tokio::spawn(serve(
        listener,
        router,
        ConnectionLimit::default(),
        Timeouts::default(),
        std::future::pending(),
    ));
    (address, app, org)
}

/// Connects from this loopback address and sends `text`.
async fn send(from: [u8; 4], to: SocketAddr, text: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let mut stream = socket.connect(to).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn post(path: &str, length: usize, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {HOST}\r\nx-csrf: 1\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn sec_201_a_request_without_its_body_holds_no_permit() {
    open_files::raise_limit();
    let (address, app, _org) = listening().await;
    let mut half_sent = Vec::new();
    for from in [2, 3, 4].map(|last| [127, 0, 0, last]) {
        for _ in 0..CONNECTIONS {
            half_sent.push(send(from, address, &post("/api/logout", 2, "{")).await);
        }
    }
    let us = [127, 0, 0, 1];
    for request in [post("/api/logout", 2, "{}"), post("/api/idx/authenticate", 2, "{}")] {
        let answer = answer(send(us, address, &request).await).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let under_way = app.metrics.text().lines().any(|line| line == "latchkey_requests_under_way 0");
    assert!(under_way, "{}", app.metrics.text());
    let given_up = answer(half_sent.pop().unwrap()).await;
    assert!(
        given_up.starts_with("HTTP/1.1 400") && given_up.contains("took too long to arrive"),
        "{given_up}"
    );
}

#[tokio::test]
async fn sec_201_a_body_that_is_too_large_is_refused_before_it_arrives() {
    let (address, _, _org) = listening().await;
    let announced = send([127, 0, 0, 1], address, &post("/api/logout", 17 * 1024, "{")).await;
    let refused = answer(announced).await;
    assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
}
