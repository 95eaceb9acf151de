//! The sign-in endpoints.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;

use super::response;
use crate::flow::{Input, Walk};
use crate::ion::{self, Page};
use crate::org::message::{self, Refusal};
use crate::org::state::World;
use crate::org::transaction::{Stage, Transaction};
use crate::shared::SharedState;

/// `POST /idp/idx/…`: one input in, the document of where the transaction stands then out.
pub(crate) async fn answer(
    State(site): State<Arc<SharedState>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(_) if body.is_empty() => Value::Object(serde_json::Map::new()),
        Err(_) => return response::api_error(400, "E0000003", "The request body was not well-formed."),
    };
    if !is_json(&headers) {
        return response::api_error(
            415,
            "E0000021",
            "Bad request. Accept and/or Content-Type headers are likely not set.",
        );
    }
    let Some(input) = Input::read(path.trim_end_matches('/'), &body) else {
        return response::not_found().await;
    };
    let is_introspect = input == Input::Introspect;
    let mut world = site.world();
    let Some(mut at) = taken(&mut world, &body, is_introspect) else {
        return ended(&message::session_expired());
    };
    let now = site.now();
    if at.expires_at <= now {
        return ended(&message::session_expired());
    }
    let mut chance = site.chance();
    let outcome =
        Walk { world: &mut world, at: &mut at, origin: &site.origin, now, chance: &mut chance }.take(input);
    let response = respond(&world, &at, &site, outcome, is_introspect);
    world.transactions.put(at);
    drop(world);
    if !is_introspect {
        site.tell();
    }
    response
}

fn taken(world: &mut World, body: &Value, is_introspect: bool) -> Option<Transaction> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    match text("interactionHandle").filter(|_| is_introspect) {
        Some(interaction) => world.transactions.take_begun_with(interaction),
        None => world.transactions.take(text("stateHandle").or_else(|| text("stateToken"))?),
    }
}

fn respond(
    world: &World,
    at: &Transaction,
    site: &SharedState,
    outcome: Result<(), Refusal>,
    is_introspect: bool,
) -> Response {
    let (status, said) = match outcome {
        Ok(()) => (200, Vec::new()),
        Err(refusal) if refusal.terminal => return ended(&refusal),
        Err(refusal) => (refusal.status, refusal.messages),
    };
    let Some(app) = world.app(&at.request.client_id) else { return ended(&message::session_expired()) };
    let page = Page { world, app, at, origin: &site.origin, now: site.now() };
    let document = ion::document(&page, &said).to_string();
    // Clients read the errors of this one endpoint only if they are called plain JSON.
    let kind = if is_introspect && status != 200 { "application/json" } else { response::ION };
    let mut response = response::typed(status, kind, document);
    // Whoever polls hears last of what was granted elsewhere, and it is their browser that is signed in.
    if let Some(cookie) = session_cookie(at) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// What the browser keeps of the org's session, once somebody is in.
pub(super) fn session_cookie(at: &Transaction) -> Option<HeaderValue> {
    let session = at.session.as_ref().filter(|_| matches!(at.stage, Stage::Granted { .. }))?;
    let age = if at.remember { "; Max-Age=2592000" } else { "" };
    // Pages on other ports of this machine are the same site, so the cookie reaches them.
    HeaderValue::from_str(&format!("idx={session}; Path=/; HttpOnly; SameSite=Lax{age}")).ok()
}

fn ended(refusal: &Refusal) -> Response {
    response::json(refusal.status, &ion::ended(refusal))
}

/// Any kind of JSON will do; a form from a foreign page will not.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/") && kind.contains("json")
}
