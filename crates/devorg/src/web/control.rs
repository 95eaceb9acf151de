//! The org's own interface under `/dev`: for tests, and for the console.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::{self, told};
use super::{Site, cors, device, reply, verify};
use crate::moment::Moment;
use crate::settings::app::App;

const CONSOLE: &str = include_str!("console/console.html");
const STYLE: &str = include_str!("console/console.css");
const SCRIPT: &str = include_str!("console/console.js");

pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(console))
        .route("/console.css", get(|| async { reply::typed(200, "text/css; charset=utf-8", STYLE) }))
        .route("/console.js", get(|| async { reply::typed(200, "text/javascript; charset=utf-8", SCRIPT) }))
        .route("/state", get(state))
        .route("/inbox", get(inbox))
        .nest("/users", people::router())
        .route("/apps", get(apps).post(add_app))
        .route("/devices", get(device::devices))
        .route("/push", post(device::push))
        .route("/okta-verify", post(device::scan))
        .route("/okta-verify/{token}", get(device::show).post(device::pair))
        .route("/reset", post(reset))
        .route("/clock", get(clock).post(move_clock))
        .route("/faults", get(faults).post(script).delete(no_faults))
        .route("/journal", get(journal).delete(forget))
        .route("/keys/rotate", post(rotate))
        .route("/id-token", post(id_token))
        .route_layer(axum::middleware::from_fn(only_own_pages))
}

/// The root leads to the console.
pub(crate) async fn home() -> Redirect {
    Redirect::temporary("/dev")
}

/// Foreign pages in the same browser have no business here.
async fn only_own_pages(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    if !request.method().is_safe() && cors::is_of_a_foreign_page(request.headers()) {
        return problem(403, "only the console and programs may change the org");
    }
    next.run(request).await
}

async fn console() -> Response {
    let mut response = reply::typed(200, "text/html; charset=utf-8", CONSOLE);
    response.headers_mut().insert("content-security-policy", http::HeaderValue::from_static(verify::CSP));
    response
}

#[derive(Deserialize)]
struct InboxQuery {
    to: Option<String>,
}

async fn inbox(State(site): State<Arc<Site>>, Query(query): Query<InboxQuery>) -> Response {
    // A plus in a query may have come as a space.
    let to = query.to.map(|to| if to.starts_with(' ') { format!("+{}", to.trim_start()) } else { to });
    let sent = site.world().inbox.to(to.as_deref());
    reply::json(200, &json!(sent))
}

#[derive(Deserialize)]
struct StateQuery {
    since: Option<u64>,
}

/// What the console shows. With `since` it waits until there is something newer.
async fn state(State(site): State<Arc<Site>>, Query(query): Query<StateQuery>) -> Response {
    let mut news = site.news();
    if let Some(since) = query.since {
        let newer = news.wait_for(|seen| *seen != since);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(20), newer).await;
    }
    let seen = *news.borrow_and_update();
    let world = site.world();
    let now = site.now();
    let users: Vec<Value> = world.users.iter().take(200).map(|user| told(user, now)).collect();
    let sessions: Vec<Value> = world
        .sessions
        .values()
        .filter(|s| s.expires_at > now)
        .map(|s| {
            let login = world.users.get(&s.user).map(|u| u.login.clone());
            json!({ "login": login, "since": s.created_at.iso(), "until": s.expires_at.iso() })
        })
        .collect();
    let (access, refresh) = world.grants.count(now);
    let body = json!({
        "seen": seen,
        "org": world.settings,
        "issuer": format!("{}/oauth2/default", site.origin),
        "now": now.iso(),
        "users": users,
        "userCount": world.users.iter().count(),
        "apps": world.apps.values().collect::<Vec<_>>(),
        "providers": world.providers,
        "inbox": world.inbox.to(None).into_iter().take(100).collect::<Vec<_>>(),
        "devices": device::waiting(&world, &site.origin, now),
        "sessions": sessions,
        "tokens": { "access": access, "refresh": refresh },
        "journal": site.journal.calls().into_iter().take(100).collect::<Vec<_>>(),
        "faults": site.faults.list(),
    });
    drop(world);
    reply::json(200, &body)
}

async fn apps(State(site): State<Arc<Site>>) -> Response {
    reply::json(200, &json!(site.world().apps.values().collect::<Vec<_>>()))
}

async fn add_app(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    match site.add_app(&body) {
        Ok(app) => reply::json(201, &app),
        Err(why) => problem(400, &why),
    }
}

#[derive(Deserialize, Default)]
struct Reset {
    canary: Option<bool>,
}

async fn reset(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    match read::<Reset>(&body) {
        Ok(Reset { canary }) => {
            site.reset(canary);
            reply::json(200, &json!({}))
        }
        Err(why) => problem(400, &why),
    }
}

async fn clock(State(site): State<Arc<Site>>) -> Response {
    reply::json(200, &json!({ "now": site.now().iso() }))
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

async fn move_clock(State(site): State<Arc<Site>>, body: Bytes) -> Response {
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
    reply::json(200, &json!({ "now": site.now().iso() }))
}

async fn faults(State(site): State<Arc<Site>>) -> Response {
    reply::json(200, &json!(site.faults.list()))
}

async fn script(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    match read::<Value>(&body).and_then(|script| site.faults.script(script)) {
        Ok(()) => {
            site.tell();
            reply::json(201, &json!(site.faults.list()))
        }
        Err(why) => problem(400, &why),
    }
}

async fn no_faults(State(site): State<Arc<Site>>) -> Response {
    site.faults.clear();
    site.tell();
    reply::json(200, &json!([]))
}

async fn journal(State(site): State<Arc<Site>>) -> Response {
    reply::json(200, &json!(site.journal.calls()))
}

async fn forget(State(site): State<Arc<Site>>) -> Response {
    site.journal.clear();
    reply::json(200, &json!([]))
}

#[derive(Deserialize, Default)]
struct Rotate {
    /// Whether the old keys are gone at once.
    #[serde(default)]
    forget: bool,
}

async fn rotate(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    match read::<Rotate>(&body) {
        Ok(Rotate { forget }) => {
            site.rotate_keys(forget);
            let keys = site.keys();
            let public = tokio::task::spawn_blocking(move || keys.public()).await.unwrap_or_default();
            reply::json(200, &public)
        }
        Err(why) => problem(400, &why),
    }
}

#[derive(Deserialize)]
struct Mint {
    /// Whose token it is; nobody's by default.
    login: Option<String>,
    #[serde(default = "latchkey")]
    client_id: String,
    /// What its claims are instead; null takes one out.
    #[serde(default)]
    claims: serde_json::Map<String, Value>,
    /// What its header is instead.
    #[serde(default)]
    header: serde_json::Map<String, Value>,
    /// Whether its signature is broken.
    #[serde(default)]
    break_signature: bool,
}

/// An id token with anything in it wrong.
async fn id_token(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    let mint: Mint = match read(&body) {
        Ok(mint) => mint,
        Err(why) => return problem(400, &why),
    };
    let keys = site.keys();
    let now = site.now();
    let subject =
        mint.login.and_then(|login| site.world().users.by_login(&login).map(|user| user.id.clone()));
    let mut claims = json!({
        "iss": format!("{}/oauth2/default", site.origin),
        "aud": mint.client_id,
        "sub": subject.unwrap_or_else(|| "00unobody00000000000".to_owned()),
        "iat": now.seconds(),
        "exp": now.seconds() + 3600,
        "jti": format!("ID.{}", site.chance().secret()),
        "amr": ["pwd"],
        "ver": 1,
    });
    let mut header = json!({ "kid": keys.current(), "alg": "RS256" });
    for (of, changes) in [(&mut claims, mint.claims), (&mut header, mint.header)] {
        let Some(of) = of.as_object_mut() else { continue };
        for (name, value) in changes {
            if value.is_null() {
                of.remove(&name);
            } else {
                of.insert(name, value);
            }
        }
    }
    let breaks = mint.break_signature;
    let token = tokio::task::spawn_blocking(move || keys.sign_as(&header, &claims)).await.unwrap_or_default();
    let token = if breaks { broken(&token) } else { token };
    reply::json(200, &json!({ "id_token": token }))
}

impl Site {
    /// Adds an application, or changes what is said of one that is there, told in JSON.
    pub(crate) fn add_app(&self, body: &[u8]) -> Result<Value, String> {
        let said: serde_json::Map<String, Value> = read(body)?;
        let client = said.get("client_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut whole = match self.world().app(&client).map(serde_json::to_value) {
            Some(Ok(Value::Object(known))) => known,
            _ => serde_json::Map::new(),
        };
        whole.extend(said);
        let app: App = serde_json::from_value(Value::Object(whole)).map_err(|error| error.to_string())?;
        if let Some(fault) = app.fault(&self.world().nameable()) {
            return Err(fault);
        }
        let told = json!(app);
        self.world().apps.insert(app.client_id.clone(), app);
        self.tell();
        Ok(told)
    }
}

pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

pub(super) fn problem(status: u16, why: &str) -> Response {
    reply::json(status, &json!({ "error": why })).into_response()
}

/// The same token with one letter of its signature changed.
fn broken(token: &str) -> String {
    let Some((signed, signature)) = token.rsplit_once('.') else { return String::new() };
    let flipped: String = signature
        .chars()
        .enumerate()
        .map(|(n, c)| if n == 9 { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    format!("{signed}.{flipped}")
}

fn latchkey() -> String {
    "latchkey".to_owned()
}
