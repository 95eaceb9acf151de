//! A request to an authorization server: its fields, the client's authentication, and the browser's session.

use std::collections::HashMap;
use std::sync::Arc;

use axum::RequestPartsExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Path, Request};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};

use super::response;
use crate::clock::Timestamp;
use crate::oauth::client_auth::{ClientRequest, Fields};
use crate::oauth::discovery;
use crate::oauth::error::OAuthError;
use crate::org::state::OrgState;
use crate::org::transaction::AuthorizationServer;
use crate::shared::SharedState;

pub(super) type Named = Path<HashMap<String, String>>;

/// A request to an authorization server: fields, client authentication and the browser's session.
pub(crate) struct OAuthRequest {
    pub(super) server: AuthorizationServer,
    fields: Fields,
    authorization: Option<String>,
    audiences: Vec<String>,
    pub(super) session: Option<String>,
}

impl FromRequest<Arc<SharedState>> for OAuthRequest {
    type Rejection = Response;

    async fn from_request(request: Request, shared: &Arc<SharedState>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let credentials: Named = parts.extract().await.map_err(IntoResponse::into_response)?;
        let Some(server) = server(&credentials) else { return Err(response::not_found().await) };
        let Ok(OriginalUri(uri)) = parts.extract().await;
        let authorization = parts.headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let session = cookie(&parts.headers, "idx");
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, shared).await.map_err(IntoResponse::into_response)?;
        // Some clients send everything in the query.
        let mut fields = Fields::new();
        for text in [uri.query().unwrap_or_default().as_bytes(), &body] {
            fields.extend(url::form_urlencoded::parse(text).into_owned());
        }
        let audiences = vec![
            discovery::issuer(&shared.origin, &server),
            format!("{}/v1/token", discovery::base(&shared.origin, &server)),
            format!("{}{}", shared.origin, uri.path()),
        ];
        Ok(Self { server, fields, authorization, audiences, session })
    }
}

impl OAuthRequest {
    pub(super) fn client_request<'a>(&'a self, shared: &SharedState) -> ClientRequest<'a> {
        ClientRequest {
            authorization: self.authorization.as_deref(),
            fields: &self.fields,
            audiences: &self.audiences,
            now: shared.now(),
        }
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(super) fn server(&self) -> &AuthorizationServer {
        &self.server
    }

    /// The browser's session, if it is valid.
    pub(super) fn session(&self, org: &OrgState, now: Timestamp) -> Option<String> {
        self.session.clone().filter(|id| org.sessions.get(id).is_some_and(|session| session.expires_at > now))
    }

    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// A cookie of the request.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|text| text.split(';')).find_map(|pair| {
        pair.trim().split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
    })
}

pub(super) fn server(credentials: &Named) -> Option<AuthorizationServer> {
    match credentials.0.get("server").map(String::as_str) {
        None => Some(AuthorizationServer::Org),
        Some(discovery::DEFAULT_SERVER) => {
            Some(AuthorizationServer::Custom(discovery::DEFAULT_SERVER.to_owned()))
        }
        Some(_) => None,
    }
}

pub(super) fn refused_response(refused: &OAuthError) -> Response {
    let (status, body) = refused.body();
    response::json(status, &body)
}
