//! CORS: pages of trusted origins may call the org with cookies. Also checks the host name.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::super::response;
use crate::shared::SharedState;

const HEADERS: &str = "Accept, Accept-Language, Content-Type, Authorization, X-Okta-User-Agent-Extended, \
     X-Device-Fingerprint, X-Device-Token, X-Okta-XsrfToken, DPoP, Cache-Control, If-None-Match";
const EXPOSED: &str = "Date, WWW-Authenticate, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset, X-Okta-Request-Id";

/// Refuses host names other than localhost. Otherwise a page could read everything by DNS rebinding.
pub(crate) async fn check_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let name =
        host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    if !matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return response::api_error(421, "E0000007", "Not found: this org answers to localhost only.");
    }
    next.run(request).await
}

/// Whether a page of another origin sent the request. Some browsers lack `Sec-Fetch-Site`, but all send `Origin` with
/// unsafe methods.
pub(crate) fn is_cross_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let is_cross_site =
        matches!(text(HeaderName::from_static("sec-fetch-site")), Some("cross-site" | "same-site"));
    let own = format!("http://{}", text(HOST).unwrap_or_default());
    is_cross_site || text(ORIGIN).is_some_and(|origin| origin != own)
}

/// Answers preflight requests and allows trusted origins.
pub(crate) async fn allow(State(shared): State<Arc<SharedState>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_for_pages = ["/idp/idx/", "/idp/myaccount/", "/oauth2/", "/.well-known/", "/api/"]
        .iter()
        .any(|p| path.starts_with(p));
    let origin = request.headers().get(ORIGIN).filter(|_| is_for_pages).cloned();
    let Some(origin) = origin else { return next.run(request).await };
    let name = origin.to_str().unwrap_or_default();
    let is_trusted = name == shared.origin || shared.org().trusts(name);
    if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        if is_trusted {
            let headers = response.headers_mut();
            headers.insert(
                ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS"),
            );
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
            permit(&mut response, origin);
        }
        return response;
    }
    let is_document = path.contains("/.well-known/") || path.ends_with("/v1/keys");
    if !is_trusted && !is_document {
        let text = "The origin of the request is not a trusted origin.";
        return response::api_error(403, "E0000006", text);
    }
    let mut response = next.run(request).await;
    permit(&mut response, origin);
    response
}

fn permit(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.append(VARY, HeaderValue::from_static("Origin"));
}
