//! The `/dev` API, for tests and the console.

mod apps;
mod devices;
mod fastpass;
mod id_token;
mod json;
mod state;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::middleware::cors;
use super::{pages, response};
use crate::clock::Timestamp;
use crate::shared::SharedState;
use json::{problem, read};

const CONSOLE: &str = include_str!("console/console.html");
const STYLE: &str = include_str!("console/console.css");
const SCRIPT: &str = include_str!("console/console.js");

pub(crate) fn router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/", get(console))
        .route("/console.css", get(|| async { response::typed(200, "text/css; charset=utf-8", STYLE) }))
        .route(
            "/console.js",
            get(|| async { response::typed(200, "text/javascript; charset=utf-8", SCRIPT) }),
        )
        .route("/state", get(state::state))
        .route("/inbox", get(inbox))
        .nest("/users", users::router())
        .route("/apps", get(apps::apps).post(apps::add_app))
        .route("/devices", get(devices::devices))
        .route("/fastpass", get(fastpass::devices).post(fastpass::start).delete(fastpass::stop))
        .route("/push", post(devices::push))
        .route("/card", post(devices::card))
        .route("/okta-verify", post(devices::scan))
        .route("/okta-verify/{token}", get(devices::show).post(devices::pair))
        .route("/okta-verify/{token}/open", get(devices::open))
        .route("/reset", post(reset))
        .route("/clock", get(clock).post(move_clock))
        .route("/faults", get(faults).post(add_faults).delete(clear_faults))
        .route("/journal", get(journal).delete(clear_journal))
        .route("/keys/rotate", post(rotate))
        .route("/id-token", post(id_token::id_token))
        .route_layer(axum::middleware::from_fn(refuse_cross_origin_changes))
}

/// Refuses changes by pages of other origins in the same browser.
async fn refuse_cross_origin_changes(
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    if !request.method().is_safe() && cors::is_cross_origin(request.headers()) {
        return problem(403, "pages of another origin may not change the org");
    }
    next.run(request).await
}

async fn console() -> Response {
    let mut response = response::typed(200, "text/html; charset=utf-8", CONSOLE);
    response.headers_mut().insert("content-security-policy", http::HeaderValue::from_static(pages::CSP));
    response
}

#[derive(Deserialize)]
struct InboxQuery {
    to: Option<String>,
}

async fn inbox(State(shared): State<Arc<SharedState>>, Query(query): Query<InboxQuery>) -> Response {
    // A plus sign in a query may arrive as a space.
    let to = query.to.map(|to| if to.starts_with(' ') { format!("+{}", to.trim_start()) } else { to });
    let sent = shared.org().inbox.to(to.as_deref());
    response::json(200, &json!(sent))
}

#[derive(Deserialize, Default)]
struct Reset {
    canary: Option<bool>,
}

async fn reset(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    match read::<Reset>(&body) {
        Ok(Reset { canary }) => {
            shared.reset(canary);
            response::json(200, &json!({}))
        }
        Err(why) => problem(400, &why),
    }
}

async fn clock(State(shared): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!({ "now": shared.now().iso() }))
}

#[derive(Deserialize, Default)]
struct ClockRequest {
    /// Seconds to move forward; negative moves back.
    #[serde(alias = "advanceSeconds", alias = "seconds")]
    advance: Option<f64>,
    /// Milliseconds to move forward.
    #[serde(alias = "advanceMs")]
    ms: Option<i64>,
    /// The time to set.
    #[serde(alias = "now")]
    set: Option<String>,
}

async fn move_clock(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let moved: ClockRequest = match read(&body) {
        Ok(moved) => moved,
        Err(why) => return problem(400, &why),
    };
    let to = match moved.set.as_deref().map(Timestamp::read) {
        Some(None) => return problem(400, "set must be a time such as 2030-01-01T00:00:00Z"),
        Some(Some(to)) => {
            i64::try_from(to.millis()).unwrap_or(0) - i64::try_from(shared.now().millis()).unwrap_or(0)
        }
        None => 0,
    };
    let seconds = moved.advance.map_or(0, |s| (s * 1000.0) as i64);
    shared.advance(to + seconds + moved.ms.unwrap_or(0));
    response::json(200, &json!({ "now": shared.now().iso() }))
}

async fn faults(State(shared): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(shared.faults.list()))
}

async fn add_faults(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    match read::<Value>(&body).and_then(|script| shared.faults.script(script)) {
        Ok(()) => {
            shared.notify_change();
            response::json(201, &json!(shared.faults.list()))
        }
        Err(why) => problem(400, &why),
    }
}

async fn clear_faults(State(shared): State<Arc<SharedState>>) -> Response {
    shared.faults.clear();
    shared.notify_change();
    response::json(200, &json!([]))
}

async fn journal(State(shared): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(shared.journal.calls()))
}

async fn clear_journal(State(shared): State<Arc<SharedState>>) -> Response {
    shared.journal.clear();
    response::json(200, &json!([]))
}

#[derive(Deserialize, Default)]
struct Rotate {
    /// Whether to drop the old keys.
    #[serde(default)]
    forget: bool,
}

async fn rotate(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    match read::<Rotate>(&body) {
        Ok(Rotate { forget }) => {
            shared.rotate_keys(forget);
            let keys = shared.keys();
            let public = tokio::task::spawn_blocking(move || keys.jwks()).await.unwrap_or_default();
            response::json(200, &public)
        }
        Err(why) => problem(400, &why),
    }
}
