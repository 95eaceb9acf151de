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

use super::oauth::with_query;
use super::verify::{escape, html, page};
use super::{Site, reply};
use crate::oauth::client::{Fields, Shown};
use crate::settings::Provider;
use crate::social::{self, Asked, Person, Unheard};

/// Everything below `/social/{provider}`.
pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/authorize", get(ask).post(sign_in))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo).post(userinfo))
        .route("/keys", get(keys))
}

async fn discovery(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Response {
    match site.provider(&id) {
        Some(_) => reply::json(200, &social::discovery(&social::issuer(&site.origin, &id))),
        None => reply::not_found().await,
    }
}

async fn keys(State(site): State<Arc<Site>>) -> Response {
    let public = tokio::task::spawn_blocking(move || site.social_keys().public()).await;
    reply::json(200, &public.unwrap_or_default())
}

/// `GET …/authorize`: who are you there? The form comes back to the same address.
async fn ask(State(site): State<Arc<Site>>, Path(id): Path<String>, Query(query): Query<Fields>) -> Response {
    let Some(provider) = site.provider(&id) else { return reply::not_found().await };
    if let Err(unheard) = Asked::read(&query, &site.origin) {
        return refuse(unheard);
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
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Query(query): Query<Fields>,
    Form(fields): Form<Fields>,
) -> Response {
    if site.provider(&id).is_none() {
        return reply::not_found().await;
    }
    let asked = match Asked::read(&query, &site.origin) {
        Ok(asked) => asked,
        Err(unheard) => return refuse(unheard),
    };
    let field = |name: &str| fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let (back, state) = (asked.redirect_uri.clone(), asked.state.clone());
    if field("answer") == "no" || field("email").is_empty() {
        return Redirect::to(&with_query(&back, &[("error", "access_denied"), ("state", &state)]))
            .into_response();
    }
    let person =
        Person { email: field("email"), first_name: field("firstName"), last_name: field("lastName") };
    let issuer = social::issuer(&site.origin, &id);
    let (now, mut chance) = (site.now(), site.chance());
    let code = site.world().social.consent(issuer, asked, person, now, &mut chance);
    Redirect::to(&with_query(&back, &[("code", &code), ("state", &state)])).into_response()
}

async fn token(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields: Fields = url::form_urlencoded::parse(&body).into_owned().collect();
    let authorization = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let shown = Shown { authorization, fields: &fields, audiences: &[], now: site.now() };
    let exchanged =
        site.world().social.exchange(&social::issuer(&site.origin, &id), &shown, &mut site.chance());
    let (claims, mut answer) = match exchanged {
        Ok(exchanged) => exchanged,
        Err(refused) => {
            let (status, body) = refused.body();
            return reply::json(status, &body);
        }
    };
    // The key may still be in the making.
    let signed = tokio::task::spawn_blocking(move || site.social_keys().sign(&claims)).await;
    answer.insert("id_token".to_owned(), json!(signed.unwrap_or_default()));
    reply::json(200, &json!(answer))
}

async fn userinfo(State(site): State<Arc<Site>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let issuer = social::issuer(&site.origin, &id);
    let told = bearer.and_then(|token| site.world().social.userinfo(&issuer, token, site.now()));
    told.map_or_else(|| StatusCode::UNAUTHORIZED.into_response(), |claims| reply::json(200, &claims))
}

fn refuse(unheard: Unheard) -> Response {
    match unheard {
        Unheard::Stranger => page(400, "Nobody here knows who asks", "Return to the app and begin again."),
        Unheard::Mistaken { redirect_uri, state, why } => {
            let query = [("error", "invalid_request"), ("error_description", why), ("state", &state)];
            Redirect::to(&with_query(&redirect_uri, &query)).into_response()
        }
    }
}

impl Site {
    /// A provider, by its id.
    pub(super) fn provider(&self, id: &str) -> Option<Provider> {
        self.world().providers.iter().find(|provider| provider.id == id).cloned()
    }
}
