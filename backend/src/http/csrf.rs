//! Protection against cross-site request forgery: our own pages and those of listed origins may call the API (CORS).

use super::{ApiError, RequestPurpose};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use latchkey_contract::ProblemCode;
use url::Url;

/// A cross-site form cannot set this header.
const CSRF_HEADER: &str = "x-csrf";
/// What a page of a listed origin may send.
const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");
const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static("content-type, x-csrf, x-transaction");
/// The same for a call of an upstream, and the headers of its response that the page may read.
const PROXIED_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const PROXIED_HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type, x-csrf, content-language, idempotency-key, if-match, if-modified-since, if-none-match, if-range, \
     if-unmodified-since, range",
);
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "accept-ranges, content-disposition, content-range, etag, link, retry-after, vary, www-authenticate",
);
const PREFLIGHT_MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const VARY: HeaderValue = HeaderValue::from_static("origin, sec-fetch-site");

/// Our own origin and the listed ones.
#[derive(Clone, Debug)]
pub struct Origins {
    own: String,
    host: String,
    listed: Vec<String>,
}

/// The origin of the page that calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallingOrigin {
    /// Our own, or the call comes from no page.
    Own,
    /// One of the listed origins.
    Listed,
    /// Any other.
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

    /// Lets the pages of listed origins load a file. A file has no secret in it, and is loaded without a cookie.
    pub fn share_file(&self, request: &HeaderMap, file: &mut HeaderMap) {
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

    /// The origin of the page by `Origin` and `Sec-Fetch-Site`, which must agree. Browsers that run the client program send
    /// at least one of them with every call that has effects, so that without both only safe methods are taken.
    pub fn calling_origin(&self, method: &Method, headers: &HeaderMap) -> CallingOrigin {
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

/// A call of the API that was checked.
pub enum CheckedCall {
    /// A preflight request, and its response.
    Preflight(Response),
    /// A call that may be served; its response gets these headers.
    Allowed(CorsHeaders),
}

/// The CORS headers of a response.
#[derive(Debug)]
pub struct CorsHeaders {
    /// The listed origin that called; none for our own pages.
    listed: Option<HeaderValue>,
    purpose: RequestPurpose,
}

/// Checks a call by its headers, before anything of the session is read.
pub fn check(origins: &Origins, purpose: RequestPurpose, request: &Request) -> Result<CheckedCall, ApiError> {
    let headers = request.headers();
    let origin = headers.get(header::ORIGIN);
    if request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return Ok(CheckedCall::Preflight(preflight(origins, origin, purpose)));
    }
    let is_marked = headers.get(CSRF_HEADER).is_some_and(|value| value == "1");
    let listed = match origins.calling_origin(request.method(), headers) {
        CallingOrigin::Own if is_marked => None,
        CallingOrigin::Listed if is_marked => origin.cloned(),
        CallingOrigin::Own | CallingOrigin::Listed | CallingOrigin::Foreign => {
            return Err(ProblemCode::Csrf.into());
        }
    };
    Ok(CheckedCall::Allowed(CorsHeaders { listed, purpose }))
}

impl CorsHeaders {
    /// Adds them to a response.
    pub fn add(self, headers: &mut HeaderMap) {
        if let Some(origin) = self.listed {
            allow(headers, origin);
            if self.purpose == RequestPurpose::Upstream {
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
            }
        }
        headers.append(header::VARY, VARY);
    }
}

/// The response to a preflight request. Origins that are not listed learn nothing from it.
fn preflight(origins: &Origins, origin: Option<&HeaderValue>, purpose: RequestPurpose) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, VARY);
    if let Some(origin) = origin.filter(|origin| origins.lists(origin)) {
        allow(headers, origin.clone());
        let (methods, names) = match purpose {
            RequestPurpose::Upstream => (PROXIED_METHODS, PROXIED_HEADERS),
            _ => (ALLOWED_METHODS, ALLOWED_HEADERS),
        };
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
    fn sec_45_listed_origins_may_load_a_file_and_its_response_varies_by_origin() {
        let own = "https://login.example.test/".parse().unwrap();
        let origins = Origins::new(&own, &["https://app.example.test".parse().unwrap()]);
        for (origin, is_shared) in [("https://app.example.test", true), ("https://evil.example.test", false)]
        {
            let request = HeaderMap::from_iter([(header::ORIGIN, origin.parse().unwrap())]);
            let mut file = HeaderMap::new();
            origins.share_file(&request, &mut file);
            assert_eq!(file.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), is_shared);
            assert!(!file.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
            assert_eq!(file[header::VARY], "origin");
        }
    }

    fn calling_origin(method: Method, site: Option<&str>, origin: Option<&str>) -> CallingOrigin {
        let own = "https://login.example.test/".parse().unwrap();
        let listed = ["https://app.example.test".parse().unwrap()];
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Origins::new(&own, &listed).calling_origin(&method, &headers)
    }

    /// Every combination against a second form of the rule: a short list of what is allowed.
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
                        calling_origin(method.clone(), site, origin),
                        expected,
                        "{method} {site:?} {origin:?}"
                    );
                }
            }
        }
    }
}
