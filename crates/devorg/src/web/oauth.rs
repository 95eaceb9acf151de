//! The authorization server's endpoints.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::oauth_request::{Named, OAuthRequest, refused_response, server};
use super::url::with_query;
use super::{federation, hosted_sign_in, response};
use crate::oauth::discovery;
use crate::oauth::error::OAuthError;
use crate::oauth::interact;
use crate::oauth::jwt::claims;
use crate::oauth::token::{self, TokenEndpoint};
use crate::org::device_grants::{DEVICE_CODE_LIFETIME, POLL_INTERVAL_SECONDS};
use crate::org::state::OrgState;
use crate::shared::SharedState;

pub(crate) async fn discovery(State(shared): State<Arc<SharedState>>, credentials: Named) -> Response {
    match server(&credentials) {
        Some(server) => {
            let mut response = response::json(200, &discovery::document(&shared.origin, &server));
            response
                .headers_mut()
                .insert(http::header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400"));
            response
        }
        None => response::not_found().await,
    }
}

pub(crate) async fn keys(State(shared): State<Arc<SharedState>>) -> Response {
    let keys = shared.keys();
    // The key may still be generating.
    let public = tokio::task::spawn_blocking(move || keys.jwks()).await.unwrap_or_default();
    response::json(200, &public)
}

/// The client of a request, if it is who it says.
fn authenticated(
    request: &OAuthRequest,
    shared: &SharedState,
    org: &mut OrgState,
) -> Result<String, OAuthError> {
    let client_request = request.client_request(shared);
    Ok(client_request.authenticate(&org.apps, &mut org.used_assertions)?.client_id.clone())
}

/// `POST /device/authorize`: the codes for a device without a browser (RFC 8628).
pub(crate) async fn device_authorize(
    State(shared): State<Arc<SharedState>>,
    request: OAuthRequest,
) -> Response {
    let mut org = shared.org();
    let client = match authenticated(&request, &shared, &mut org) {
        Ok(client) => client,
        Err(refused) => return refused_response(&refused),
    };
    let scopes = request.field("scope").split_whitespace().map(str::to_owned).collect();
    let (now, mut random) = (shared.now(), shared.random());
    let (device_code, user_code) = org.device_grants.open(client, request.server, scopes, now, &mut random);
    let page = format!("{}/activate", shared.origin);
    let codes = json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": DEVICE_CODE_LIFETIME.as_secs(),
        "interval": POLL_INTERVAL_SECONDS,
    });
    response::json(200, &codes)
}

pub(crate) async fn interact(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    let mut org = shared.org();
    let begun = interact::interact(
        &mut org,
        &request.client_request(&shared),
        request.server.clone(),
        request.session.clone(),
        &shared.origin,
        &mut shared.random(),
    );
    match begun {
        Ok(handle) => response::json(200, &json!({ "interaction_handle": handle })),
        Err(refused) => refused_response(&refused),
    }
}

pub(crate) async fn token(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    let keys = shared.keys();
    // Waits for the key outside the lock, so that other requests can proceed.
    let ready = keys.clone();
    let _ = tokio::task::spawn_blocking(move || ready.jwks()).await;
    let mut random = shared.random();
    let mut org = shared.org();
    let mut endpoint =
        TokenEndpoint { org: &mut org, keys: &keys, origin: &shared.origin, random: &mut random };
    let answer = endpoint.exchange(&request.client_request(&shared));
    drop(org);
    shared.notify_change();
    match answer {
        Ok(tokens) => response::json(200, &tokens),
        Err(refused) => refused_response(&refused),
    }
}

pub(crate) async fn userinfo(State(shared): State<Arc<SharedState>>, headers: HeaderMap) -> Response {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let claims = bearer.and_then(|token| token::userinfo(&shared.org(), token, shared.now()));
    match claims {
        Some(claims) => response::json(200, &claims),
        None => {
            let mut response = StatusCode::UNAUTHORIZED.into_response();
            let challenge =
                "Bearer error=\"invalid_token\", error_description=\"The access token is invalid\"";
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            response
        }
    }
}

pub(crate) async fn introspect(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    let mut org = shared.org();
    match authenticated(&request, &shared, &mut org) {
        Ok(client) => {
            let hint = token::introspect(&org, request.field("token"), &client, &shared.origin, shared.now());
            response::json(200, &hint)
        }
        Err(refused) => refused_response(&refused),
    }
}

pub(crate) async fn revoke(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    let mut org = shared.org();
    match authenticated(&request, &shared, &mut org) {
        Ok(client) => {
            org.grants.revoke(request.field("token"), &client);
            StatusCode::OK.into_response()
        }
        Err(refused) => refused_response(&refused),
    }
}

/// `GET /logout`: ends the browser's session and redirects to an allowed address.
pub(crate) async fn logout(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    let hint = claims(request.field("id_token_hint")).unwrap_or_default();
    let text = |name: &str| hint.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let (client, user) = (text("aud"), text("sub"));
    let mut org = shared.org();
    let back = request.field("post_logout_redirect_uri").to_owned();
    let Some(app) = org.app(&client) else {
        let text = "The 'id_token_hint' parameter is missing or is not a token of this server.";
        return response::api_error(400, "invalid_token", text);
    };
    let may_return = back.is_empty() || app.post_logout_redirect_uris.contains(&back);
    if !may_return {
        let text = "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.";
        return response::api_error(400, "invalid_request", text);
    }
    org.sign_out(&user, request.session.as_deref());
    drop(org);
    shared.notify_change();
    let back = (!back.is_empty()).then(|| with_query(&back, &[("state", request.field("state"))]));
    signed_out(back.as_deref())
}

/// `GET /login/signout`: ends the browser's session, which the cookie names, and redirects to a trusted origin.
pub(crate) async fn sign_out_page(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    let mut org = shared.org();
    let session = request.session(&org, shared.now());
    let user = session.and_then(|id| org.sessions.get(&id)).map(|session| session.user.clone());
    org.sign_out(&user.unwrap_or_default(), request.session.as_deref());
    let is_trusted = |address: &&str| {
        url::Url::parse(address).is_ok_and(|url| org.trusts(&url.origin().ascii_serialization()))
    };
    let back = Some(request.field("fromURI")).filter(is_trusted).map(str::to_owned);
    drop(org);
    shared.notify_change();
    signed_out(back.as_deref())
}

/// Removes the cookie of the session, and redirects if there is an address.
fn signed_out(back: Option<&str>) -> Response {
    let mut response = match back {
        Some(back) => Redirect::to(back).into_response(),
        None => response::typed(200, "text/plain; charset=utf-8", "Signed out."),
    };
    let removed_cookie = HeaderValue::from_static("idx=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    response.headers_mut().insert(http::header::SET_COOKIE, removed_cookie);
    response
}

/// `GET /authorize`: redirects to an identity provider, shows the org's own page, or redirects back to a client that must
/// show the sign-in itself.
pub(crate) async fn authorize(State(shared): State<Arc<SharedState>>, request: OAuthRequest) -> Response {
    if let Some(pushed) = request.field("request_uri").strip_prefix("urn:okta:") {
        return federation::redirect_to_provider(&shared, pushed).await;
    }
    let is_hosted = shared.org().app(request.field("client_id")).is_some_and(|app| app.hosted_sign_in);
    if is_hosted || request.field("prompt") == "enroll_authenticator" {
        return hosted_sign_in::authorize(&shared, &request).await;
    }
    let org = shared.org();
    let Some(app) = org.app(request.field("client_id")) else {
        return refused_response(&OAuthError::UnknownClient);
    };
    let back = request.field("redirect_uri");
    if !app.redirect_uris.iter().any(|uri| uri == back) {
        let text = "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
        return refused_response(&OAuthError::new("invalid_request", text));
    }
    let (error, text) = if request.field("prompt") == "none" {
        ("login_required", "The client specified not to prompt, but the user is not logged in.")
    } else {
        (
            "interaction_required",
            "Your client is configured to use the interaction code flow and user interaction is required to complete the request.",
        )
    };
    let query = [("error", error), ("error_description", text), ("state", request.field("state"))];
    Redirect::to(&with_query(back, &query)).into_response()
}
