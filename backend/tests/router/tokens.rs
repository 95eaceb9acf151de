//! Tokens: renewed once, used on behalf of the person, given up in the end. And the person's own sessions.

use crate::scene::{Browser, Scene, taken, wait_until};
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
    guard::Peer,
    server::{Crowd, Patience},
};
use latchkey_devorg::Options;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;
use tower::ServiceExt;

fn count(scene: &Scene, path: &str) -> usize {
    taken(&scene.org, path)
}

/// A server that renews an access token of a minute when it is two seconds old.
async fn hasty() -> Scene {
    hasty_with(&[]).await
}

/// The same with more settings.
async fn hasty_with(settings: &[(&str, &str)]) -> Scene {
    let settings = [&[("LATCHKEY_RENEW_BEFORE", "58s")], settings].concat();
    let org = include_str!("scene/short_codes.toml").replace("code_lifetime_minutes", "access_token_minutes");
    Scene::with(Options { org: Some(org), ..Options::default() }, &settings).await
}

/// Signed in, with an access token that is to be renewed.
async fn due(scene: &Scene) -> Browser {
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    browser
}

async fn ask(browser: &Browser, times: usize) -> Vec<StatusCode> {
    let asking: Vec<_> = (0..times)
        .map(|_| {
            let browser = browser.clone();
            tokio::spawn(async move { browser.get("/api/userinfo").await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for status in asking {
        statuses.push(status.await.unwrap());
    }
    statuses
}

#[tokio::test]
async fn rel_20_tokens_are_renewed_once_however_many_ask() {
    let scene = hasty().await;
    let browser = due(&scene).await;
    assert_eq!(count(&scene, "/v1/token"), 1);
    assert_eq!(ask(&browser, 32).await, [StatusCode::OK; 32]);
    assert_eq!(count(&scene, "/v1/token"), 2);
}

#[tokio::test]
async fn rel_22_of_many_tokens_that_are_due_only_some_are_renewed_at_once_and_the_others_still_serve() {
    let scene = hasty_with(&[("LATCHKEY_ORG_AT_ONCE", "3")]).await;
    let mut people = [scene.browser(), scene.browser(), scene.browser()];
    for browser in &mut people {
        browser.sign_in(&scene.org).await;
    }
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let slow = json!([{"path": "/oauth2/default/v1/token", "kind": "delay", "ms": 500}]);
    scene.org.faults(&slow).unwrap();
    for renewed in 1..=2 {
        let [one, other, third] = &people;
        let answers =
            tokio::join!(one.get("/api/userinfo"), other.get("/api/userinfo"), third.get("/api/userinfo"));
        for answer in [answers.0, answers.1, answers.2] {
            assert_eq!(answer.status, StatusCode::OK);
        }
        assert_eq!(count(&scene, "/v1/token"), people.len() + renewed, "one at a time");
    }
}

#[tokio::test]
async fn rel_23_an_org_that_is_ill_signs_nobody_out_and_one_that_refuses_does() {
    let scene = hasty().await;
    let browser = due(&scene).await;
    let token = "/oauth2/default/v1/token";
    scene.org.faults(&json!([{"path": token, "kind": "status", "status": 503}])).unwrap();
    assert_eq!(ask(&browser, 3).await, [StatusCode::OK; 3], "the old token is still good");
    let refused =
        json!({"error": "invalid_grant", "error_description": "The refresh token is invalid or expired."});
    scene.org.faults(&json!([{"path": token, "kind": "status", "status": 400, "body": refused}])).unwrap();
    assert_eq!(browser.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()), "SEC-75");
    assert_eq!(browser.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
}

#[tokio::test]
async fn rel_24_tokens_that_come_after_signing_out_sign_nobody_in_again() {
    let scene = hasty().await;
    let browser = due(&scene).await;
    let slow = json!({"path": "/oauth2/default/v1/token", "times": 1, "kind": "delay", "ms": 700});
    scene.org.faults(&slow).unwrap();
    let late = tokio::spawn({
        let browser = browser.twin();
        async move { browser.get("/api/userinfo").await }
    });
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    assert_eq!(late.await.unwrap().problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(browser.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()));
    wait_until(async || count(&scene, "/v1/revoke") >= 2).await;
}

#[tokio::test]
async fn an_upstream_is_called_with_the_token_and_nothing_of_the_browser() {
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
async fn an_answer_of_an_upstream_arrives_as_it_comes_and_is_not_endless() {
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
    let first = first.expect("the first arrives though there is no second").unwrap().unwrap();
    assert_eq!(first.into_data().unwrap(), "drop");

    let (mut flood, mut taken) = (body("/api/proxy/echo/things/flood").await, 0);
    let end = loop {
        match flood.frame().await.expect("it has no end") {
            Ok(frame) => taken += frame.into_data().unwrap().len(),
            Err(error) => break error,
        }
        assert!(taken <= 64 << 20, "it goes on and on");
    };
    assert!(taken > 60 << 20, "{taken}: {end}");
    upstream.abort();
}

#[tokio::test]
async fn an_upstream_that_does_not_begin_to_answer_is_not_waited_for() {
    let (upstream, file) = upstream().await;
    let scene = Scene::with_file(Options::default(), &format!("proxy_within = \"1s\"\n{file}")).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let began = Instant::now();
    let answer = browser.get("/api/proxy/echo/things/silence").await;
    assert_eq!(answer.problem(), (504, "org_timeout".to_owned()));
    let took = began.elapsed();
    assert!((1..5).contains(&took.as_secs()), "{took:?}");
    assert_eq!(browser.get("/api/proxy/echo/things").await.status, StatusCode::CREATED, "others do answer");
    upstream.abort();
}

#[tokio::test]
async fn a_person_sees_and_ends_their_own_sessions() {
    let scene = Scene::new().await;
    let (mut here, mut there, mut elsewhere) = (scene.browser(), scene.browser(), scene.browser());
    for browser in [&mut here, &mut there, &mut elsewhere] {
        browser.sign_in(&scene.org).await;
        scene.org.advance(Duration::from_secs(1));
    }
    let sessions = own_sessions(&here).await;
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    assert_eq!(sessions[2]["current"], true, "the newest first");

    let theirs = own_sessions(&there).await.into_iter().find(|session| session["current"] == true).unwrap();
    let path = format!("/api/sessions/{}", theirs["id"].as_str().unwrap());
    assert_eq!(delete(&here, &path).await.as_u16(), 204);
    assert_eq!(there.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(delete(&here, &path).await.as_u16(), 404);
    assert_eq!(own_sessions(&here).await.len(), 2);

    assert_eq!(delete(&here, "/api/sessions").await.as_u16(), 204);
    assert_eq!(elsewhere.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
    assert!(here.is_signed_in().await);
    assert_eq!(own_sessions(&here).await.len(), 1);
    wait_until(async || count(&scene, "/v1/revoke") == 2).await;
}

async fn own_sessions(browser: &Browser) -> Vec<Value> {
    browser.get("/api/sessions").await.json()["sessions"].as_array().unwrap().clone()
}

async fn delete(browser: &Browser, path: &str) -> StatusCode {
    browser.send(browser.request(Method::DELETE, path).body(Body::empty()).unwrap()).await.status
}

/// An API that tells what it was asked, and the file that lists it.
async fn upstream() -> (tokio::task::JoinHandle<()>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/base", listener.local_addr().unwrap());
    let file = format!(
        "[proxy.echo]\nbase = \"{base}\"\nmethods = [\"GET\", \"POST\"]\npaths = [\"things\", \"things/*\"]\n"
    );
    let serving = async move { axum_serve(listener, Router::new().fallback(echo)).await };
    (tokio::spawn(serving), file)
}

async fn axum_serve(listener: TcpListener, router: Router) {
    latchkey::server::serve(listener, router, Crowd::default(), Patience::default(), std::future::pending())
        .await;
}

static FLOOD: [u8; 1 << 18] = [b'~'; 1 << 18];

/// A body without end, of the same again and again; or with a pause after the first that has none.
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
    let about =
        [("set-cookie", "a=b"), ("etag", "\"1\""), ("x-inside", "1"), ("content-type", "application/json")];
    (StatusCode::CREATED, about, seen.to_string()).into_response()
}
