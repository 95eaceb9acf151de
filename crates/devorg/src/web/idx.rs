//! The sign-in endpoints.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::{SET_COOKIE, USER_AGENT, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;

use super::response;
use crate::flow::IdxRequest;
use crate::ion::{self, DocumentBuilder};
use crate::org::message::{self, Refusal};
use crate::org::state::OrgState;
use crate::org::transaction::{Step, Transaction};
use crate::shared::SharedState;

/// What Apple's extension intercepts. Without the extension, Okta's clients go on with the form of the same response.
const APPLE_CHALLENGE: &str = "Oktadevicejwt realm=\"Okta Device\"";

/// `POST /idp/idx/…`: handles one request and responds with the document of the step that follows.
pub(crate) async fn answer(
    State(shared): State<Arc<SharedState>>,
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
    let Some(input) = IdxRequest::read(path.trim_end_matches('/'), &body) else {
        return response::not_found().await;
    };
    let is_introspect = input == IdxRequest::Introspect;
    let is_for_apple = input == IdxRequest::AppleExtension;
    let mut org = shared.org();
    let Some(mut transaction) = take_transaction(&mut org, &body, is_introspect) else {
        return ended(&message::session_expired());
    };
    if transaction.expires_at <= shared.now() {
        return ended(&message::session_expired());
    }
    if !is_introspect {
        transaction.browser = browser(&headers);
    }
    let outcome = shared.with_engine(&mut org, &mut transaction, |engine| engine.take(input));
    let mut response = respond(&org, &transaction, &shared, outcome, is_introspect);
    if is_for_apple && response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(APPLE_CHALLENGE));
    }
    org.transactions.put(transaction);
    drop(org);
    if !is_introspect {
        shared.notify_change();
    }
    response
}

fn take_transaction(org: &mut OrgState, body: &Value, is_introspect: bool) -> Option<Transaction> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    match text("interactionHandle").filter(|_| is_introspect) {
        Some(interaction) => org.transactions.take_by_interaction(interaction),
        None => org.transactions.take(text("stateHandle").or_else(|| text("stateToken"))?),
    }
}

fn respond(
    org: &OrgState,
    transaction: &Transaction,
    shared: &SharedState,
    outcome: Result<(), Refusal>,
    is_introspect: bool,
) -> Response {
    let (status, messages) = match outcome {
        Ok(()) => (200, Vec::new()),
        Err(refusal) if refusal.terminal => return ended(&refusal),
        Err(refusal) => (refusal.status, refusal.messages),
    };
    let Some(app) = org.app(&transaction.request.client_id) else {
        return ended(&message::session_expired());
    };
    let (keys, now) = (shared.keys(), shared.now());
    let builder = DocumentBuilder { org, app, transaction, origin: &shared.origin, keys: &keys, now };
    let document = ion::document(&builder, &messages).to_string();
    // Clients read the errors of introspect only with the plain JSON type.
    let kind = if is_introspect && status != 200 { "application/json" } else { response::ION };
    let mut response = response::typed(status, kind, document);
    // Also after a poll, because the polling browser is the one to be signed in.
    if let Some(cookie) = session_cookie(transaction) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The session cookie, once access is granted.
pub(super) fn session_cookie(transaction: &Transaction) -> Option<HeaderValue> {
    let session =
        transaction.session.as_ref().filter(|_| matches!(transaction.step, Step::Granted { .. }))?;
    let age = if transaction.remember { "; Max-Age=2592000" } else { "" };
    // Other ports of localhost are the same site, so the cookie is sent from them.
    HeaderValue::from_str(&format!("idx={session}; Path=/; HttpOnly; SameSite=Lax{age}")).ok()
}

/// The name of a browser, by its user agent. Others have the names of Chrome and Safari in theirs, so these come last.
fn browser(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    let names = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| (*name).to_owned())
}

fn ended(refusal: &Refusal) -> Response {
    response::json(refusal.status, &ion::ended(refusal))
}

/// Whether the content type is JSON of any kind. A cross-origin form cannot send that.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/") && kind.contains("json")
}
