//! The built-in identity provider's pages and endpoints, below an issuer of its own.

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
use crate::oauth::client_auth::{Fields, Shown};
use crate::org::provider_accounts::Person;
use crate::shared::SharedState;

/// Everything below `/social/{provider}`.
pub(crate) fn router() -> Router<Arc<SharedState>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/authorize", get(ask).post(sign_in))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo).post(userinfo))
        .route("/keys", get(keys))
}

async fn discovery(State(site): State<Arc<SharedState>>, Path(id): Path<String>) -> Response {
    match site.provider(&id) {
        Some(_) => response::json(200, &provider::discovery(&provider::issuer(&site.origin, &id))),
        None => response::not_found().await,
    }
}

async fn keys(State(site): State<Arc<SharedState>>) -> Response {
    let public = tokio::task::spawn_blocking(move || site.social_keys().public()).await;
    response::json(200, &public.unwrap_or_default())
}

/// `GET …/authorize`: who are you there? The form comes back to the same address.
async fn ask(
    State(site): State<Arc<SharedState>>,
    Path(id): Path<String>,
    Query(query): Query<Fields>,
) -> Response {
    let Some(provider) = site.provider(&id) else { return response::not_found().await };
    if let Err(error) = provider::authorization_request(&query, &site.origin) {
        return refuse(error);
    }
    let hint = query.get("login_hint").map(String::as_str).unwrap_or_default();
    let body = format!(
        "<h1>{}</h1><p>This page stands in for an identity provider. Be whoever you like.</p>\
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

/// `POST …/authorize`: back to the client with a code.
async fn sign_in(
    State(site): State<Arc<SharedState>>,
    Path(id): Path<String>,
    Query(query): Query<Fields>,
    Form(fields): Form<Fields>,
) -> Response {
    if site.provider(&id).is_none() {
        return response::not_found().await;
    }
    let asked = match provider::authorization_request(&query, &site.origin) {
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
    let issuer = provider::issuer(&site.origin, &id);
    let (now, mut chance) = (site.now(), site.chance());
    let code = site.world().provider_accounts.consent(issuer, asked, person, now, &mut chance);
    Redirect::to(&with_query(&back, &[("code", &code), ("state", &state)])).into_response()
}

async fn token(
    State(site): State<Arc<SharedState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields: Fields = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let shown = Shown { authorization, fields: &fields, audiences: &[], now: site.now() };
    let exchanged = provider::exchange(
        &mut site.world().provider_accounts,
        &provider::issuer(&site.origin, &id),
        &shown,
        &mut site.chance(),
    );
    let (claims, mut answer) = match exchanged {
        Ok(exchanged) => exchanged,
        Err(refused) => {
            let (status, body) = refused.body();
            return response::json(status, &body);
        }
    };
    // The key may still be in the making.
    let signed = tokio::task::spawn_blocking(move || site.social_keys().sign(&claims)).await;
    answer.insert("id_token".to_owned(), json!(signed.unwrap_or_default()));
    response::json(200, &json!(answer))
}

async fn userinfo(
    State(site): State<Arc<SharedState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let issuer = provider::issuer(&site.origin, &id);
    let told = bearer
        .and_then(|token| provider::userinfo(&site.world().provider_accounts, &issuer, token, site.now()));
    told.map_or_else(|| StatusCode::UNAUTHORIZED.into_response(), |claims| response::json(200, &claims))
}

fn refuse(error: AuthorizationError) -> Response {
    match error {
        AuthorizationError::UnknownClient => {
            page(400, "Nobody here knows who asks", "Return to the app and begin again.")
        }
        AuthorizationError::InvalidRequest { redirect_uri, state, description } => {
            let query = [("error", "invalid_request"), ("error_description", description), ("state", &state)];
            Redirect::to(&with_query(&redirect_uri, &query)).into_response()
        }
    }
}
