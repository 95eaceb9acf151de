//! The first form in the page, which people see before the client program has started.

use crate::scene::{Answer, Browser, MARY, PASSWORD, Scene};
use axum::body::Body;
use http::{Method, header};
use latchkey_devorg::Options;
use serde_json::json;
use std::fs;

const PAGE: &str = "<main>name{{#password}} password{{/password}}{{#rememberMe}} keep{{/rememberMe}}\
    {{#or}} or{{/or}}{{#links}}{{#register}} new{{/register}}{{/links}}</main>";

async fn scene() -> (tempfile::TempDir, Scene) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), PAGE).unwrap();
    let assets = folder.path().to_str().unwrap().to_owned();
    let scene = Scene::with(Options::default(), &[("LATCHKEY_ASSETS", &assets)]).await;
    (folder, scene)
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

async fn page(browser: &Browser, path: &str) -> String {
    text(&browser.get(path).await).to_owned()
}

#[tokio::test]
async fn the_page_has_the_form_that_the_org_last_sent_and_nothing_about_the_person() {
    let (_folder, scene) = scene().await;
    let mut browser = scene.browser();
    assert_eq!(page(&browser, "/").await, "<main>name</main>");
    browser.begin(json!({})).await;
    browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    for path in ["/", "/login", "/index.html"] {
        assert_eq!(page(&scene.browser(), path).await, "<main>name password keep or new</main>", "{path}");
    }
}

#[tokio::test]
async fn a_flow_with_options_of_its_own_does_not_change_the_page() {
    let (_folder, scene) = scene().await;
    for options in
        [json!({"loginHint": MARY}), json!({"acrValues": "urn:okta:loa:1fa:any"}), json!({"maxAge": 0})]
    {
        scene.browser().begin(options).await;
        assert_eq!(page(&scene.browser(), "/").await, "<main>name</main>");
    }
}

#[tokio::test]
async fn the_page_is_compressed_for_browsers_that_take_it() {
    let (_folder, scene) = scene().await;
    let browser = scene.browser();
    let request = browser.request(Method::GET, "/").header(header::ACCEPT_ENCODING, "gzip, deflate, br");
    let packed = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(packed.headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(packed.headers[header::VARY], "accept-encoding");
    assert_eq!(packed.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(packed.body.starts_with(&[0x1f, 0x8b]), "gzip");
    let plain = browser.get("/").await;
    assert!(!plain.headers.contains_key(header::CONTENT_ENCODING));
}
