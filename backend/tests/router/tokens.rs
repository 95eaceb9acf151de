//! Token refresh, and the list of a person's sessions.

use crate::scene::{Browser, Scene, taken, wait_until};
use axum::body::Body;
use http::{Method, StatusCode};
use latchkey_devorg::Options;
use serde_json::{Value, json};
use std::time::Duration;

fn count(scene: &Scene, path: &str) -> usize {
    taken(&scene.org, path)
}

/// A server that refreshes a one-minute access token when it is two seconds old.
async fn refreshing() -> Scene {
    refreshing_with(&[]).await
}

/// The same with more settings.
async fn refreshing_with(settings: &[(&str, &str)]) -> Scene {
    let settings = [&[("LATCHKEY_RENEW_BEFORE", "58s")], settings].concat();
    let org = include_str!("scene/short_codes.toml").replace("code_lifetime_minutes", "access_token_minutes");
    Scene::with(Options { org: Some(org), ..Options::default() }, &settings).await
}

/// A signed-in browser whose access token is due for a refresh.
async fn due(scene: &Scene) -> Browser {
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    browser
}

async fn ask(browser: &Browser, times: usize) -> Vec<StatusCode> {
    let asking: Vec<_> = (0..times)
        .map(|_| {
            let browser = browser.clone();
            tokio::spawn(async move { browser.get("/api/userinfo").await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for status in asking {
        statuses.push(status.await.unwrap());
    }
    statuses
}

#[tokio::test]
async fn rel_20_concurrent_calls_cause_one_token_refresh() {
    let scene = refreshing().await;
    let browser = due(&scene).await;
    assert_eq!(count(&scene, "/v1/token"), 1);
    assert_eq!(ask(&browser, 32).await, [StatusCode::OK; 32]);
    assert_eq!(count(&scene, "/v1/token"), 2);
}

#[tokio::test]
async fn rel_22_concurrent_refreshes_are_bounded_and_other_calls_use_their_old_token() {
    let scene = refreshing_with(&[("LATCHKEY_ORG_AT_ONCE", "3")]).await;
    let mut people = [scene.browser(), scene.browser(), scene.browser()];
    for browser in &mut people {
        browser.sign_in(&scene.org).await;
    }
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let slow = json!([{"path": "/oauth2/default/v1/token", "kind": "delay", "ms": 500}]);
    scene.org.faults(&slow).unwrap();
    for renewed in 1..=2 {
        let [one, other, third] = &people;
        let answers =
            tokio::join!(one.get("/api/userinfo"), other.get("/api/userinfo"), third.get("/api/userinfo"));
        for answer in [answers.0, answers.1, answers.2] {
            assert_eq!(answer.status, StatusCode::OK);
        }
        assert_eq!(count(&scene, "/v1/token"), people.len() + renewed, "one at a time");
    }
}

#[tokio::test]
async fn rel_23_a_failing_org_ends_no_session_and_a_refused_refresh_does() {
    let scene = refreshing().await;
    let browser = due(&scene).await;
    let token = "/oauth2/default/v1/token";
    scene.org.faults(&json!([{"path": token, "kind": "status", "status": 503}])).unwrap();
    assert_eq!(ask(&browser, 3).await, [StatusCode::OK; 3], "the old token is still good");
    let refused =
        json!({"error": "invalid_grant", "error_description": "The refresh token is invalid or expired."});
    scene.org.faults(&json!([{"path": token, "kind": "status", "status": 400, "body": refused}])).unwrap();
    assert_eq!(browser.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()), "SEC-75");
    assert_eq!(browser.get("/api/session").await.json(), json!({"authenticated": false}));
}

#[tokio::test]
async fn rel_24_a_refresh_that_ends_after_a_sign_out_restores_no_session() {
    let scene = refreshing().await;
    let browser = due(&scene).await;
    let slow = json!({"path": "/oauth2/default/v1/token", "times": 1, "kind": "delay", "ms": 700});
    scene.org.faults(&slow).unwrap();
    let late = tokio::spawn({
        let browser = browser.twin();
        async move { browser.get("/api/userinfo").await }
    });
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    assert_eq!(late.await.unwrap().problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(browser.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()));
    wait_until(async || count(&scene, "/v1/revoke") >= 2).await;
}

#[tokio::test]
async fn a_person_sees_and_ends_their_own_sessions() {
    let scene = Scene::new().await;
    let (mut here, mut there, mut elsewhere) = (scene.browser(), scene.browser(), scene.browser());
    for browser in [&mut here, &mut there, &mut elsewhere] {
        browser.sign_in(&scene.org).await;
        scene.org.advance(Duration::from_secs(1));
    }
    let sessions = own_sessions(&here).await;
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    assert_eq!(sessions[2]["current"], true, "the newest first");

    let theirs = own_sessions(&there).await.into_iter().find(|session| session["current"] == true).unwrap();
    let path = format!("/api/sessions/{}", theirs["id"].as_str().unwrap());
    assert_eq!(delete(&here, &path).await.as_u16(), 204);
    assert_eq!(there.get("/api/session").await.json(), json!({"authenticated": false}));
    assert_eq!(delete(&here, &path).await.as_u16(), 404);
    assert_eq!(own_sessions(&here).await.len(), 2);

    assert_eq!(delete(&here, "/api/sessions").await.as_u16(), 204);
    assert_eq!(elsewhere.get("/api/session").await.json(), json!({"authenticated": false}));
    assert!(here.is_signed_in().await);
    assert_eq!(own_sessions(&here).await.len(), 1);
    wait_until(async || count(&scene, "/v1/revoke") == 2).await;
}

async fn own_sessions(browser: &Browser) -> Vec<Value> {
    browser.get("/api/sessions").await.json()["sessions"].as_array().unwrap().clone()
}

async fn delete(browser: &Browser, path: &str) -> StatusCode {
    browser.send(browser.request(Method::DELETE, path).body(Body::empty()).unwrap()).await.status
}
