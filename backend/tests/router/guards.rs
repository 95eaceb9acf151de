//! The checks before every route: hosts, origins, bodies and headers.

use crate::scene::{Answer, Browser, HOST, Scene, server};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::json;
use std::collections::BTreeSet;

/// Every route with its methods.
const ROUTES: [(&str, &str); 14] = [
    ("GET", "/api/idx"),
    ("POST", "/api/idx/authenticate"),
    ("POST", "/api/idx/register"),
    ("POST", "/api/idx/recover-password"),
    ("POST", "/api/idx/unlock-account"),
    ("POST", "/api/idx/proceed"),
    ("POST", "/api/idx/poll"),
    ("POST", "/api/idx/cancel"),
    ("POST", "/api/idx/captcha"),
    ("POST", "/api/idx/callback"),
    ("GET", "/api/session"),
    ("GET", "/api/userinfo"),
    ("POST", "/api/logout"),
    ("GET", "/api/nothing"),
];

/// Routes with a parameter or with several methods.
const OTHERS: [(&str, &str); 4] = [
    ("GET", "/api/sessions"),
    ("DELETE", "/api/sessions"),
    ("DELETE", "/api/sessions/0123456789abcdef01234567"),
    ("PUT", "/api/proxy/orders/7"),
];

/// The content security policy of every response.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// A server whose org is never called.
async fn alone() -> Browser {
    Browser::of(&server("http://localhost:9/oauth2/default", &[], None).await)
}

async fn send(browser: &Browser, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn sec_30_a_call_without_the_header_is_refused_everywhere() {
    let browser = alone().await;
    for (method, path) in ROUTES.into_iter().chain(OTHERS) {
        for headers in [
            &[("host", HOST), ("sec-fetch-site", "same-origin")][..],
            &[("host", HOST), ("sec-fetch-site", "same-origin"), ("x-csrf", "0")],
            &[("host", HOST), ("sec-fetch-site", "cross-site"), ("x-csrf", "1")],
            &[("host", HOST), ("origin", "https://evil.example"), ("x-csrf", "1")],
            &[("host", HOST), ("origin", "null"), ("x-csrf", "1")],
        ] {
            let answer = send(&browser, method, path, headers, "{}").await;
            assert_eq!(answer.problem(), (403, "csrf".to_owned()), "{method} {path} {headers:?}");
            assert!(!answer.headers.contains_key(header::SET_COOKIE));
            assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        }
    }
    let neither = [("host", HOST), ("x-csrf", "1")];
    let answer = send(&browser, "POST", "/api/logout", &neither, "{}").await;
    assert_eq!(answer.problem(), (403, "csrf".to_owned()));
    assert_eq!(send(&browser, "GET", "/api/session", &neither, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sec_31_without_fetch_metadata_our_own_origin_is_accepted() {
    let browser = alone().await;
    let headers = [
        ("host", HOST),
        ("origin", "http://localhost:8080"),
        ("x-csrf", "1"),
        ("content-type", "application/json"),
    ];
    assert_eq!(send(&browser, "POST", "/api/logout", &headers, "{}").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sec_36_another_host_is_refused_before_anything_else() {
    let browser = alone().await;
    for host in ["evil.example", "localhost", "localhost:80", "127.0.0.1:8080", "localhost:8080.evil.example"]
    {
        for path in ["/", "/login", "/api/session", "/login/callback", "/app.js"] {
            let answer = send(&browser, "GET", path, &[("host", host), ("x-csrf", "1")], "").await;
            assert_eq!(answer.problem(), (421, "wrong_host".to_owned()), "{host} {path}");
        }
        assert_eq!(send(&browser, "GET", "/healthz", &[("host", host)], "").await.status, StatusCode::OK);
    }
    let whole =
        send(&browser, "GET", "http://evil.example/api/session", &[("host", HOST), ("x-csrf", "1")], "");
    assert_eq!(whole.await.problem(), (421, "wrong_host".to_owned()), "the request target has a host, too");
}

#[tokio::test]
async fn sec_33_only_listed_origins_get_cors_headers() {
    let settings = [
        ("LATCHKEY_PUBLIC_URL", "https://login.example.com"),
        ("LATCHKEY_ALLOWED_ORIGINS", "https://app.example.com"),
    ];
    let browser = Browser::of(&server("http://localhost:9/oauth2/default", &settings, None).await);
    let from =
        |origin| [("host", HOST), ("origin", origin), ("sec-fetch-site", "same-site"), ("x-csrf", "1")];
    let answer = send(&browser, "GET", "/api/session", &from("https://app.example.com"), "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
    assert_eq!(answer.headers[header::VARY], "origin, sec-fetch-site");
    for origin in [
        "https://app.example.com.evil.com",
        "https://evilapp.example.com",
        "http://app.example.com",
        "https://app.example.com:444",
        "https://APP.example.com",
        "https://app.example.com.",
        "https://other.example.com",
        "null",
    ] {
        let answer = send(&browser, "GET", "/api/session", &from(origin), "").await;
        assert_eq!(answer.problem(), (403, "csrf".to_owned()), "{origin}");
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{origin}");
        let asking = [("host", HOST), ("origin", origin), ("access-control-request-method", "POST")];
        let answer = send(&browser, "OPTIONS", "/api/session", &asking, "").await;
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{origin}");
    }
    let asking =
        [("host", HOST), ("origin", "https://app.example.com"), ("access-control-request-method", "POST")];
    let answer = send(&browser, "OPTIONS", "/api/logout", &asking, "").await;
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_METHODS], "GET, POST, DELETE");
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "content-type, x-csrf, x-transaction");
    let proxied = send(&browser, "OPTIONS", "/api/proxy/orders/7", &asking, "").await;
    let allowed = |name| proxied.headers[name].to_str().unwrap().split(", ").collect::<Vec<_>>();
    assert!(
        allowed(header::ACCESS_CONTROL_ALLOW_METHODS).contains(&"PUT"),
        "an upstream takes more: {proxied:?}"
    );
    assert!(allowed(header::ACCESS_CONTROL_ALLOW_HEADERS).contains(&"if-match"), "{proxied:?}");
    let proxied = send(&browser, "GET", "/api/proxy/orders/7", &from("https://app.example.com"), "").await;
    assert!(proxied.headers[header::ACCESS_CONTROL_EXPOSE_HEADERS].to_str().unwrap().contains("etag"));
    let own = send(&browser, "GET", "/api/session", &from("https://app.example.com"), "").await;
    assert!(!own.headers.contains_key(header::ACCESS_CONTROL_EXPOSE_HEADERS));
}

#[tokio::test]
async fn sec_32_other_methods_are_refused_with_the_allowed_ones() {
    let browser = alone().await;
    for (right, path) in ROUTES.into_iter().filter(|(_, path)| *path != "/api/nothing") {
        for wrong in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            if wrong == right {
                continue;
            }
            let answer = browser
                .send(browser.request(wrong.parse().unwrap(), path).body(Body::empty()).unwrap())
                .await;
            assert_eq!(answer.problem(), (405, "method_not_allowed".to_owned()), "{wrong} {path}");
            assert!(answer.headers[header::ALLOW].to_str().unwrap().contains(right), "{wrong} {path}");
        }
    }
    for page in ["/", "/login", "/healthz", "/login/callback"] {
        let posted = browser.send(browser.request(Method::POST, page).body(Body::empty()).unwrap()).await;
        assert_eq!(posted.problem(), (405, "method_not_allowed".to_owned()), "{page}");
        assert_eq!(posted.headers[header::ALLOW], "GET,HEAD", "{page}");
    }
    for (_, path) in ROUTES.into_iter().filter(|(right, _)| *right == "POST") {
        for wrong in [Method::HEAD, Method::OPTIONS] {
            let answer = browser.send(browser.request(wrong, path).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
    }
    let head = browser.request(Method::HEAD, "/api/session").body(Body::empty()).unwrap();
    assert_eq!(browser.send(head).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sec_90_to_93_an_invalid_body_gets_a_clear_problem() {
    let browser = alone().await;
    let post = async |kind: &str, body: Vec<u8>| {
        let request =
            browser.request(Method::POST, "/api/idx/authenticate").header(header::CONTENT_TYPE, kind);
        browser.send(request.body(Body::from(body)).unwrap()).await.problem()
    };
    let json = "application/json";
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonp"]
    {
        assert_eq!(post(kind, b"{}".to_vec()).await, (415, "unsupported_media_type".to_owned()), "{kind}");
    }
    assert_eq!(post("application/json; charset=latin1", b"{}".to_vec()).await.0, 415);
    assert_eq!(post(json, vec![b' '; 17 * 1024]).await, (413, "too_large".to_owned()));
    let deep = [b"{\"a\":".to_vec(), b"[".repeat(5000), b"]".repeat(5000), b"}".to_vec()].concat();
    for body in [
        b"".to_vec(),
        b"[]".to_vec(),
        b"{\"username\":1}".to_vec(),
        b"{\"username\":{}}".to_vec(),
        b"{\"username\":null}".to_vec(),
        b"{\"username\":\"a\",\"username\":\"b\"}".to_vec(),
        b"{\"username\":\"\xff\"}".to_vec(),
        b"{\"username\":\"\\ud800\"}".to_vec(),
        b"{\"skip\":\"yes\"}".to_vec(),
        deep,
    ] {
        let shown = String::from_utf8_lossy(&body).chars().take(40).collect::<String>();
        assert_eq!(post(json, body).await, (400, "invalid_request".to_owned()), "{shown}");
    }
}

#[tokio::test]
async fn sec_93_an_unknown_field_is_named_and_no_flow_begins() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let answer = browser.post("/api/idx/authenticate", json!({"favouriteColour": "blue"})).await;
    assert_eq!(answer.problem(), (400, "invalid_request".to_owned()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("favouriteColour"));
    assert!(browser.held().is_none());
    browser.begin(json!({})).await;
    let answer = browser.post("/api/idx/proceed", json!({"favouriteColour": "blue"})).await;
    assert_eq!(answer.problem(), (400, "invalid_request".to_owned()));
    assert_eq!(browser.get("/api/idx").await.json()["nextStep"]["name"], "identify", "nothing is lost");
}

const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn sec_46_every_response_has_the_security_headers_errors_too() {
    let browser = alone().await;
    let answers = [
        browser.get("/login").await,
        browser.get("/none.js").await,
        browser.get("/healthz").await,
        browser.get("/login/callback?otp=1&state=2").await,
        browser.get("/login/callback.js").await,
        browser.get("/api/session").await,
        browser.get("/api/none").await,
        browser.post("/api/idx/proceed", json!({})).await,
        browser.post("/api/idx/authenticate", json!([])).await,
        browser.post("/api/idx/authenticate", json!({"username": "x".repeat(20_000)})).await,
        browser.post("/login", json!({})).await,
        send(&browser, "POST", "/api/logout", &[("host", HOST), ("x-csrf", "1"), OURS], "").await,
        send(&browser, "GET", "/", &[("host", "evil.example")], "").await,
        send(&browser, "POST", "/api/logout", &[("host", HOST)], "").await,
    ];
    let statuses: BTreeSet<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [200, 400, 403, 404, 405, 413, 415, 421]);
    for answer in answers {
        let text = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(text("content-security-policy"), POLICY, "{answer:?}");
        assert_eq!(text("cache-control"), "no-store", "{answer:?}");
        assert_eq!(text("x-content-type-options"), "nosniff");
        assert_eq!(text("x-frame-options"), "DENY");
        assert_eq!(text("referrer-policy"), "no-referrer");
        assert_eq!(text("cross-origin-opener-policy"), "same-origin");
        assert_eq!(text("cross-origin-resource-policy"), "same-origin");
        assert!(text("strict-transport-security").starts_with("max-age=63072000"));
        assert!(text("permissions-policy").contains("publickey-credentials-get=(self)"));
        assert!(!answer.headers.contains_key(header::SERVER) && !answer.headers.contains_key("x-powered-by"));
    }
}

#[tokio::test]
async fn a_missing_file_is_a_problem_and_a_route_of_the_client_is_its_page() {
    let folder = std::env::temp_dir().join(format!("latchkey-assets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "<title>Sign In</title>").unwrap();
    std::fs::write(folder.join("app-0a1b2c3d.js"), "plain").unwrap();
    std::fs::write(folder.join("app-0a1b2c3d.js.br"), "small").unwrap();
    std::fs::create_dir_all(folder.join("text")).unwrap();
    std::fs::write(folder.join("text/pt-BR.json"), "{}").unwrap();
    let settings = [("LATCHKEY_ASSETS", folder.to_str().unwrap())];
    let browser = Browser::of(&server("http://localhost:9/oauth2/default", &settings, None).await);
    for route in
        ["/", "/login", "/challenge-authenticator/okta_email/poll", "/step/anything", "/step/with.dot"]
    {
        let answer = browser.get(route).await;
        assert_eq!(answer.status, StatusCode::OK, "{route}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
    let plain = browser.get("/app-0a1b2c3d.js").await;
    assert_eq!(&plain.body[..], b"plain");
    assert_eq!(plain.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    let request =
        browser.request(Method::GET, "/app-0a1b2c3d.js").header(header::ACCEPT_ENCODING, "gzip, br");
    let small = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(&small.body[..], b"small");
    assert_eq!(small.headers[header::CONTENT_ENCODING], "br");
    assert_eq!(small.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    let words = browser.get("/text/pt-BR.json").await;
    assert_eq!(words.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(words.headers[header::CACHE_CONTROL], "public, max-age=3600");
    for unknown in ["/no-such-page", "/login/none", "/index.html"] {
        let answer = browser.get(unknown).await;
        assert_eq!(
            (answer.status, &answer.body[..]),
            (StatusCode::NOT_FOUND, &b"<title>Sign In</title>"[..]),
            "{unknown}"
        );
    }
    let opened = browser.request(Method::GET, "/none.html").header(header::ACCEPT, "text/html,*/*;q=0.8");
    let opened = browser.send(opened.body(Body::empty()).unwrap()).await;
    assert_eq!((opened.status, &opened.body[..]), (StatusCode::NOT_FOUND, &b"<title>Sign In</title>"[..]));
    assert_eq!(browser.get("/none.js").await.problem(), (404, "not_found".to_owned()));
    assert_eq!(browser.get("/..%2fCargo.toml").await.problem(), (404, "not_found".to_owned()));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_description_of_the_api_needs_no_header_and_no_session() {
    let headers = [("host", HOST), ("sec-fetch-site", "cross-site")];
    let answer = send(&alone().await, "GET", "/api/openapi.json", &headers, "").await;
    assert_eq!((answer.status, &answer.json()["openapi"]), (StatusCode::OK, &json!("3.1.0")));
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn the_described_calls_exist_and_no_others() {
    let browser = alone().await;
    let document = browser.get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    for (path, calls) in paths {
        for method in calls.as_object().unwrap().keys() {
            let request = browser.request(method.to_uppercase().parse().unwrap(), &path.replace("{id}", "0"));
            let request =
                request.header(header::CONTENT_TYPE, "application/json").body(Body::from("{}")).unwrap();
            let answer = browser.send(request).await;
            let described = calls[method]["responses"].as_object().unwrap();
            assert!(described.contains_key(answer.status.as_str()), "{method} {path}: {answer:?}");
        }
    }
    for (method, path) in ROUTES.into_iter().filter(|(_, path)| *path != "/api/nothing") {
        assert!(paths[path].get(method.to_lowercase()).is_some(), "{method} {path}");
    }
}

#[tokio::test]
async fn sec_35_no_request_chooses_a_redirect_target() {
    let browser = alone().await;
    let elsewhere = [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "/%2f%2fevil.example",
        "%09//evil.example",
        "javascript:alert(1)",
        "https://localhost:8080@evil.example",
        "\u{ff0f}\u{ff0f}evil.example",
    ];
    for path in [
        "/",
        "/login",
        "/login/callback",
        "/login/redirect/a.0/b",
        "/login/redirect/a.0/https:%2f%2fevil.example",
    ] {
        for target in elsewhere {
            let target: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
            for name in ["next", "return", "returnTo", "return_to", "redirect_uri", "fromURI", "state", "otp"]
            {
                let answer = browser.get(&format!("{path}?{name}={target}")).await;
                assert!(!answer.headers.contains_key(header::LOCATION), "{path} {name} {target}");
                assert!(!answer.status.is_redirection());
            }
        }
    }
    let script = browser.get("/login/callback.js").await;
    let script = String::from_utf8_lossy(&script.body).into_owned();
    // The address of the next step is the server's, which has checked it.
    let allowed = ["location.replace(\"/\")", "location.replace(result.nextStep?.href ?? \"/\")"];
    let count = |text: &str| script.matches(text).count();
    assert_eq!(count("location.replace("), allowed.into_iter().map(count).sum::<usize>());
}
