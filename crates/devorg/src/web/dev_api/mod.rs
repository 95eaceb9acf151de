//! The org's own interface under `/dev`: for tests, and for the console.

mod apps;
mod devices;
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
use crate::clock::Moment;
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
        .route("/push", post(devices::push))
        .route("/okta-verify", post(devices::scan))
        .route("/okta-verify/{token}", get(devices::show).post(devices::pair))
        .route("/reset", post(reset))
        .route("/clock", get(clock).post(move_clock))
        .route("/faults", get(faults).post(script).delete(no_faults))
        .route("/journal", get(journal).delete(forget))
        .route("/keys/rotate", post(rotate))
        .route("/id-token", post(id_token::id_token))
        .route_layer(axum::middleware::from_fn(only_own_pages))
}

/// Foreign pages in the same browser have no business here.
async fn only_own_pages(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    if !request.method().is_safe() && cors::is_of_a_foreign_page(request.headers()) {
        return problem(403, "only the console and programs may change the org");
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

async fn inbox(State(site): State<Arc<SharedState>>, Query(query): Query<InboxQuery>) -> Response {
    // A plus in a query may have come as a space.
    let to = query.to.map(|to| if to.starts_with(' ') { format!("+{}", to.trim_start()) } else { to });
    let sent = site.world().inbox.to(to.as_deref());
    response::json(200, &json!(sent))
}

#[derive(Deserialize, Default)]
struct Reset {
    canary: Option<bool>,
}

async fn reset(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    match read::<Reset>(&body) {
        Ok(Reset { canary }) => {
            site.reset(canary);
            response::json(200, &json!({}))
        }
        Err(why) => problem(400, &why),
    }
}

async fn clock(State(site): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!({ "now": site.now().iso() }))
}

#[derive(Deserialize, Default)]
struct Moved {
    /// Seconds to go on; a negative number goes back.
    #[serde(alias = "advanceSeconds", alias = "seconds")]
    advance: Option<f64>,
    /// Milliseconds to go on.
    #[serde(alias = "advanceMs")]
    ms: Option<i64>,
    /// The time to set.
    #[serde(alias = "now")]
    set: Option<String>,
}

async fn move_clock(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    let moved: Moved = match read(&body) {
        Ok(moved) => moved,
        Err(why) => return problem(400, &why),
    };
    let to = match moved.set.as_deref().map(Moment::read) {
        Some(None) => return problem(400, "set must be a time such as 2030-01-01T00:00:00Z"),
        Some(Some(to)) => {
            i64::try_from(to.millis()).unwrap_or(0) - i64::try_from(site.now().millis()).unwrap_or(0)
        }
        None => 0,
    };
    let seconds = moved.advance.map_or(0, |s| (s * 1000.0) as i64);
    site.advance(to + seconds + moved.ms.unwrap_or(0));
    response::json(200, &json!({ "now": site.now().iso() }))
}

async fn faults(State(site): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(site.faults.list()))
}

async fn script(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    match read::<Value>(&body).and_then(|script| site.faults.script(script)) {
        Ok(()) => {
            site.tell();
            response::json(201, &json!(site.faults.list()))
        }
        Err(why) => problem(400, &why),
    }
}

async fn no_faults(State(site): State<Arc<SharedState>>) -> Response {
    site.faults.clear();
    site.tell();
    response::json(200, &json!([]))
}

async fn journal(State(site): State<Arc<SharedState>>) -> Response {
    response::json(200, &json!(site.journal.calls()))
}

async fn forget(State(site): State<Arc<SharedState>>) -> Response {
    site.journal.clear();
    response::json(200, &json!([]))
}

#[derive(Deserialize, Default)]
struct Rotate {
    /// Whether the old keys are gone at once.
    #[serde(default)]
    forget: bool,
}

async fn rotate(State(site): State<Arc<SharedState>>, body: Bytes) -> Response {
    match read::<Rotate>(&body) {
        Ok(Rotate { forget }) => {
            site.rotate_keys(forget);
            let keys = site.keys();
            let public = tokio::task::spawn_blocking(move || keys.public()).await.unwrap_or_default();
            response::json(200, &public)
        }
        Err(why) => problem(400, &why),
    }
}
