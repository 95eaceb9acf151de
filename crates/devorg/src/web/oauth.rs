//! The authorization server's endpoints.

use std::collections::HashMap;
use std::sync::Arc;

use axum::RequestPartsExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{AUTHORIZATION, COOKIE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::url::with_query;
use super::{federation, response};
use crate::oauth::client_auth::{Fields, Shown};
use crate::oauth::discovery;
use crate::oauth::error::Refused;
use crate::oauth::interact;
use crate::oauth::jwt::claims;
use crate::oauth::token::{self, Desk};
use crate::org::transaction::Server;
use crate::shared::SharedState;

type Named = Path<HashMap<String, String>>;

/// What came with a request: its server, its fields, its proof, and the browser's session.
pub(crate) struct Asked {
    server: Server,
    fields: Fields,
    authorization: Option<String>,
    audiences: Vec<String>,
    session: Option<String>,
}

impl FromRequest<Arc<SharedState>> for Asked {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<SharedState>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let named: Named = parts.extract().await.map_err(IntoResponse::into_response)?;
        let Some(server) = server(&named) else { return Err(response::not_found().await) };
        let Ok(OriginalUri(uri)) = parts.extract().await;
        let authorization = parts.headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let session = cookie(&parts.headers, "idx");
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, site).await.map_err(IntoResponse::into_response)?;
        // Some clients put everything in the query.
        let mut fields = Fields::new();
        for text in [uri.query().unwrap_or_default().as_bytes(), &body] {
            fields.extend(url::form_urlencoded::parse(text).into_owned());
        }
        let audiences = vec![
            discovery::issuer(&site.origin, &server),
            format!("{}/v1/token", discovery::base(&site.origin, &server)),
            format!("{}{}", site.origin, uri.path()),
        ];
        Ok(Self { server, fields, authorization, audiences, session })
    }
}

impl Asked {
    fn shown<'a>(&'a self, site: &SharedState) -> Shown<'a> {
        Shown {
            authorization: self.authorization.as_deref(),
            fields: &self.fields,
            audiences: &self.audiences,
            now: site.now(),
        }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }
}

pub(crate) async fn discovery(State(site): State<Arc<SharedState>>, named: Named) -> Response {
    match server(&named) {
        Some(server) => {
            let mut response = response::json(200, &discovery::document(&site.origin, &server));
            response
                .headers_mut()
                .insert(http::header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400"));
            response
        }
        None => response::not_found().await,
    }
}

pub(crate) async fn keys(State(site): State<Arc<SharedState>>) -> Response {
    let keys = site.keys();
    // The key may still be in the making.
    let public = tokio::task::spawn_blocking(move || keys.public()).await.unwrap_or_default();
    response::json(200, &public)
}

pub(crate) async fn interact(State(site): State<Arc<SharedState>>, asked: Asked) -> Response {
    let mut world = site.world();
    let begun = interact::interact(
        &mut world,
        &asked.shown(&site),
        asked.server.clone(),
        asked.session.clone(),
        &site.origin,
        &mut site.chance(),
    );
    match begun {
        Ok(handle) => response::json(200, &json!({ "interaction_handle": handle })),
        Err(refused) => refuse(&refused),
    }
}

pub(crate) async fn token(State(site): State<Arc<SharedState>>, asked: Asked) -> Response {
    let keys = site.keys();
    // The first signature waits for the key, which must not hold the others up.
    let ready = keys.clone();
    let _ = tokio::task::spawn_blocking(move || ready.public()).await;
    let mut chance = site.chance();
    let mut world = site.world();
    let mut desk = Desk { world: &mut world, keys: &keys, origin: &site.origin, chance: &mut chance };
    let answer = desk.exchange(&asked.shown(&site));
    drop(world);
    site.tell();
    match answer {
        Ok(tokens) => response::json(200, &tokens),
        Err(refused) => refuse(&refused),
    }
}

pub(crate) async fn userinfo(State(site): State<Arc<SharedState>>, headers: HeaderMap) -> Response {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let claims = bearer.and_then(|token| token::userinfo(&site.world(), token, site.now()));
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

pub(crate) async fn introspect(State(site): State<Arc<SharedState>>, asked: Asked) -> Response {
    let world = site.world();
    match asked.shown(&site).proven(&world.apps) {
        Ok(app) => {
            let told =
                token::introspect(&world, asked.field("token"), &app.client_id, &site.origin, site.now());
            response::json(200, &told)
        }
        Err(refused) => refuse(&refused),
    }
}

pub(crate) async fn revoke(State(site): State<Arc<SharedState>>, asked: Asked) -> Response {
    let mut world = site.world();
    match asked.shown(&site).proven(&world.apps).map(|app| app.client_id.clone()) {
        Ok(client) => {
            world.grants.revoke(asked.field("token"), &client);
            StatusCode::OK.into_response()
        }
        Err(refused) => refuse(&refused),
    }
}

/// `GET /logout`: ends the browser's session, and goes back where the client allows.
pub(crate) async fn logout(State(site): State<Arc<SharedState>>, asked: Asked) -> Response {
    let told = claims(asked.field("id_token_hint")).unwrap_or_default();
    let text = |name: &str| told.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let (client, user) = (text("aud"), text("sub"));
    let mut world = site.world();
    let back = asked.field("post_logout_redirect_uri").to_owned();
    let Some(app) = world.app(&client) else {
        let text = "The 'id_token_hint' parameter is missing or is not a token of this server.";
        return response::api_error(400, "invalid_token", text);
    };
    let may_return = back.is_empty() || app.post_logout_redirect_uris.contains(&back);
    if !may_return {
        let text = "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.";
        return response::api_error(400, "invalid_request", text);
    }
    world.sign_out(&user, asked.session.as_deref());
    drop(world);
    site.tell();
    let mut response = if back.is_empty() {
        response::typed(200, "text/plain; charset=utf-8", "Signed out.")
    } else {
        let state = asked.field("state");
        Redirect::to(&with_query(&back, &[("state", state)])).into_response()
    };
    let gone = HeaderValue::from_static("idx=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    response.headers_mut().insert(http::header::SET_COOKIE, gone);
    response
}

/// `GET /authorize`: on to an identity provider, or back to a client that has to ask the person itself.
pub(crate) async fn authorize(State(site): State<Arc<SharedState>>, asked: Asked) -> Response {
    if let Some(pushed) = asked.field("request_uri").strip_prefix("urn:okta:") {
        return federation::leave(&site, pushed).await;
    }
    let world = site.world();
    let Some(app) = world.app(asked.field("client_id")) else { return refuse(&Refused::NoClient) };
    let back = asked.field("redirect_uri");
    if !app.redirect_uris.iter().any(|uri| uri == back) {
        let text = "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
        return refuse(&Refused::new("invalid_request", text));
    }
    let (error, text) = if asked.field("prompt") == "none" {
        ("login_required", "The client specified not to prompt, but the user is not logged in.")
    } else {
        (
            "interaction_required",
            "Your client is configured to use the interaction code flow and user interaction is required to complete the request.",
        )
    };
    let query = [("error", error), ("error_description", text), ("state", asked.field("state"))];
    Redirect::to(&with_query(back, &query)).into_response()
}

/// A cookie the browser sent.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|text| text.split(';')).find_map(|pair| {
        pair.trim().split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
    })
}

fn server(named: &Named) -> Option<Server> {
    match named.0.get("server").map(String::as_str) {
        None => Some(Server::Org),
        Some(discovery::DEFAULT_SERVER) => Some(Server::Custom(discovery::DEFAULT_SERVER.to_owned())),
        Some(_) => None,
    }
}

fn refuse(refused: &Refused) -> Response {
    let (status, body) = refused.body();
    response::json(status, &body)
}
