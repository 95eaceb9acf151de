//! The endpoints and pages of the built-in identity provider.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::pages::{escape, html, page};
use super::response;
use super::url::with_query;
use crate::identity_provider::{self as provider, AuthorizationError};
use crate::oauth::client_auth::{ClientRequest, Fields};
use crate::org::provider_accounts::Person;
use crate::shared::SharedState;

/// The routes below `/social/{provider}`.
pub(crate) fn router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/authorize", get(sign_in_form).post(sign_in))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo).post(userinfo))
        .route("/keys", get(keys))
}

async fn discovery(State(shared): State<Arc<SharedState>>, Path(id): Path<String>) -> Response {
    match shared.provider(&id) {
        Some(_) => response::json(200, &provider::discovery(&provider::issuer(&shared.origin, &id))),
        None => response::not_found().await,
    }
}

async fn keys(State(shared): State<Arc<SharedState>>) -> Response {
    let public = tokio::task::spawn_blocking(move || shared.provider_keys().jwks()).await;
    response::json(200, &public.unwrap_or_default())
}

/// `GET …/authorize`: the provider's sign-in form, which posts to the same address.
async fn sign_in_form(
    State(shared): State<Arc<SharedState>>,
    Path(id): Path<String>,
    Query(query): Query<Fields>,
) -> Response {
    let Some(provider) = shared.provider(&id) else { return response::not_found().await };
    if let Err(error) = provider::authorization_request(&query, &shared.origin) {
        return refuse(error);
    }
    let hint = query.get("login_hint").map(String::as_str).unwrap_or_default();
    let body = format!(
        "<h1>{}</h1><p>This page stands in for an identity provider. Enter any name and address.</p>\
         <form method=\"post\">\
         <label>Email <input name=\"email\" type=\"email\" value=\"{}\" autocomplete=\"username\" required></label>\
         <label>First name <input name=\"firstName\" autocomplete=\"given-name\"></label>\
         <label>Last name <input name=\"lastName\" autocomplete=\"family-name\"></label>\
         <button name=\"answer\" value=\"yes\">Continue</button>\
         <button name=\"answer\" value=\"no\" formnovalidate>Deny</button></form>",
        escape(&provider.name),
        escape(hint)
    );
    html(200, &provider.name, &body)
}

/// `POST …/authorize`: redirects to the client with a code.
async fn sign_in(
    State(shared): State<Arc<SharedState>>,
    Path(id): Path<String>,
    Query(query): Query<Fields>,
    Form(fields): Form<Fields>,
) -> Response {
    if shared.provider(&id).is_none() {
        return response::not_found().await;
    }
    let asked = match provider::authorization_request(&query, &shared.origin) {
        Ok(asked) => asked,
        Err(error) => return refuse(error),
    };
    let field = |name: &str| fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let (back, state) = (asked.redirect_uri.clone(), asked.state.clone());
    if field("answer") == "no" || field("email").is_empty() {
        return Redirect::to(&with_query(&back, &[("error", "access_denied"), ("state", &state)]))
            .into_response();
    }
    let person =
        Person { email: field("email"), first_name: field("firstName"), last_name: field("lastName") };
    let issuer = provider::issuer(&shared.origin, &id);
    let (now, mut random) = (shared.now(), shared.random());
    let code = shared.org().provider_accounts.consent(issuer, asked, person, now, &mut random);
    Redirect::to(&with_query(&back, &[("code", &code), ("state", &state)])).into_response()
}

async fn token(
    State(shared): State<Arc<SharedState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields: Fields = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let client_request = ClientRequest { authorization, fields: &fields, audiences: &[], now: shared.now() };
    let exchanged = provider::exchange(
        &mut shared.org().provider_accounts,
        &provider::issuer(&shared.origin, &id),
        &client_request,
        &mut shared.random(),
    );
    let (claims, mut answer) = match exchanged {
        Ok(exchanged) => exchanged,
        Err(refused) => {
            let (status, body) = refused.body();
            return response::json(status, &body);
        }
    };
    // The key may still be generating.
    let signed = tokio::task::spawn_blocking(move || shared.provider_keys().sign(&claims)).await;
    answer.insert("id_token".to_owned(), json!(signed.unwrap_or_default()));
    response::json(200, &json!(answer))
}

async fn userinfo(
    State(shared): State<Arc<SharedState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let issuer = provider::issuer(&shared.origin, &id);
    let claims = bearer
        .and_then(|token| provider::userinfo(&shared.org().provider_accounts, &issuer, token, shared.now()));
    claims.map_or_else(|| StatusCode::UNAUTHORIZED.into_response(), |claims| response::json(200, &claims))
}

fn refuse(error: AuthorizationError) -> Response {
    match error {
        AuthorizationError::UnknownClient => {
            page(400, "The client is unknown", "Return to the app and begin again.")
        }
        AuthorizationError::InvalidRequest { redirect_uri, state, description } => {
            let query = [("error", "invalid_request"), ("error_description", description), ("state", &state)];
            Redirect::to(&with_query(&redirect_uri, &query)).into_response()
        }
    }
}
