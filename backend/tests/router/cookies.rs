//! The cookies: over https, and over plain http on loopback.

use crate::scene::{Browser, DEVICE_COOKIE, MARY, PASSWORD, SESSION_COOKIE, Scene};
use http::header;
use serde_json::json;

/// The names of our cookies over https.
const HTTPS_SESSION_COOKIE: &str = "__Host-Http-sid";
const HTTPS_DEVICE_COOKIE: &str = "__Host-Http-dt";

/// The cookies that a first call sets: name and value, then the attributes.
async fn set_at_first(scene: &Scene) -> Vec<(String, String)> {
    let answer = scene.browser().post("/api/idx/authenticate", json!({})).await;
    let lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    lines.map(|line| line.split_once("; ").unwrap()).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

fn assert_cookies(set: &[(String, String)], session: &str, device: &str, attributes: &str) {
    let [(handle, of_session), (name, of_device)] = set else { panic!("{set:?}") };
    assert!(handle.starts_with(&format!("{session}=")) && handle.len() <= 100, "{handle}");
    assert_eq!(of_session, attributes);
    let value = name.strip_prefix(&format!("{device}=")).unwrap_or_else(|| panic!("SEC-85: {name}"));
    assert_eq!(value.len(), 32, "SEC-85: {name}");
    assert_eq!(*of_device, format!("{attributes}; Max-Age=31536000"));
}

#[tokio::test]
async fn sec_10_the_cookie_has_exactly_these_attributes() {
    let set = set_at_first(&Scene::over_https().await).await;
    let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict";
    assert_cookies(&set, HTTPS_SESSION_COOKIE, HTTPS_DEVICE_COOKIE, attributes);
}

#[tokio::test]
async fn sec_10_over_plain_http_on_loopback_only_secure_and_the_prefix_are_missing() {
    let set = set_at_first(&Scene::new().await).await;
    assert_cookies(&set, SESSION_COOKIE, DEVICE_COOKIE, "Path=/; HttpOnly; SameSite=Strict");
}

#[tokio::test]
async fn over_https_a_person_signs_in_and_out_and_the_cookie_is_removed() {
    let scene = Scene::over_https().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    assert!(browser.held().unwrap().starts_with(HTTPS_SESSION_COOKIE));
    let answer = browser.post("/api/logout", json!({})).await;
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert_eq!(set, format!("{HTTPS_SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"));
}

#[tokio::test]
async fn a_cookie_of_plain_http_opens_nothing_over_https_and_vice_versa() {
    for (scene, own, foreign) in [
        (Scene::over_https().await, HTTPS_SESSION_COOKIE, SESSION_COOKIE),
        (Scene::new().await, SESSION_COOKIE, HTTPS_SESSION_COOKIE),
    ] {
        let mut browser = scene.browser();
        browser.sign_in(&scene.org).await;
        assert!(browser.is_signed_in().await);
        let renamed = browser.held().unwrap().replace(own, foreign);
        *browser.cookie.lock().unwrap() = Some(renamed);
        assert!(!browser.is_signed_in().await, "{foreign}");
    }
}

#[tokio::test]
async fn sec_14_a_session_handle_that_the_server_did_not_issue_is_never_adopted() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let chosen = format!("{SESSION_COOKIE}={}.{}", "A".repeat(22), "A".repeat(43));
    *browser.cookie.lock().unwrap() = Some(chosen.clone());
    let answer = browser.get("/api/session").await;
    assert_eq!(answer.json()["authenticated"], false);
    assert!(!answer.headers.contains_key(header::SET_COOKIE), "SEC-13: an invalid cookie gets no new one");
    browser.begin(json!({})).await;
    assert_ne!(browser.held().unwrap(), chosen);
}

#[tokio::test]
async fn sec_12_a_second_session_cookie_is_refused() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let twice = format!("{0}; {0}", browser.held().unwrap());
    *browser.cookie.lock().unwrap() = Some(twice);
    assert_eq!(browser.get("/api/idx").await.problem(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_call_with_a_transaction_and_without_cookies_gets_no_cookie() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    *browser.cookie.lock().unwrap() = None;
    for path in ["/api/idx/proceed", "/api/idx/poll", "/api/idx/cancel"] {
        assert_eq!(browser.post(path, json!({})).await.problem(), (404, "no_cookie".to_owned()), "{path}");
    }
    assert_eq!(browser.get("/api/idx").await.problem(), (404, "no_cookie".to_owned()));
    browser.transaction = None;
    let unnamed = browser.post("/api/idx/proceed", json!({})).await;
    assert_eq!(unnamed.problem(), (404, "no_transaction".to_owned()), "this browser never got a cookie");
}

#[tokio::test]
async fn a_call_with_a_device_cookie_and_without_a_session_gets_no_transaction() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    *browser.cookie.lock().unwrap() = Some(format!("{DEVICE_COOKIE}={}", "a".repeat(32)));
    let answer = browser.post("/api/idx/proceed", json!({})).await;
    assert_eq!(answer.problem(), (404, "no_transaction".to_owned()));
}

/// Signs in with this choice in "Keep me signed in"; returns the attributes of the session cookie at the end.
async fn attributes_after_sign_in(scene: &Scene, browser: &mut Browser, choice: Option<bool>) -> String {
    let mut answer = json!({"username": MARY, "password": PASSWORD});
    if let Some(choice) = choice {
        answer["rememberMe"] = choice.into();
    }
    browser.begin(answer).await;
    browser.proceed(json!({"authenticator": "okta_email"})).await;
    let code = scene.org.code(MARY).unwrap();
    let end = browser.post("/api/idx/proceed", json!({"verificationCode": code})).await;
    assert_eq!(end.json()["status"], "SUCCESS");
    browser.transaction = None;
    let cookie = end.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    cookie.split_once("; ").unwrap().1.to_owned()
}

#[tokio::test]
async fn sec_10_only_a_person_who_chose_to_stay_signed_in_gets_a_cookie_that_outlives_the_browser() {
    let scene = Scene::new().await;
    let until_browser_ends = "Path=/; HttpOnly; SameSite=Strict";
    let until_session_ends = "Path=/; HttpOnly; SameSite=Strict; Max-Age=43200";
    for (choice, attributes) in
        [(None, until_browser_ends), (Some(false), until_browser_ends), (Some(true), until_session_ends)]
    {
        let mut browser = scene.browser();
        assert_eq!(attributes_after_sign_in(&scene, &mut browser, choice).await, attributes, "{choice:?}");
        assert!(browser.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_second_sign_in_of_the_same_person_keeps_the_choice_to_stay_signed_in() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    for (choice, outlives_browser) in [(Some(true), true), (None, true), (Some(false), false), (None, false)]
    {
        let attributes = attributes_after_sign_in(&scene, &mut browser, choice).await;
        assert_eq!(attributes.contains("Max-Age"), outlives_browser, "{choice:?}");
    }
}
