//! What a device answers: probes, challenges, and links that open the app.

use std::sync::{Arc, Weak};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::DeviceAnswers;
use super::key::DeviceKey;
use crate::flow::access::{APP_ACTION, APP_PATH};
use crate::oauth::jwt;
use crate::org::state::OrgState;
use crate::shared::SharedState;

/// The device, for its routes. The org outlives no device, so that the reference is weak.
#[derive(Clone)]
struct Device {
    org: Weak<SharedState>,
    user: String,
    key: DeviceKey,
    answers: DeviceAnswers,
}

/// The headers that pages send: the second generation of Okta's widget adds its token against cross-site requests, empty.
const ALLOWED_HEADERS: &str = "content-type, x-okta-xsrftoken";

/// A challenge as a page or a link passes it on.
#[derive(Deserialize)]
struct PassedOn {
    #[serde(rename = "challengeRequest")]
    challenge_request: String,
}

pub(super) fn router(org: Weak<SharedState>, user: String, key: DeviceKey, answers: DeviceAnswers) -> Router {
    Router::new()
        .route("/probe", get(|| async { StatusCode::OK }))
        .route("/challenge", post(challenge))
        .route("/open", get(open))
        .route(&format!("/{APP_PATH}/{APP_ACTION}"), get(fulfil_policy))
        .layer(from_fn(allow_pages))
        .with_state(Arc::new(Device { org, user, key, answers }))
}

/// Any page may call, since the signature names its origin and the org decides.
async fn allow_pages(request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        let private = HeaderName::from_static("access-control-allow-private-network");
        headers.insert(private, HeaderValue::from_static("true"));
        headers.insert(VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// `POST /challenge`: verifies that the org asks, and sends it the signature.
async fn challenge(State(device): State<Arc<Device>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Ok(passed_on) = serde_json::from_slice::<PassedOn>(&body) else { return StatusCode::BAD_REQUEST };
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).map(str::to_owned);
    match device.answers {
        DeviceAnswers::Signature => sign(&device, &passed_on, origin.as_deref(), StatusCode::OK),
        DeviceAnswers::OtherProfile => StatusCode::SERVICE_UNAVAILABLE,
        DeviceAnswers::Error => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// `GET /open`: a link that opens the app. The page stays where it is.
async fn open(State(device): State<Arc<Device>>, Query(passed_on): Query<PassedOn>) -> StatusCode {
    sign(&device, &passed_on, None, StatusCode::NO_CONTENT)
}

/// The app makes the device fulfil the org's policies.
async fn fulfil_policy(State(device): State<Arc<Device>>) -> StatusCode {
    let Some(shared) = device.org.upgrade() else { return StatusCode::SERVICE_UNAVAILABLE };
    if let Some(user) = shared.org().users.get_mut(&device.user) {
        user.device_is_compliant = true;
    }
    shared.notify_change();
    StatusCode::OK
}

fn sign(device: &Device, passed_on: &PassedOn, origin: Option<&str>, done: StatusCode) -> StatusCode {
    let Some(shared) = device.org.upgrade() else { return StatusCode::SERVICE_UNAVAILABLE };
    let request = &passed_on.challenge_request;
    let claims = jwt::claims(request).filter(|_| jwt::is_signed(request, &shared.keys().jwks()));
    let Some(claims) = claims else { return StatusCode::BAD_REQUEST };
    let is_valid = claims.get("iss").and_then(Value::as_str) == Some(shared.origin.as_str())
        && claims.get("exp").and_then(Value::as_u64).is_some_and(|exp| exp > shared.now().millis() / 1000);
    let answer = json!({
        "aud": shared.origin,
        "sub": device.user,
        "device": device.key.id(),
        "nonce": claims.get("nonce"),
        "origin": origin,
    });
    let Some(signed) = device.key.sign(&answer).filter(|_| is_valid) else { return StatusCode::BAD_REQUEST };
    if send(&shared, claims.get("tx").and_then(Value::as_str), &signed) {
        done
    } else {
        StatusCode::BAD_REQUEST
    }
}

/// Sends the org what the device signed. Returns whether the org accepts it.
fn send(shared: &SharedState, transaction: Option<&str>, signed: &str) -> bool {
    let find = |org: &OrgState| {
        let meant = org.transactions.find(|open| Some(open.reference().as_str()) == transaction);
        meant.map(|open| open.handle.clone())
    };
    shared.act(find, |engine| engine.take_device_proof(signed).is_ok()).unwrap_or(false)
}
