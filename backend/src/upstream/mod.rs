//! The upstreams that may be called on behalf of a person, and the headers that are forwarded.

mod allow_list;
mod challenge;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::collections::BTreeMap;
use url::Url;

/// The upstreams by name.
#[derive(Clone, Debug, Default)]
pub struct Upstreams(pub BTreeMap<String, Upstream>);

/// One upstream with its allow list.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Its base address, whose path ends with a slash.
    pub base: Url,
    /// The allowed methods.
    pub methods: Vec<Method>,
    /// The allowed paths below the base; a `*` at the end allows every path with that prefix.
    pub paths: Vec<String>,
    /// The paths with responses that a browser may cache, if the upstream allows it.
    pub cacheable: Vec<String>,
}

/// The target of a call, and the caching of its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The full URL.
    pub url: Url,
    /// The caching of the response.
    pub caching: Caching,
}

/// The caching of an upstream's response. It belongs to one person, so shared caches never may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// No cache.
    Never,
    /// The person's browser, for as long as the upstream allows.
    InTheBrowser,
}

/// Request headers that are forwarded to an upstream. All others are dropped, such as cookies and claims of the browser.
const REQUEST_HEADERS: [HeaderName; 11] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    HeaderName::from_static("idempotency-key"),
];

const NEVER_CACHED: HeaderValue = HeaderValue::from_static("private, no-store");

/// Response headers that are forwarded unchanged. A challenge is written anew.
const RESPONSE_HEADERS: [HeaderName; 10] = [
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LANGUAGE,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::ETAG,
    header::LAST_MODIFIED,
    header::LINK,
    header::RETRY_AFTER,
    header::VARY,
];

impl Upstream {
    /// The target of a call for this path, if it is allowed. The path is undecoded, as the browser sent it.
    pub fn target(&self, method: &Method, path: &str, query: Option<&str>) -> Option<Target> {
        let is_allowed = self.methods.contains(method) && allow_list::allows(&self.paths, path);
        let mut url = is_allowed.then(|| self.base.join(path).ok()).flatten()?;
        url.set_query(query);
        let caching =
            if allow_list::allows(&self.cacheable, path) { Caching::InTheBrowser } else { Caching::Never };
        let inside = url.origin() == self.base.origin() && url.path().starts_with(self.base.path());
        inside.then_some(Target { url, caching })
    }
}

/// The headers of a call that go to the upstream.
pub fn request_headers(headers: &HeaderMap, access_token: &str) -> Option<HeaderMap> {
    let mut sent = only(headers, &REQUEST_HEADERS);
    let mut bearer = HeaderValue::from_str(&format!("Bearer {access_token}")).ok()?;
    bearer.set_sensitive(true);
    sent.insert(header::AUTHORIZATION, bearer);
    Some(sent)
}

/// The headers of a response for the browser. After a sign-out the same address may serve another person, so the response
/// is not cached unless the configuration allows it, and then for one session cookie only.
pub fn response_headers(headers: &HeaderMap, caching: Caching) -> HeaderMap {
    let mut sent = only(headers, &RESPONSE_HEADERS);
    let cache_control = match caching {
        Caching::Never => NEVER_CACHED,
        Caching::InTheBrowser => private(headers),
    };
    sent.insert(header::CACHE_CONTROL, cache_control);
    if let Some(challenge) = challenge::bearer(headers) {
        sent.insert(header::WWW_AUTHENTICATE, challenge);
    }
    sent.append(header::VARY, HeaderValue::from_static("cookie"));
    sent
}

/// The upstream's `Cache-Control` without the directives for shared caches. Without the header nothing is cached.
fn private(headers: &HeaderMap) -> HeaderValue {
    const SHARED: [&str; 4] = ["public", "private", "s-maxage", "proxy-revalidate"];
    let lines: Option<Vec<&str>> =
        headers.get_all(header::CACHE_CONTROL).iter().map(|line| line.to_str().ok()).collect();
    let lines = lines.unwrap_or_default().join(",");
    let directives = lines.split(',').map(str::trim).filter(|directive| !directive.is_empty());
    let kept: Vec<&str> = directives
        .filter(|directive| {
            let name = directive.split('=').next().unwrap_or_default().trim();
            !SHARED.iter().any(|shared| name.eq_ignore_ascii_case(shared))
        })
        .collect();
    // A quoted value may contain a comma, so the split above is unreliable with one.
    if kept.is_empty() || lines.contains('"') {
        return NEVER_CACHED;
    }
    HeaderValue::from_str(&format!("private, {}", kept.join(", "))).unwrap_or(NEVER_CACHED)
}

fn only(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let passed = headers.iter().filter(|(name, _)| names.contains(name));
    passed.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Caching, Upstream, request_headers, response_headers};
    use http::{HeaderMap, Method, header};

    fn upstream() -> Upstream {
        Upstream {
            base: "https://api.example.com/v1/".parse().unwrap(),
            methods: vec![Method::GET],
            paths: vec!["orders".to_owned(), "orders/*".to_owned()],
            cacheable: vec!["orders/catalog/*".to_owned()],
        }
    }

    #[test]
    fn sec_54_only_listed_methods_and_paths_go_through() {
        let target =
            |method, path| upstream().target(&method, path, None).map(|target| String::from(target.url));
        assert_eq!(target(Method::GET, "orders").as_deref(), Some("https://api.example.com/v1/orders"));
        assert_eq!(
            target(Method::GET, "orders/7/a%20b").as_deref(),
            Some("https://api.example.com/v1/orders/7/a%20b")
        );
        assert_eq!(target(Method::POST, "orders"), None);
        for path in [
            "",
            "admin",
            "ordersx",
            "orders/../admin",
            "orders/..;/admin",
            "orders/./x",
            "orders/%2e%2e/admin",
            "orders/%2E%2e/admin",
            "orders/..%2fadmin",
            "orders/..%5cadmin",
            "orders/..\\admin",
            "orders/%252e%252e/admin",
            "/orders",
            "//evil.example/orders",
            "orders//evil.example",
            "https://evil.example/orders",
            "orders/\u{e9}",
            "orders/a b",
        ] {
            assert_eq!(target(Method::GET, path), None, "{path}");
        }
        let query = upstream().target(&Method::GET, "orders", Some("page=2&x=%2e")).unwrap();
        assert_eq!(query.url.as_str(), "https://api.example.com/v1/orders?page=2&x=%2e");
    }

    #[test]
    fn sec_55_a_browser_sends_neither_cookies_nor_claims_and_gets_no_cookie() {
        let mut headers = HeaderMap::new();
        for name in
            ["cookie", "authorization", "x-forwarded-for", "connection", "host", "x-csrf", "te", "accept"]
        {
            headers.insert(name, "x".parse().unwrap());
        }
        let sent = request_headers(&headers, "token").unwrap();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[header::AUTHORIZATION], "Bearer token");
        assert!(sent[header::AUTHORIZATION].is_sensitive());

        headers.clear();
        for name in
            ["set-cookie", "server", "transfer-encoding", "content-security-policy", "location", "etag"]
        {
            headers.insert(name, "x".parse().unwrap());
        }
        let sent = response_headers(&headers, Caching::Never);
        assert_eq!(sent.len(), 3, "{sent:?}");
        assert_eq!(sent[header::ETAG], "x");
    }

    #[test]
    fn sec_210_an_answer_is_cached_only_where_it_is_allowed_and_by_a_browser_alone() {
        let caching = |path| upstream().target(&Method::GET, path, None).unwrap().caching;
        assert_eq!(caching("orders/7"), Caching::Never);
        assert_eq!(caching("orders/catalog/7"), Caching::InTheBrowser);
        let sent = |lines: &[&str], caching| {
            let lines = lines.iter().map(|line| (header::CACHE_CONTROL, line.parse().unwrap()));
            let sent = response_headers(&lines.collect(), caching);
            assert_eq!(sent[header::VARY], "cookie");
            sent[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        for lines in [&[][..], &["max-age=600"], &["public, max-age=600"], &["no-cache"]] {
            assert_eq!(sent(lines, Caching::Never), "private, no-store", "{lines:?}");
        }
        for (lines, expected) in [
            (&["max-age=600"][..], "private, max-age=600"),
            (&["public, max-age=600, immutable"], "private, max-age=600, immutable"),
            (&["Public , S-MaxAge = 60,max-age=5"], "private, max-age=5"),
            (&["no-cache", "must-revalidate, proxy-revalidate"], "private, no-cache, must-revalidate"),
            (&["no-store"], "private, no-store"),
            (&["public"], "private, no-store"),
            (&["private=\"x, max-age=9\", max-age=600"], "private, no-store"),
            (&[], "private, no-store"),
        ] {
            assert_eq!(sent(lines, Caching::InTheBrowser), expected, "{lines:?}");
        }
    }
}
