//! Upstreams: requests to an app's own API, its responses and its failures.

use crate::scene::Scene;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Frame;
use latchkey::{
    http::Peer,
    http::{ConnectionLimit, Timeouts},
};
use latchkey_devorg::Options;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{io::AsyncWriteExt, net::TcpListener};
use tower::ServiceExt;

#[tokio::test]
async fn an_upstream_gets_the_token_and_no_cookies_of_the_browser() {
    let (upstream, file) = upstream().await;
    let scene = Scene::with_file(Options::default(), &file).await;
    let mut browser = scene.browser();
    assert_eq!(browser.get("/api/proxy/echo/things").await.problem(), (401, "not_signed_in".to_owned()));
    browser.sign_in(&scene.org).await;

    let request = browser
        .request(Method::POST, "/api/proxy/echo/things/7?page=2")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, "Bearer mine")
        .header("x-forwarded-for", "203.0.113.9");
    let answer = browser.send(request.body(Body::from("{\"a\":1}")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(!answer.headers.contains_key(header::SET_COOKIE) && !answer.headers.contains_key("x-inside"));
    assert_eq!(answer.headers[header::ETAG], "\"1\"");
    let seen = answer.json();
    assert_eq!(seen["path"], "/base/things/7?page=2");
    assert_eq!(seen["body"], "{\"a\":1}");
    let bearer = seen["headers"]["authorization"].as_str().unwrap();
    assert!(bearer.starts_with("Bearer ey"), "the person's token");
    for header in ["cookie", "x-csrf", "x-forwarded-for", "x-transaction", "sec-fetch-site", "origin"] {
        assert!(seen["headers"].get(header).is_none(), "{header}");
    }

    for (method, path) in [
        (Method::GET, "/api/proxy/other/things"),
        (Method::GET, "/api/proxy/echo/secrets"),
        (Method::DELETE, "/api/proxy/echo/things"),
        (Method::GET, "/api/proxy/echo/things/%2e%2e/secrets"),
        (Method::GET, "/api/proxy/echo/things/..%2fsecrets"),
        (Method::GET, "/api/proxy/echo/things/..;/secrets"),
        (Method::GET, "/api/proxy/echo/things/..;x=1/secrets"),
        (Method::GET, "/api/proxy/echo/things/..%3b/secrets"),
        (Method::GET, "/api/proxy/echo/things/%c0%ae%c0%ae/secrets"),
        (Method::GET, "/api/proxy/echo/things/..%20/secrets"),
        (Method::GET, "/api/proxy/echo/things/%u002e%u002e/secrets"),
    ] {
        let answer = browser.send(browser.request(method, path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
    let large = browser.request(Method::POST, "/api/proxy/echo/things");
    let answer = browser.send(large.body(Body::from(vec![b' '; 2 << 20])).unwrap()).await;
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    upstream.abort();
}

#[tokio::test]
async fn an_upstream_response_is_streamed_and_bounded() {
    let (upstream, file) = upstream().await;
    let scene = Scene::with_file(Options::default(), &file).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let body = async |path: &str| {
        let mut request = browser.request(Method::GET, path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(([127, 0, 0, 1], 4711).into()));
        let answer = scene.server.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.into_body()
    };
    let mut drops = body("/api/proxy/echo/things/dripping").await;
    let first = tokio::time::timeout(Duration::from_secs(5), drops.frame()).await;
    let first = first.expect("the first frame arrives before a second exists").unwrap().unwrap();
    assert_eq!(first.into_data().unwrap(), "drop");

    let (mut flood, mut taken) = (body("/api/proxy/echo/things/flood").await, 0);
    let end = loop {
        match flood.frame().await.expect("the body is endless") {
            Ok(frame) => taken += frame.into_data().unwrap().len(),
            Err(error) => break error,
        }
        assert!(taken <= 64 << 20, "the body is not bounded");
    };
    assert!(taken > 60 << 20, "{taken}: {end}");
    upstream.abort();
}

#[tokio::test]
async fn sec_223_a_failure_of_an_upstream_has_its_own_code() {
    let (upstream, file) = upstream().await;
    let file = format!("proxy_within = \"1s\"\n{file}{}", entry("closed", "http://127.0.0.1:9/"));
    let scene = Scene::with_file(Options::default(), &file).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let answer = browser.get("/api/proxy/echo/things/silence").await;
    assert_eq!(answer.problem(), (504, "upstream_timeout".to_owned()));
    let answer = browser.get("/api/proxy/closed/things").await;
    assert_eq!(answer.problem(), (502, "upstream_unreachable".to_owned()));
    assert_eq!(
        browser.get("/api/proxy/echo/things").await.status,
        StatusCode::CREATED,
        "another upstream responds"
    );
    upstream.abort();
}

#[tokio::test]
async fn sec_226_an_upstream_cannot_upgrade_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let upstream = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let head = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
        connection.write_all(head.as_bytes()).await.unwrap();
        connection
    });
    let scene = Scene::with_file(Options::default(), &entry("switching", &base)).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let answer = browser.get("/api/proxy/switching/things").await;
    assert_eq!(answer.problem(), (502, "upstream_unreachable".to_owned()));
    upstream.abort();
}

#[tokio::test]
async fn sec_210_upstream_responses_are_not_cached_unless_listed_as_cacheable() {
    let (upstream, file) = upstream().await;
    let file = format!("{file}cacheable = [\"things/catalog/*\"]\n");
    let scene = Scene::with_file(Options::default(), &file).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    for (path, expected) in [
        ("/api/proxy/echo/things", "private, no-store"),
        ("/api/proxy/echo/things/7", "private, no-store"),
        ("/api/proxy/echo/things/catalog/7", "private, max-age=600"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.headers[header::CACHE_CONTROL], expected, "{path}");
        let vary: Vec<_> =
            answer.headers.get_all(header::VARY).iter().map(|line| line.to_str().unwrap()).collect();
        assert!(vary.contains(&"cookie") && vary.contains(&"accept"), "{path}: {vary:?}");
    }
    upstream.abort();
}

#[tokio::test]
async fn the_page_gets_the_challenge_of_an_upstream_that_asks_for_a_stronger_sign_in() {
    let (upstream, file) = upstream().await;
    let scene = Scene::with_file(Options::default(), &file).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let answer = browser.get("/api/proxy/echo/things/step-up").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let expected = "Bearer error=\"insufficient_user_authentication\", acr_values=\"phr\", max_age=\"60\"";
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], expected);
    assert_eq!(answer.headers.get_all(header::WWW_AUTHENTICATE).iter().count(), 1);
    upstream.abort();
}

/// An API that echoes its requests, and the configuration file that lists it.
async fn upstream() -> (tokio::task::JoinHandle<()>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/base", listener.local_addr().unwrap());
    let file = entry("echo", &base);
    let serving = async move { axum_serve(listener, Router::new().fallback(echo)).await };
    (tokio::spawn(serving), file)
}

/// The entry of an upstream in the configuration file.
fn entry(name: &str, base: &str) -> String {
    format!(
        "[proxy.{name}]\nbase = \"{base}\"\nmethods = [\"GET\", \"POST\"]\npaths = [\"things\", \"things/*\"]\n"
    )
}

async fn axum_serve(listener: TcpListener, router: Router) {
    latchkey::http::serve(
        listener,
        router,
        ConnectionLimit::default(),
        Timeouts::default(),
        std::future::pending(),
    )
    .await;
}

static FLOOD: [u8; 1 << 18] = [b'~'; 1 << 18];

/// An endless body of equal frames, or one frame and then nothing.
struct Endless {
    piece: &'static [u8],
    pauses: bool,
    sent: usize,
}

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.sent += 1;
        if self.pauses && self.sent > 1 {
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(self.piece)))))
    }
}

async fn echo(request: Request) -> Response {
    match request.uri().path() {
        "/base/things/silence" => std::future::pending().await,
        "/base/things/dripping" => {
            return Body::new(Endless { piece: b"drop", pauses: true, sent: 0 }).into_response();
        }
        "/base/things/flood" => {
            return Body::new(Endless { piece: &FLOOD, pauses: false, sent: 0 }).into_response();
        }
        "/base/things/step-up" => {
            let challenges = "Basic realm=\"inside\", Bearer realm=\"inside\", max_age=60, acr_values=\"phr\", \
                              error=\"insufficient_user_authentication\"";
            return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenges)]).into_response();
        }
        _ => {}
    }
    let path = request.uri().path_and_query().unwrap().to_string();
    let headers: serde_json::Map<_, _> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), Value::from(value.to_str().unwrap())))
        .collect();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let seen = json!({"path": path, "headers": headers, "body": String::from_utf8_lossy(&body)});
    let about = [
        ("set-cookie", "a=b"),
        ("etag", "\"1\""),
        ("x-inside", "1"),
        ("cache-control", "public, max-age=600"),
        ("vary", "accept"),
        ("content-type", "application/json"),
    ];
    (StatusCode::CREATED, about, seen.to_string()).into_response()
}
