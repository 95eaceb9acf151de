//! Which pages may call us: our own, and the first-party origins that are listed.

use crate::{app::App, problem::ApiError, session::with_session_cookie};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use latchkey_contract::ProblemCode;
use url::Url;

/// The header that only a script of an allowed page can set.
const CSRF_HEADER: &str = "x-csrf";
/// What a listed origin may send, and for how long a browser may remember that.
const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");
const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static("content-type, x-csrf, x-transaction");
/// The same of what goes through to an upstream, and what of its answer may be read besides what any page may.
const PROXIED_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const PROXIED_HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type, x-csrf, content-language, idempotency-key, if-match, if-modified-since, if-none-match, if-range, \
     if-unmodified-since, range",
);
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "accept-ranges, content-disposition, content-range, etag, link, retry-after, vary",
);
const PREFLIGHT_MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const VARY: HeaderValue = HeaderValue::from_static("origin, sec-fetch-site");

/// Our own origin and those that are let in.
#[derive(Clone, Debug)]
pub struct Origins {
    own: String,
    host: String,
    listed: Vec<String>,
}

/// Whose page calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallingOrigin {
    /// Our own, or no page at all.
    Own,
    /// One of the listed origins.
    Listed,
    /// Anyone else.
    Foreign,
}

impl Origins {
    /// Ours is the origin of the public address.
    pub fn new(public_url: &Url, listed: &[Url]) -> Self {
        let own = public_url.origin().ascii_serialization();
        let host = own.split_once("://").map_or("", |(_, host)| host).to_owned();
        Self { own, host, listed: listed.iter().map(|url| url.origin().ascii_serialization()).collect() }
    }

    /// Whether a request for this host is for us.
    pub fn is_our_host(&self, host: &str) -> bool {
        host.eq_ignore_ascii_case(&self.host)
    }

    /// Lets the pages of listed origins load a file; there is nobody's secret in one, and no cookie comes with it.
    pub fn lend(&self, request: &HeaderMap, file: &mut HeaderMap) {
        if self.listed.is_empty() {
            return;
        }
        file.append(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = request.get(header::ORIGIN).filter(|origin| self.lists(origin)) {
            file.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
    }

    fn lists(&self, origin: &HeaderValue) -> bool {
        self.listed.iter().any(|listed| origin.as_bytes() == listed.as_bytes())
    }

    /// Whose page sends these headers. Both say the same, or it is a stranger; with neither, only a harmless call is
    /// taken, and a browser that can run our client sends at least one of them with any other.
    pub fn caller(&self, method: &Method, headers: &HeaderMap) -> CallingOrigin {
        let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
        let by_origin = origin.map(|origin| {
            if origin == self.own.as_bytes() {
                CallingOrigin::Own
            } else if self.listed.iter().any(|listed| origin == listed.as_bytes()) {
                CallingOrigin::Listed
            } else {
                CallingOrigin::Foreign
            }
        });
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        match (site, by_origin) {
            (Some(b"same-origin"), None | Some(CallingOrigin::Own)) => CallingOrigin::Own,
            (Some(b"same-site") | None, Some(CallingOrigin::Listed)) => CallingOrigin::Listed,
            (None, Some(CallingOrigin::Own)) => CallingOrigin::Own,
            (None, None) if method.is_safe() => CallingOrigin::Own,
            _ => CallingOrigin::Foreign,
        }
    }
}

/// Lets calls of our own pages through, and reads nothing of the session before.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Result<Response, ApiError> {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_proxied = request.uri().path().starts_with("/api/proxy/");
    if request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    {
        return Ok(preflight(&app.origins, origin.as_ref(), is_proxied));
    }
    let caller = app.origins.caller(request.method(), request.headers());
    let marked = request.headers().get(CSRF_HEADER).is_some_and(|value| value == "1");
    if caller == CallingOrigin::Foreign || !marked {
        return Err(ProblemCode::Csrf.into());
    }
    let mut response = with_session_cookie(State(app), request, next).await.into_response();
    if let (CallingOrigin::Listed, Some(origin)) = (caller, origin) {
        allow(response.headers_mut(), origin);
        if is_proxied {
            response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        }
    }
    response.headers_mut().append(header::VARY, VARY);
    Ok(response)
}

/// A browser's question before a listed origin's call. Others hear nothing of use.
fn preflight(origins: &Origins, origin: Option<&HeaderValue>, is_proxied: bool) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, VARY);
    if let Some(origin) = origin.filter(|origin| origins.lists(origin)) {
        allow(headers, origin.clone());
        let (methods, names) =
            if is_proxied { (PROXIED_METHODS, PROXIED_HEADERS) } else { (ALLOWED_METHODS, ALLOWED_HEADERS) };
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE);
    }
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
}

#[cfg(test)]
mod tests {
    use super::{CallingOrigin, Origins};
    use http::{HeaderMap, Method, header};

    #[test]
    fn sec_45_a_file_is_lent_to_listed_origins_and_says_that_it_depends_on_who_asks() {
        let own = "https://login.example.test/".parse().unwrap();
        let origins = Origins::new(&own, &["https://app.example.test".parse().unwrap()]);
        for (origin, is_lent) in [("https://app.example.test", true), ("https://evil.example.test", false)] {
            let request = HeaderMap::from_iter([(header::ORIGIN, origin.parse().unwrap())]);
            let mut file = HeaderMap::new();
            origins.lend(&request, &mut file);
            assert_eq!(file.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), is_lent);
            assert!(!file.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
            assert_eq!(file[header::VARY], "origin");
        }
    }

    fn caller(method: Method, site: Option<&str>, origin: Option<&str>) -> CallingOrigin {
        let own = "https://login.example.test/".parse().unwrap();
        let listed = ["https://app.example.test".parse().unwrap()];
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Origins::new(&own, &listed).caller(&method, &headers)
    }

    /// Every combination, against the rule said in another way: who may call is a short list.
    #[test]
    fn sec_31_only_the_listed_combinations_of_site_and_origin_may_call() {
        const OWN: Option<&str> = Some("https://login.example.test");
        const APP: Option<&str> = Some("https://app.example.test");
        let sites = [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none")];
        let origins = [
            None,
            OWN,
            APP,
            Some("null"),
            Some(""),
            Some("http://login.example.test"),
            Some("https://login.example.test:444"),
            Some("https://login.example.test."),
            Some("https://LOGIN.example.test"),
            Some("https://app.example.test.evil.com"),
            Some("https://evilapp.example.test"),
            Some("https://user@app.example.test"),
        ];
        for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE, Method::PUT] {
            for site in sites {
                for origin in origins {
                    let expected = match (site, origin) {
                        (None | Some("same-origin"), origin) if origin == OWN => CallingOrigin::Own,
                        (Some("same-origin"), None) => CallingOrigin::Own,
                        (None | Some("same-site"), origin) if origin == APP => CallingOrigin::Listed,
                        (None, None) if method == Method::GET || method == Method::HEAD => CallingOrigin::Own,
                        _ => CallingOrigin::Foreign,
                    };
                    assert_eq!(
                        caller(method.clone(), site, origin),
                        expected,
                        "{method} {site:?} {origin:?}"
                    );
                }
            }
        }
    }
}
