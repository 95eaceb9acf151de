//! The session: its name changes when trust rises, it ends when it should, and it does not come back.

use crate::scene::{MARY, Scene};
use http::{StatusCode, header};
use latchkey_devorg::Options;
use latchkey_idx::{Body, Http, Request, Transport, Verb};
use serde_json::json;
use std::time::Duration;
use url::Url;

#[tokio::test]
async fn sec_15_to_17_the_name_before_signing_in_is_worth_nothing_after_it() {
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
async fn sec_16_a_slow_call_from_before_does_not_bring_the_old_name_back() {
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
async fn a_session_that_was_signed_out_does_not_come_back() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let before = browser.twin();
    let answer = browser.post("/api/logout", json!({})).await;
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert_eq!(set, "__Host-Http-sid=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    assert_eq!(before.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(before.post("/api/logout", json!({})).await.status, StatusCode::OK, "twice is once");
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sec_70_signing_out_revokes_the_tokens_and_does_not_need_the_org() {
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
    wait_until(|| revocations() == 2).await;

    browser.sign_in(&scene.org).await;
    scene.org.faults(&json!({"path": "/oauth2/*", "kind": "reset"})).unwrap();
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    assert!(browser.held().is_none());
}

#[tokio::test]
async fn sec_18_a_session_ends_after_quiet_and_after_its_time() {
    let settings = [("LATCHKEY_IDLE", "1s"), ("LATCHKEY_ABSOLUTE", "2s")];
    let scene = Scene::with(Options::default(), &settings).await;
    let (mut quiet, mut busy) = (scene.browser(), scene.browser());
    quiet.sign_in(&scene.org).await;
    busy.sign_in(&scene.org).await;
    let began = std::time::Instant::now();
    while busy.is_signed_in().await {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(began.elapsed() < Duration::from_secs(4), "SEC-18: the absolute end");
    }
    assert!(
        began.elapsed() > Duration::from_millis(1500),
        "calls keep it alive until then: {:?}",
        began.elapsed()
    );
    assert!(!quiet.is_signed_in().await);
}

#[tokio::test]
async fn signing_in_again_changes_the_name_and_gives_the_old_tokens_up() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let before = browser.twin();
    browser.sign_in(&scene.org).await;
    assert_ne!(browser.held(), before.held());
    assert_eq!(before.get("/api/session").await.problem(), (401, "not_signed_in".to_owned()));
    wait_until(|| scene.org.journal().iter().any(|call| call.path.ends_with("/v1/revoke"))).await;
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn sec_34_a_flow_can_be_finished_only_by_the_browser_that_began_it() {
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

async fn wait_until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
}

/// Opens the newest mailed link; the org sends the browser on with a state and a code.
async fn follow_link(scene: &Scene) -> (String, String) {
    let url = scene.org.inbox(MARY)[0].link.clone().unwrap();
    let request = Request { verb: Verb::Get, url, headers: vec![], body: Body::Empty };
    let answer = Http::new().unwrap().send(request).await.unwrap();
    let to = Url::parse(answer.header("location").unwrap()).unwrap();
    let part = |name| to.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    (part("state"), part("otp"))
}

#[tokio::test]
async fn a_mailed_link_goes_on_in_the_same_browser_and_signs_no_other_in() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let (state, code) = follow_link(&scene).await;
    let link = json!({"state": state, "otp": code});

    let elsewhere = scene.browser();
    let answer = elsewhere.post("/api/idx/callback", link.clone()).await;
    assert_eq!(answer.problem(), (404, "no_transaction".to_owned()));
    assert!(!elsewhere.is_signed_in().await);

    let page = browser.get(&format!("/login/callback?otp={code}&state={state}")).await;
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(!browser.is_signed_in().await, "SEC-37: the address alone has no effect");

    let tab = browser.clone();
    let answer = tab.post("/api/idx/callback", link.clone()).await;
    assert_eq!(answer.json()["status"], "SUCCESS");
    assert!(browser.is_signed_in().await);
    let again = browser.post("/api/idx/callback", link).await;
    assert_eq!(again.problem(), (404, "no_transaction".to_owned()), "SEC-51: a state is good once");
}
