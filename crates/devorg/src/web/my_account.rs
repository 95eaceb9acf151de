//! The MyAccount API over HTTP.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::response;
use crate::my_account::{self, AccountAnswer, AccountRefusal, AccountRequest};
use crate::shared::SharedState;

/// What `Accept` must contain.
const VERSION: &str = "okta-version=1.0.0";

/// Any method of `/idp/myaccount/…`.
pub(crate) async fn answer(
    State(shared): State<Arc<SharedState>>,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !header(ACCEPT).replace(' ', "").contains(VERSION) {
        return response::api_error(406, "E0000149", "The requested API version is not supported.");
    }
    let Ok(body) = (if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice::<Value>(&body) })
    else {
        return response::api_error(400, "E0000003", "The request body was not well-formed.");
    };
    let request = AccountRequest {
        method: &method,
        path: path.trim_end_matches('/'),
        expand: query.get("expand").map(String::as_str),
        token: header(AUTHORIZATION).strip_prefix("Bearer "),
        body,
    };
    let (now, mut random) = (shared.now(), shared.random());
    let outcome = my_account::answer(&mut shared.org(), &request, &shared.origin, now, &mut random);
    shared.notify_change();
    match outcome {
        Ok(AccountAnswer { status, body: Some(body) }) => response::json(status, &body),
        Ok(AccountAnswer { status, body: None }) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT).into_response()
        }
        Err(refusal) => refuse(refusal).await,
    }
}

async fn refuse(refusal: AccountRefusal) -> Response {
    const FORBIDDEN: &str = "You do not have permission to perform the requested action";
    match refusal {
        AccountRefusal::InvalidToken => challenged(
            response::api_error(401, "E0000011", "Invalid token provided"),
            "Bearer error=\"invalid_token\", error_description=\"The access token is invalid\"",
        ),
        AccountRefusal::InsufficientScope(scope) => challenged(
            response::api_error(403, "E0000006", FORBIDDEN),
            &format!(
                "Bearer error=\"insufficient_scope\", error_description=\"The access token provided does not contain \
                 the required scopes.\", scope=\"{scope}\""
            ),
        ),
        AccountRefusal::InsufficientAuthentication { max_age, acr_values } => challenged(
            response::api_error(403, "E0000006", FORBIDDEN),
            &format!(
                "Bearer realm=\"IdpMyAccountAPI\", error=\"insufficient_authentication_context\", \
                 error_description=\"The access token requires additional assurance to access the resource\", \
                 max_age={max_age}, acr_values=\"{acr_values}\""
            ),
        ),
        AccountRefusal::NotFound => response::api_error(404, "E0000007", "Not found: Resource not found"),
        AccountRefusal::Api { status, code, summary, causes } => {
            let causes: Vec<Value> = causes.iter().map(|cause| json!({ "errorSummary": cause })).collect();
            let body = json!({
                "errorCode": code,
                "errorSummary": summary,
                "errorLink": code,
                "errorId": "oaedevorg00000000000",
                "errorCauses": causes,
            });
            response::json(status, &body)
        }
    }
}

fn challenged(mut response: Response, challenge: &str) -> Response {
    if let Ok(challenge) = HeaderValue::from_str(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
