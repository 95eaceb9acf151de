//! Request targets: paths, queries, sizes, and who may load a file.

use crate::scene::{Browser, HOST, server};
use axum::body::Body;
use http::{Method, StatusCode, header};

/// A server whose org is never called.
async fn alone() -> Browser {
    Browser::of(&server("http://localhost:9/oauth2/default", &[], None).await)
}

#[tokio::test]
async fn a_path_below_api_must_match_exactly() {
    let browser = alone().await;
    for path in [
        "/api",
        "/api/",
        "/api/session/",
        "/api/Session",
        "/api//session",
        "/api/./session",
        "/api/%73ession",
    ] {
        assert_eq!(browser.get(path).await.problem(), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn an_invalid_touch_parameter_is_refused_and_unknown_parameters_are_ignored() {
    let browser = alone().await;
    for query in ["", "?touch=0", "?touch=1", "?other=1", "?%ff%00=%"] {
        let answer = browser.get(&format!("/api/session{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
    }
    for query in ["?touch=2", "?touch=", "?touch=yes", "?touch=01", "?touch=0&touch=1"] {
        let answer = browser.get(&format!("/api/session{query}")).await;
        assert_eq!(answer.problem(), (400, "invalid_request".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn sec_91_too_long_request_targets_and_headers_are_refused() {
    let browser = alone().await;
    for path in ["/login/callback", "/api/session"] {
        assert_eq!(browser.get(&format!("{path}?q={}", "q".repeat(4000))).await.status, StatusCode::OK);
        let answer = browser.get(&format!("{path}?q={}", "q".repeat(4096))).await;
        assert_eq!(answer.problem(), (400, "invalid_request".to_owned()), "{path}");
        let heavy = |bytes: usize| browser.request(Method::GET, path).header("x-heavy", "h".repeat(bytes));
        let taken = browser.send(heavy(30 * 1024).body(Body::empty()).unwrap()).await;
        assert_eq!(taken.status, StatusCode::OK, "{path}");
        let answer = browser.send(heavy(32 * 1024).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), (400, "invalid_request".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn sec_45_only_pages_of_listed_origins_may_load_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("latchkey.js"), "plain").unwrap();
    let settings = [
        ("LATCHKEY_PUBLIC_URL", "https://login.example.com"),
        ("LATCHKEY_ALLOWED_ORIGINS", "https://app.example.com"),
        ("LATCHKEY_ASSETS", folder.path().to_str().unwrap()),
    ];
    let browser = Browser::of(&server("http://localhost:9/oauth2/default", &settings, None).await);
    for (origin, expected) in
        [("https://app.example.com", Some("https://app.example.com")), ("https://other.example.com", None)]
    {
        let request = browser.request(Method::GET, "/latchkey.js").header(header::ORIGIN, origin);
        let file = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(file.status, StatusCode::OK);
        let allowed = file.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allowed.map(|origin| origin.to_str().unwrap()), expected);
    }
}

#[tokio::test]
async fn an_empty_transaction_header_counts_as_none() {
    let browser = alone().await;
    let request = browser.request(Method::GET, "/api/idx").header("x-transaction", "");
    let answer = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_compressed_body_is_refused_with_the_reason() {
    let browser = alone().await;
    let request =
        browser.request(Method::POST, "/api/logout").header(header::CONTENT_TYPE, "application/json");
    let request =
        request.header(header::CONTENT_ENCODING, "gzip").header(header::ORIGIN, format!("http://{HOST}"));
    let answer = browser.send(request.body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.problem(), (415, "unsupported_media_type".to_owned()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("compressed"));
}
