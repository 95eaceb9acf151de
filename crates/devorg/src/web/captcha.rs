//! ALTCHA's challenge, and the stand-ins for hCaptcha and reCAPTCHA: script, token and verification.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::HeaderValue;
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use serde_json::{Value, json};

use super::response;
use crate::org::captcha::CaptchaError;
use crate::org::settings::captcha::{CaptchaKind, CaptchaPolicy};
use crate::shared::SharedState;

const SCRIPT: &str = include_str!("captcha_vendor.js");

/// `GET` or `POST /api/v1/altcha`: a challenge. The state handle in the body says which app's policy applies.
pub(crate) async fn challenge(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let handle = body.get("stateHandle").and_then(Value::as_str);
    let org = shared.org();
    let transaction = handle.and_then(|handle| org.transactions.find(|open| open.handle == handle));
    let policy = match (handle, transaction) {
        (Some(_), None) => return response::api_error(404, "E0000007", "Not found: no such transaction."),
        (_, Some(transaction)) => {
            org.app(&transaction.request.client_id).and_then(|app| app.captcha.as_ref()).cloned()
        }
        (None, None) => None,
    };
    let policy = policy.unwrap_or_else(CaptchaPolicy::altcha);
    let lifetime = Duration::from_secs(policy.challenge_seconds);
    let challenge = org.captchas.challenge(policy.max_number, lifetime, shared.now(), &mut shared.random());
    drop(org);
    response::json(200, &json!(challenge))
}

/// What the vendors serve, each at its own paths.
pub(crate) fn vendor_router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/1/api.js", get(script))
        .route("/api.js", get(script))
        .route("/token", post(token))
        .route("/siteverify", post(verify))
        .route("/api/siteverify", post(verify))
}

async fn script(Path(vendor): Path<String>) -> Response {
    match kind(&vendor) {
        Some(_) => response::typed(200, "text/javascript; charset=utf-8", SCRIPT),
        None => response::not_found().await,
    }
}

/// A token for the script, which runs on pages of any origin.
async fn token(State(shared): State<Arc<SharedState>>, Path(vendor): Path<String>, key: String) -> Response {
    let Some(kind) = kind(&vendor) else { return response::not_found().await };
    let mut answer = if key == kind.site_key() {
        let token = shared.org().captchas.issue(kind, shared.now(), &mut shared.random());
        response::json(200, &json!({ "token": token }))
    } else {
        response::json(400, &json!({ "error": "invalid-sitekey" }))
    };
    answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer
}

/// The verification protocol that hCaptcha and reCAPTCHA share.
async fn verify(
    State(shared): State<Arc<SharedState>>,
    Path(vendor): Path<String>,
    Form(given): Form<HashMap<String, String>>,
) -> Json<Value> {
    let error = |code: &str| Json(json!({ "success": false, "error-codes": [code] }));
    let kind = kind(&vendor);
    match (kind, given.get("secret"), given.get("response")) {
        (_, None, _) => error("missing-input-secret"),
        (_, _, None) => error("missing-input-response"),
        (Some(kind), Some(secret), Some(token)) if secret == kind.secret() => {
            match shared.org().captchas.verify(kind, token, shared.now()) {
                Ok(()) => Json(json!({ "success": true, "error-codes": [] })),
                Err(CaptchaError::Invalid) => error("invalid-input-response"),
                Err(CaptchaError::Used) if kind == CaptchaKind::RecaptchaV2 => error("timeout-or-duplicate"),
                Err(CaptchaError::Used) => error("already-seen-response"),
            }
        }
        _ => error("invalid-input-secret"),
    }
}

fn kind(vendor: &str) -> Option<CaptchaKind> {
    match vendor {
        "hcaptcha" => Some(CaptchaKind::Hcaptcha),
        "recaptcha" => Some(CaptchaKind::RecaptchaV2),
        _ => None,
    }
}
