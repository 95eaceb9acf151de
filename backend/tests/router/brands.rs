//! The operator's brand, set in the configuration file and served at run time.

use crate::scene::{Browser, server};
use http::{StatusCode, header};
use std::fs;

const ISSUER: &str = "http://localhost:9/oauth2/default";
const PAGE: &str = "<!doctype html><html><head><title>Sign In</title><link rel=\"stylesheet\" href=\"/main.css\"></head><body>\
    <header class=\"mast\"><svg></svg><span>Latchkey</span></header><main></main></body></html>";

/// A server with a built client, and this at the end of its configuration file.
async fn branded(brand: &str) -> (tempfile::TempDir, Browser) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("text")).unwrap();
    fs::write(folder.path().join("index.html"), PAGE).unwrap();
    fs::write(folder.path().join("text/de.json"), "{\"Sign In\":\"Anmelden\",\"Next\":\"Weiter\"}").unwrap();
    fs::write(folder.path().join("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    let file = format!(
        "assets = {:?}\n{}",
        folder.path(),
        brand.replace("LOGO", folder.path().join("logo.svg").to_str().unwrap())
    );
    let browser = Browser::of(&server(ISSUER, &[], Some(&file)).await);
    (folder, browser)
}

fn text(answer: &crate::scene::Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

#[tokio::test]
async fn a_brand_is_on_the_sign_in_page_on_the_callback_page_and_in_the_texts() {
    let brand = "[brand]\nname = \"ACME\"\nlogo = \"LOGO\"\nlinks = [{ text = \"Help\", href = \"/help\" }]\n\
        [brand.tokens]\naccent = { light = \"#0b5cad\", dark = \"#7cbcff\" }\n[brand.text.de]\n\"Sign In\" = \"Bei ACME anmelden\"\n\
        [brand.text.en]\n\"Sign In\" = \"Sign in to ACME\"\n";
    let (_folder, browser) = branded(brand).await;
    for path in ["/", "/login", "/register", "/login/callback", "/login/window"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let page = text(&page);
        assert!(page.contains("<span>ACME</span>") && page.contains("/brand/logo.svg"), "{path}: {page}");
        assert!(page.contains("href=\"/brand.css\"></head>") && page.contains(">Help</a>"), "{path}: {page}");
    }
    let sheet = browser.get("/brand.css").await;
    assert_eq!(sheet.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(text(&sheet).contains("--accent: var(--light, #0b5cad)"), "{sheet:?}");
    let logo = browser.get("/brand/logo.svg").await;
    assert_eq!(logo.headers[header::CONTENT_TYPE], "image/svg+xml");
    assert!(
        logo.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'")
    );
    let json = browser.get("/brand.json").await.json();
    assert_eq!((json["name"].as_str(), json["logo"].as_str()), (Some("ACME"), Some("/brand/logo.svg")));
    assert_eq!(json["links"][0]["href"], "/help");
    let english = browser.get("/text/en.json").await.json();
    assert_eq!(english, serde_json::json!({"Sign In": "Sign in to ACME"}));
    let german = browser.get("/text/de.json").await.json();
    assert_eq!(
        (german["Sign In"].as_str(), german["Next"].as_str()),
        (Some("Bei ACME anmelden"), Some("Weiter"))
    );
}

#[tokio::test]
async fn without_a_brand_pages_are_served_as_they_were_built() {
    let (_folder, browser) = branded("").await;
    assert_eq!(text(&browser.get("/login").await), PAGE);
    assert!(text(&browser.get("/login/callback").await).contains("<span>Latchkey</span>"));
    assert_eq!(browser.get("/brand/logo.svg").await.problem(), (404, "not_found".to_owned()));
    assert_eq!(browser.get("/text/en.json").await.problem(), (404, "not_found".to_owned()));
}
