//! Guesses at a person's password or code are counted together, in any spelling of the name and at every step.

use crate::scene::{Browser, DEVICE_COOKIE, MARY, PASSWORD, Scene};
use latchkey_devorg::Options;
use serde_json::{Value, json};

/// An app that asks for the username first and for a password or a code later.
const IDENTIFIER_FIRST: [(&str, &str); 3] = [
    ("LATCHKEY_CLIENT_ID", "guide-social"),
    ("LATCHKEY_CLIENT_SECRET", ""),
    ("LATCHKEY_LIMIT_IDENTIFIER", "3/60"),
];

/// A flow at the step that asks Mary for this authenticator. That counts as one attempt.
async fn asked_for(scene: &Scene, authenticator: &str) -> Browser {
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY})).await;
    let asked = browser.proceed(json!({"authenticator": authenticator})).await;
    assert_eq!(asked["nextStep"]["name"], "challenge-authenticator", "{asked}");
    browser
}

async fn is_refused(browser: &Browser, path: &str, answer: Value) {
    let refused = browser.post(path, answer.clone()).await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()), "{answer}");
}

#[tokio::test]
async fn sec_213_guesses_at_a_later_step_count_against_the_person_of_the_flow() {
    for (authenticator, wrong) in [
        ("okta_password", json!({"password": "wrong"})),
        ("okta_email", json!({"verificationCode": "000000"})),
    ] {
        let scene = Scene::with(Options::default(), &IDENTIFIER_FIRST).await;
        let mut browser = asked_for(&scene, authenticator).await;
        for _ in 0..2 {
            browser.proceed(wrong.clone()).await;
        }
        is_refused(&browser, "/api/idx/proceed", wrong).await;
        is_refused(&scene.browser(), "/api/idx/authenticate", json!({"username": MARY})).await;
    }
}

#[tokio::test]
async fn sec_213_another_name_in_the_answer_does_not_change_whom_a_guess_counts_against() {
    let scene = Scene::with(Options::default(), &IDENTIFIER_FIRST).await;
    let mut browser = asked_for(&scene, "okta_password").await;
    for name in ["john@example.com", "jane@example.com"] {
        browser.proceed(json!({"username": name, "password": "wrong"})).await;
    }
    let guess = json!({"username": "jim@example.com", "password": "wrong"});
    is_refused(&browser, "/api/idx/proceed", guess).await;
}

#[tokio::test]
async fn sec_213_all_spellings_of_a_name_are_counted_together() {
    let settings = [("LATCHKEY_LIMIT_IDENTIFIER", "3/60"), ("LATCHKEY_LOGIN_DOMAIN", "example.com")];
    let scene = Scene::with(Options::default(), &settings).await;
    let guess = |word: &str, name: &str| json!({word: name, "password": "wrong"});
    for (word, name) in
        [("username", "mary"), ("identifier", "MARY@example.com"), ("username", "\u{ff4d}ary")]
    {
        scene.browser().begin(guess(word, name)).await;
    }
    for (word, name) in [("username", "mary"), ("identifier", MARY), ("username", "Mary@Example.Com ")] {
        is_refused(&scene.browser(), "/api/idx/authenticate", guess(word, name)).await;
    }
}

#[tokio::test]
async fn sec_213_two_names_in_one_answer_are_refused() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let two = json!({"username": "john@example.com", "identifier": MARY, "password": "wrong"});
    let begun = browser.post("/api/idx/authenticate", two.clone()).await;
    assert_eq!(begun.problem(), (400, "invalid_request".to_owned()));
    browser.begin(json!({})).await;
    let answered = browser.post("/api/idx/proceed", two).await;
    assert_eq!(answered.problem(), (400, "invalid_request".to_owned()));
    assert!(answered.json()["detail"].as_str().unwrap().contains("one of them"));
}

#[tokio::test]
async fn sec_82_guesses_at_a_later_step_do_not_block_a_known_device() {
    let device = format!("{DEVICE_COOKIE}=0123456789abcdef0123456789abcdef");
    let scene = Scene::with(Options::default(), &IDENTIFIER_FIRST).await;
    let sign_in = async || {
        let mut browser = scene.browser();
        *browser.cookie.lock().unwrap() = Some(device.clone());
        browser.begin(json!({"username": MARY})).await;
        let session = browser.held().unwrap();
        *browser.cookie.lock().unwrap() = Some(format!("{session}; {device}"));
        browser.proceed(json!({"authenticator": "okta_password"})).await;
        browser.proceed(json!({"password": PASSWORD})).await
    };
    assert_eq!(sign_in().await["status"], "SUCCESS");
    let name = json!({"username": MARY});
    while scene.browser().post("/api/idx/authenticate", name.clone()).await.status.is_success() {}
    is_refused(&scene.browser(), "/api/idx/authenticate", name).await;
    assert_eq!(sign_in().await["status"], "SUCCESS");
}
