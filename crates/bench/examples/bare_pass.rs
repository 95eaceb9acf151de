//! The least that a server in front of an org can do: find the session, pass the answer on, send back what comes.
//!
//! `cargo xtask bench step` runs it beside the app, as the floor under what a step can cost.

use std::collections::HashMap;
use std::env;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;

struct Pass {
    org: String,
    client: reqwest::Client,
    /// State handle by cookie.
    sessions: Mutex<HashMap<String, String>>,
    next: AtomicU64,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let org = env::args().nth(1).unwrap_or_default();
    let pass =
        Pass { org, client: reqwest::Client::new(), sessions: Mutex::default(), next: AtomicU64::default() };
    let router = Router::new()
        .route("/api/idx/authenticate", post(begin))
        .route("/api/idx/proceed", post(proceed))
        .with_state(Arc::new(pass));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("bare_pass listening on http://localhost:{}", listener.local_addr()?.port());
    axum::serve(listener, router).await
}

async fn begin(State(pass): State<Arc<Pass>>) -> Response {
    let cookie = format!("sid={}", pass.next.fetch_add(1, Ordering::Relaxed));
    let handle = "stub-state-handle".to_owned();
    pass.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(cookie.clone(), handle);
    ([(header::SET_COOKIE, cookie)], "{}").into_response()
}

async fn proceed(
    State(pass): State<Arc<Pass>>,
    headers: HeaderMap,
    answer: Bytes,
) -> Result<Response, StatusCode> {
    let cookie = headers.get(header::COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
    let handle = pass.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(cookie).cloned();
    let handle = handle.ok_or(StatusCode::NOT_FOUND)?;
    let request = pass
        .client
        .post(format!("{}/idp/idx/identify", pass.org))
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-state-handle", handle)
        .body(answer);
    let response = request.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let body = response.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
