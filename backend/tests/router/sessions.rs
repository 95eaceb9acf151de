//! Sessions: the handle changes at each sign-in, sessions end in time and do not come back.

use crate::scene::{Browser, Failing, Lasting, MARY, SESSION_COOKIE, Scene, server, taken, wait_until};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey_devorg::Options;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn sec_15_to_17_the_session_handle_from_before_a_sign_in_opens_nothing_after_it() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let before = browser.twin();
    let code = scene.org.code(MARY).unwrap();
    browser.proceed(json!({"verificationCode": code})).await;
    assert!(browser.is_signed_in().await);
    for path in ["/api/session", "/api/userinfo", "/api/idx"] {
        let answer = before.get(path).await;
        assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()), "{path}");
        assert!(
            !answer.headers.contains_key(header::SET_COOKIE),
            "SEC-17: {path} must not touch the new cookie"
        );
    }
    let answer = before.post("/api/idx/proceed", json!({"verificationCode": "1"})).await;
    assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()));
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn sec_16_a_slow_call_does_not_restore_the_old_session_handle() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    let mut other_tab = browser.clone();
    other_tab.begin(json!({})).await;
    let slow = json!({"path": "/idp/idx/identify", "times": 1, "kind": "delay", "ms": 1500});
    scene.org.faults(&slow).unwrap();
    let before = other_tab.twin();
    let held_back = tokio::spawn({
        let before = before.clone();
        async move { before.post("/api/idx/proceed", json!({"username": MARY, "password": "wrong"})).await }
    });
    while !scene
        .org
        .journal()
        .iter()
        .any(|call| call.path == "/idp/idx/challenge/answer" && call.status == 200)
    {
        browser.proceed(json!({"verificationCode": code})).await;
    }
    let answer = held_back.await.unwrap();
    assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()));
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    assert_eq!(before.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_signed_out_session_does_not_come_back() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let before = browser.twin();
    let answer = browser.post("/api/logout", json!({})).await;
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert_eq!(set, format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
    assert_eq!(before.get("/api/session").await.json(), json!({"authenticated": false}));
    assert_eq!(before.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(
        before.post("/api/logout", json!({})).await.status,
        StatusCode::OK,
        "signing out twice is allowed"
    );
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sec_204_a_sign_out_with_an_old_session_handle_ends_the_moved_session() {
    for signed_in_again in [false, true] {
        let scene = Scene::new().await;
        let mut browser = scene.browser();
        browser.until_code().await;
        let before = browser.twin();
        let code = scene.org.code(MARY).unwrap();
        browser.proceed(json!({"verificationCode": code})).await;
        if signed_in_again {
            browser.sign_in(&scene.org).await;
        }
        let revoked = || taken(&scene.org, "/v1/revoke");
        let given_up = if signed_in_again { 2 } else { 0 };
        wait_until(async || revoked() == given_up).await;
        let answer = before.post("/api/logout", json!({})).await;
        assert_eq!((answer.status, &answer.json()["authenticated"]), (StatusCode::OK, &json!(false)));
        assert_eq!(browser.get("/api/session").await.json(), json!({"authenticated": false}));
        wait_until(async || revoked() == given_up + 1).await;
    }
}

#[tokio::test]
async fn sec_208_a_session_is_in_the_index_and_can_be_ended_even_if_later_writes_fail() {
    let store = Lasting::new();
    let scene = Scene::with(Options::default(), &store.settings()).await;
    let mut browser = scene.browser();
    browser.until_code().await;
    store.fail(&Failing::AllAfterAMove);
    let code = scene.org.code(MARY).unwrap();
    browser.proceed(json!({"verificationCode": code})).await;
    store.recover();
    let sessions = browser.get("/api/sessions").await.json()["sessions"].clone();
    assert_eq!(sessions.as_array().unwrap().len(), 1);
    let path = format!("/api/sessions/{}", sessions[0]["id"].as_str().unwrap());
    let request = browser.request(Method::DELETE, &path).body(Body::empty()).unwrap();
    assert_eq!(browser.send(request).await.status, StatusCode::NO_CONTENT);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn sec_70_a_sign_out_revokes_the_tokens_and_works_without_the_org() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    let revocations = || {
        scene
            .org
            .journal()
            .iter()
            .filter(|call| call.path.ends_with("/v1/revoke") && call.status == 200)
            .count()
    };
    wait_until(async || revocations() == 2).await;

    browser.sign_in(&scene.org).await;
    scene.org.faults(&json!({"path": "/oauth2/*", "kind": "reset"})).unwrap();
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    assert!(browser.held().is_none());
}

#[tokio::test]
async fn sec_18_a_session_ends_after_its_idle_and_its_absolute_lifetime() {
    let settings = [("LATCHKEY_IDLE", "1s"), ("LATCHKEY_ABSOLUTE", "3s")];
    let scene = Scene::with(Options::default(), &settings).await;
    let (mut quiet, mut watched, mut busy) = (scene.browser(), scene.browser(), scene.browser());
    for browser in [&mut quiet, &mut watched, &mut busy] {
        browser.sign_in(&scene.org).await;
    }
    let began = Instant::now();
    let looks = async || watched.get("/api/session?touch=0").await.json()["authenticated"] == true;
    assert!(looks().await);
    let mut has_looked_in_vain = false;
    while busy.is_signed_in().await {
        if began.elapsed() < Duration::from_millis(1500) {
            looks().await;
        } else if !has_looked_in_vain {
            assert!(!quiet.is_signed_in().await, "the idle lifetime ends it");
            assert_eq!(
                watched.get("/api/userinfo").await.status,
                401,
                "asking for the session does not extend it"
            );
            has_looked_in_vain = true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(began.elapsed() < Duration::from_secs(5), "SEC-18: the absolute lifetime");
    }
    assert!(has_looked_in_vain, "calls extend it beyond the idle lifetime: {:?}", began.elapsed());
}

#[tokio::test]
async fn sec_226_polls_do_not_extend_a_session() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_IDLE", "1s")]).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    browser.until_code().await;
    wait_until(async || browser.post("/api/idx/poll", json!({})).await.status != StatusCode::OK).await;
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn signing_in_again_changes_the_handle_and_revokes_the_old_tokens() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let before = browser.twin();
    browser.sign_in(&scene.org).await;
    assert_ne!(browser.held(), before.held());
    assert_eq!(before.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
    wait_until(async || scene.org.journal().iter().any(|call| call.path.ends_with("/v1/revoke"))).await;
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn sec_34_only_the_browser_that_began_a_flow_can_finish_it() {
    let scene = Scene::new().await;
    let mut attacker = scene.browser();
    attacker.until_code().await;
    let mut victim = scene.browser();
    victim.begin(json!({})).await;
    victim.transaction = attacker.transaction.clone();
    let code = scene.org.code(MARY).unwrap();
    let answer = victim.post("/api/idx/proceed", json!({"verificationCode": code})).await;
    assert_eq!(answer.problem(), (404, "no_transaction".to_owned()));
    assert!(!victim.is_signed_in().await);
}

#[tokio::test]
async fn rel_50_while_the_store_is_unreachable_cookies_stay_and_calls_get_retry_after() {
    let settings = [
        ("LATCHKEY_STORE", "redis://127.0.0.1:1"),
        ("LATCHKEY_KEYS", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
    ];
    let browser = Browser::of(&server("http://localhost:9/oauth2/default", &settings, None).await);
    *browser.cookie.lock().unwrap() = Some(format!("{SESSION_COOKIE}={}.{}", "A".repeat(22), "A".repeat(43)));
    let held = browser.held();
    let answers = [
        browser.get("/api/session").await,
        browser.get("/api/userinfo").await,
        browser.get("/api/idx").await,
        browser.post("/api/idx/proceed", json!({})).await,
        browser.post("/api/logout", json!({})).await,
        browser.get("/readyz").await,
    ];
    for answer in answers {
        assert_eq!(answer.problem(), (503, "store_unavailable".to_owned()));
        assert_eq!(answer.headers[header::RETRY_AFTER], "1");
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!(browser.held(), held);
    for path in ["/healthz", "/login"] {
        assert_ne!(browser.get(path).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path} needs no store");
    }
}
