//! An org that replays a trace: it answers each call with the recorded document, whatever values it gets.
//!
//! docs/report-a-step.md describes the format of traces.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::Uri;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::oauth::discovery;
use crate::org::transaction::AuthorizationServer;
use crate::server::OrgStartError;
use crate::sockets::{accept, listen};
use crate::web::middleware::cors;
use crate::web::response;

/// The name and version of the format.
const FORMAT: &str = "latchkey-trace/1";
/// Stands for the origin of the org in a trace, and for the state handle.
const ORG: &str = "{org}";
const STATE_HANDLE: &str = "{stateHandle}";
const INTROSPECT: &str = "/idp/idx/introspect";

/// A running org that replays a trace. It stops when dropped.
#[derive(Debug)]
pub struct Replay {
    origin: String,
    calls: usize,
    stop: watch::Sender<bool>,
}

#[derive(Debug, Deserialize)]
struct Trace {
    format: String,
    calls: Vec<TraceCall>,
}

#[derive(Debug, Deserialize)]
struct TraceCall {
    path: String,
    inputs: Vec<String>,
    status: u16,
    document: Option<Value>,
}

struct ReplayState {
    origin: String,
    calls: Vec<TraceCall>,
    /// How many calls each flow has made, by its handle.
    played: Mutex<HashMap<String, usize>>,
}

impl Replay {
    /// Starts an org that replays the text of a trace.
    pub async fn start(bind: SocketAddr, trace: &str) -> Result<Self, OrgStartError> {
        if !bind.ip().is_loopback() {
            return Err(OrgStartError::NotLoopback(bind));
        }
        let calls = read(trace).map_err(OrgStartError::Trace)?;
        let listeners = listen(bind).await.map_err(|error| OrgStartError::Bind(bind, error))?;
        let port = listeners.first().and_then(|l| l.local_addr().ok()).map_or(0, |address| address.port());
        let origin = format!("http://localhost:{port}");
        let count = calls.len();
        let state =
            Arc::new(ReplayState { origin: origin.clone(), calls, played: Mutex::new(HashMap::new()) });
        let (stop, stopping) = watch::channel(false);
        let app = router(state);
        for listener in listeners {
            tokio::spawn(accept(listener, app.clone(), stopping.clone()));
        }
        Ok(Self { origin, calls: count, stop })
    }

    /// `http://localhost:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The issuer to configure clients with.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2/default", self.origin)
    }

    /// The number of calls in the trace.
    pub fn calls(&self) -> usize {
        self.calls
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

fn read(trace: &str) -> Result<Vec<TraceCall>, String> {
    let trace: Trace = serde_json::from_str(trace).map_err(|error| error.to_string())?;
    if trace.format != FORMAT {
        return Err(format!("its format is {}, and this program replays {FORMAT}", trace.format));
    }
    if trace.calls.is_empty() {
        return Err("it has no calls".to_owned());
    }
    Ok(trace.calls)
}

fn router(state: Arc<ReplayState>) -> Router {
    let server = Router::new()
        .route("/interact", post(interact))
        .route("/token", post(no_token))
        .route("/revoke", post(|| async { response::json(200, &json!({})) }))
        .route("/keys", get(|| async { response::json(200, &json!({"keys": []})) }));
    Router::new()
        .route("/idp/idx/{*path}", post(call))
        .nest("/oauth2/v1", server.clone())
        .nest("/oauth2/{server}/v1", server)
        .route("/.well-known/openid-configuration", get(org_discovery))
        .route("/oauth2/{server}/.well-known/openid-configuration", get(custom_discovery))
        .route("/", get(overview))
        .fallback(response::not_found)
        .layer(from_fn(cors::check_host))
        .with_state(state)
}

async fn org_discovery(State(state): State<Arc<ReplayState>>) -> Response {
    response::json(200, &discovery::document(&state.origin, &AuthorizationServer::Org))
}

async fn custom_discovery(State(state): State<Arc<ReplayState>>, Path(id): Path<String>) -> Response {
    response::json(200, &discovery::document(&state.origin, &AuthorizationServer::Custom(id)))
}

/// `interact`: begins another flow at the first call of the trace.
async fn interact(State(state): State<Arc<ReplayState>>) -> Response {
    let mut played = state.played.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = format!("replay-{}", played.len() + 1);
    played.insert(handle.clone(), 0);
    response::json(200, &json!({"interaction_handle": handle}))
}

async fn no_token() -> Response {
    let description = "A replay ends here: a trace has no tokens.";
    response::json(400, &json!({"error": "invalid_grant", "error_description": description}))
}

/// `POST /idp/idx/…`: the document that the trace has for the call.
async fn call(State(state): State<Arc<ReplayState>>, uri: Uri, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let handle = ["stateHandle", "interactionHandle"].iter().find_map(|name| body.get(name)?.as_str());
    let mut played = state.played.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((handle, played)) = handle.and_then(|handle| Some((handle, played.get_mut(handle)?))) else {
        return response::api_error(400, "E0000001", "This flow is not one of this replay. Begin a new one.");
    };
    match next_call(&state.calls, *played, uri.path()) {
        Ok(at) => {
            *played = at + 1;
            state
                .calls
                .get(at)
                .map_or_else(|| response::json(500, &Value::Null), |call| state.replay(call, handle))
        }
        Err(expected) => response::api_error(400, "E0000001", &expected),
    }
}

/// The index of the call that this path plays: the next one of the trace, or the last one again (a poll, or a second
/// `introspect`).
fn next_call(calls: &[TraceCall], played: usize, path: &str) -> Result<usize, String> {
    let next = calls.get(played);
    let last = played.checked_sub(1);
    if next.is_some_and(|next| next.path == path) {
        return Ok(played);
    }
    let is_repeated =
        |last: &usize| path == INTROSPECT || calls.get(*last).is_some_and(|call| call.path == path);
    last.filter(is_repeated).ok_or_else(|| match next {
        Some(next) => format!(
            "The trace goes on with {} ({}), and this call was {path}. Begin again and choose what the trace has.",
            next.path,
            next.inputs.join(", ")
        ),
        None => format!("The trace has ended, and this call was {path}. Begin again."),
    })
}

impl ReplayState {
    fn replay(&self, call: &TraceCall, handle: &str) -> Response {
        let Some(document) = &call.document else {
            return response::typed(call.status, "text/html", "The response in the trace was not JSON.");
        };
        let text = document.to_string().replace(ORG, &self.origin).replace(STATE_HANDLE, handle);
        let is_ion = ["version", "remediation"].iter().any(|name| document.get(name).is_some());
        response::typed(call.status, if is_ion { response::ION } else { "application/json" }, text)
    }
}

/// What the trace has, for a person with a browser.
async fn overview(State(state): State<Arc<ReplayState>>) -> Response {
    let mut text = format!("A replay of {} calls. Any values are accepted.\n\n", state.calls.len());
    for (index, call) in state.calls.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}. {} ({}): {}", index + 1, call.path, call.inputs.join(", "), call.status);
    }
    text.into_response()
}

#[cfg(test)]
mod tests {
    use super::{TraceCall, next_call, read};

    fn calls(paths: &[&str]) -> Vec<TraceCall> {
        let call = |path: &&str| TraceCall {
            path: format!("/idp/idx/{path}"),
            inputs: vec!["identifier".to_owned()],
            status: 200,
            document: None,
        };
        paths.iter().map(call).collect()
    }

    #[test]
    fn calls_are_played_in_order_and_a_repeated_one_again() {
        let calls = calls(&["introspect", "identify", "poll", "poll"]);
        for (played, path, expected) in [
            (0, "introspect", 0),
            (1, "identify", 1),
            (2, "identify", 1),
            (2, "introspect", 1),
            (2, "poll", 2),
            (3, "poll", 3),
            (4, "poll", 3),
        ] {
            assert_eq!(
                next_call(&calls, played, &format!("/idp/idx/{path}")),
                Ok(expected),
                "{played} {path}"
            );
        }
    }

    #[test]
    fn another_call_than_the_next_one_is_refused_with_the_next_one() {
        let calls = calls(&["introspect", "identify"]);
        let refused = next_call(&calls, 1, "/idp/idx/enroll").unwrap_err();
        assert!(refused.contains("/idp/idx/identify (identifier)") && refused.contains("/idp/idx/enroll"));
        assert!(next_call(&calls, 2, "/idp/idx/enroll").unwrap_err().contains("ended"));
        assert!(next_call(&calls, 0, "/idp/idx/identify").is_err());
    }

    #[test]
    fn only_traces_of_this_format_with_calls_are_read() {
        for (trace, why) in [
            ("[", "EOF"),
            (r#"{"format": "latchkey-trace/2", "calls": []}"#, "latchkey-trace/1"),
            (r#"{"format": "latchkey-trace/1", "calls": []}"#, "no calls"),
        ] {
            let refused = read(trace).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
