//! Failed sign-ins: no error after a token exchange leaves tokens valid.

use crate::scene::{
    Answer, Browser, Failing, Lasting, MARY, Scene, app, taken, until_faults_are_taken, wait_until,
};
use http::header;
use latchkey::{api, background::sweep};
use latchkey_devorg::{Options, Org};
use serde_json::json;
use std::time::{Duration, SystemTime};

const TOKEN: &str = "/oauth2/default/v1/token";
const REVOKE: &str = "/oauth2/default/v1/revoke";

/// Waits until both tokens of the failed exchange are revoked.
async fn both_are_revoked(org: &Org) {
    wait_until(async || taken(org, REVOKE) == 2).await;
}

/// Answers with the code, and returns while the slow token exchange is in progress.
async fn slow_exchange(org: &Org, browser: &Browser) -> tokio::task::JoinHandle<Answer> {
    org.faults(&json!({"path": TOKEN, "kind": "delay", "ms": 800, "times": 1})).unwrap();
    let (code, browser) = (org.code(MARY).unwrap(), browser.twin());
    let answer =
        tokio::spawn(
            async move { browser.post("/api/idx/proceed", json!({"verificationCode": code})).await },
        );
    until_faults_are_taken(org).await;
    answer
}

#[tokio::test]
async fn sec_203_tokens_are_revoked_if_the_id_token_fails_its_check() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let given = json!({
        "token_type": "Bearer", "access_token": "access", "refresh_token": "refresh", "expires_in": 3600,
        "id_token": "made.up.entirely",
    });
    let fault = json!({"path": TOKEN, "kind": "status", "status": 200, "body": given, "times": 1});
    scene.org.faults(&fault).unwrap();
    let code = scene.org.code(MARY).unwrap();
    let answer = browser.post("/api/idx/proceed", json!({"verificationCode": code})).await;
    assert!(!answer.status.is_success() && !answer.headers.contains_key(header::SET_COOKIE), "{answer:?}");
    both_are_revoked(&scene.org).await;
}

#[tokio::test]
async fn sec_203_two_tabs_at_the_last_step_end_with_one_session() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let mut later = browser.clone();
    later.until_code().await;
    let answer = slow_exchange(&scene.org, &later).await;
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    browser.proceed(json!({"verificationCode": code})).await;
    let answer = answer.await.unwrap();
    assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()));
    assert!(!answer.headers.contains_key(header::SET_COOKIE), "the session has moved");
    assert!(browser.is_signed_in().await);
    both_are_revoked(&scene.org).await;
    assert_eq!(browser.get("/api/sessions").await.json()["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn sec_203_tokens_that_arrive_after_the_sign_out_are_revoked() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let answer = slow_exchange(&scene.org, &browser).await;
    browser.post("/api/logout", json!({})).await;
    let answer = answer.await.unwrap();
    assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()));
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    both_are_revoked(&scene.org).await;
}

#[tokio::test]
async fn sec_203_if_the_store_does_not_move_the_session_no_cookie_is_sent_and_the_tokens_are_revoked() {
    for failing in [Failing::Moves, Failing::All] {
        let store = Lasting::new();
        let scene = Scene::with(Options::default(), &store.settings()).await;
        let mut browser = scene.browser();
        browser.until_code().await;
        let answer = slow_exchange(&scene.org, &browser).await;
        store.fail(&failing);
        let answer = answer.await.unwrap();
        assert_eq!(answer.problem(), (503, "store_unavailable".to_owned()));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        both_are_revoked(&scene.org).await;
    }
}

#[tokio::test]
async fn sec_203_tokens_are_revoked_later_if_store_and_org_are_both_unreachable() {
    let (org, store) = (Org::start(Options::default()).await.unwrap(), Lasting::new());
    let app = app(&org.issuer(), &store.settings(), None).await;
    let mut browser = Browser::of(&api::router(app.clone()));
    browser.until_code().await;
    let answer = slow_exchange(&org, &browser).await;
    store.fail(&Failing::All);
    org.faults(&json!([{"path": REVOKE, "kind": "status", "status": 503}])).unwrap();
    assert_eq!(answer.await.unwrap().problem(), (503, "store_unavailable".to_owned()));
    wait_until(async || org.journal().iter().any(|call| call.path == REVOKE && call.status == 503)).await;
    store.recover();
    org.faults(&json!([])).unwrap();
    let now = SystemTime::now();
    wait_until(async || {
        sweep(&app, now).await;
        sweep(&app, now + Duration::from_secs(60)).await;
        taken(&org, REVOKE) >= 1
    })
    .await;
}
