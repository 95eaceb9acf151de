//! The upstreams that may be called on behalf of a person, and what of a call goes there and back.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::collections::BTreeMap;
use url::Url;

/// What an app may call through us, by name.
#[derive(Clone, Debug, Default)]
pub struct Upstreams(pub BTreeMap<String, Upstream>);

/// One upstream, and what may be asked of it.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Where it is; its path ends with a slash.
    pub base: Url,
    /// The methods that go through.
    pub methods: Vec<Method>,
    /// The paths that go through, below the base; a `*` at the end takes everything that begins so.
    pub paths: Vec<String>,
}

/// What goes to an upstream. Everything else stays here, cookies and what a browser claims about itself first of all.
const THERE: [HeaderName; 11] = [
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

/// What comes back.
const BACK: [HeaderName; 11] = [
    header::ACCEPT_RANGES,
    header::CACHE_CONTROL,
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
    /// Where a call for this path goes, if it may. The path is as the browser sent it, undecoded.
    pub fn target(&self, method: &Method, path: &str, query: Option<&str>) -> Option<Url> {
        let allowed = self.methods.contains(method) && is_straight(path) && self.takes(path);
        let mut target = allowed.then(|| self.base.join(path).ok()).flatten()?;
        target.set_query(query);
        let inside = target.origin() == self.base.origin() && target.path().starts_with(self.base.path());
        inside.then_some(target)
    }

    fn takes(&self, path: &str) -> bool {
        self.paths.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == pattern,
        })
    }
}

/// Whether every part of a path means what it says: nothing leads up, and nothing hides a separator.
fn is_straight(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let hidden = ["%2e", "%2f", "%5c", "%00", "%25", "\\", "//", ":", "@"];
    !path.starts_with('/')
        && path.bytes().all(|byte| byte.is_ascii_graphic())
        && !hidden.iter().any(|hidden| lower.contains(hidden))
        && path.split('/').all(|part| part != "." && part != "..")
}

/// The headers of a call that go to the upstream.
pub fn there(headers: &HeaderMap, access_token: &str) -> Option<HeaderMap> {
    let mut sent = only(headers, &THERE);
    let mut bearer = HeaderValue::from_str(&format!("Bearer {access_token}")).ok()?;
    bearer.set_sensitive(true);
    sent.insert(header::AUTHORIZATION, bearer);
    Some(sent)
}

/// The headers of an answer that go to the browser.
pub fn back(headers: &HeaderMap) -> HeaderMap {
    only(headers, &BACK)
}

fn only(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let passed = headers.iter().filter(|(name, _)| names.contains(name));
    passed.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Upstream, back, there};
    use http::{HeaderMap, Method, header};

    fn upstream() -> Upstream {
        Upstream {
            base: "https://api.example.com/v1/".parse().unwrap(),
            methods: vec![Method::GET],
            paths: vec!["orders".to_owned(), "orders/*".to_owned()],
        }
    }

    #[test]
    fn sec_54_only_listed_methods_and_paths_go_through() {
        let target = |method, path| upstream().target(&method, path, None).map(String::from);
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
        assert_eq!(query.as_str(), "https://api.example.com/v1/orders?page=2&x=%2e");
    }

    #[test]
    fn sec_55_a_browser_sends_neither_cookies_nor_claims_and_gets_no_cookie() {
        let mut headers = HeaderMap::new();
        for name in
            ["cookie", "authorization", "x-forwarded-for", "connection", "host", "x-csrf", "te", "accept"]
        {
            headers.insert(name, "x".parse().unwrap());
        }
        let sent = there(&headers, "token").unwrap();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[header::AUTHORIZATION], "Bearer token");
        assert!(sent[header::AUTHORIZATION].is_sensitive());

        headers.clear();
        for name in
            ["set-cookie", "server", "transfer-encoding", "content-security-policy", "location", "etag"]
        {
            headers.insert(name, "x".parse().unwrap());
        }
        assert_eq!(back(&headers).len(), 1);
    }
}
