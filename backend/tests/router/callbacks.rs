//! Callbacks: a browser returns from a mailed link or an identity provider.

use crate::scene::{Browser, DEVICE_COOKIE, MARY, Scene, taken};
use http::{Request, StatusCode, header};
use latchkey_devorg::Options;
use latchkey_idx::{Body, HttpTransport, Transport};
use serde_json::json;
use url::Url;

/// Opens the newest mailed link; the org redirects with a state and a code.
async fn follow_link(scene: &Scene) -> (String, String) {
    let url = scene.org.inbox(MARY)[0].link.clone().unwrap();
    let request = Request::get(url).body(Body::default()).unwrap();
    let answer = HttpTransport::new().unwrap().send(request).await.unwrap();
    let to = Url::parse(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap();
    let part = |name| to.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    (part("state"), part("otp"))
}

#[tokio::test]
async fn a_mailed_link_signs_in_only_the_browser_that_asked_for_it() {
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
    assert_eq!(again.problem(), (404, "no_transaction".to_owned()), "SEC-51: a state works once");
}

/// A flow at the mailed code, and the state that the org would redirect with.
async fn waiting(scene: &Scene) -> (Browser, String) {
    let mut browser = scene.browser();
    browser.until_code().await;
    let (state, _) = follow_link(scene).await;
    (browser, state)
}

#[tokio::test]
async fn a_callback_with_an_error_leads_back_to_the_current_step() {
    let scene = Scene::new().await;
    let (browser, state) = waiting(&scene).await;
    for error in ["access_denied", "interaction_required"] {
        let before = taken(&scene.org, "/idp/idx/introspect");
        let answer = browser.post("/api/idx/callback", json!({"state": state, "error": error})).await;
        assert_eq!(answer.json()["nextStep"]["name"], "challenge-authenticator", "{error}");
        let asked = taken(&scene.org, "/idp/idx/introspect") - before;
        assert_eq!(asked, usize::from(error == "interaction_required"), "{error}");
    }
    let code = scene.org.code(MARY).unwrap();
    let done = browser.post("/api/idx/callback", json!({"state": state, "otp": code})).await;
    assert_eq!(done.json()["status"], "SUCCESS", "nothing is lost");
}

#[tokio::test]
async fn a_forged_interaction_code_ends_the_flow_without_a_session() {
    let scene = Scene::new().await;
    let (browser, state) = waiting(&scene).await;
    let made_up = json!({"state": state, "interactionCode": "made-up"});
    assert_eq!(
        browser.post("/api/idx/callback", made_up.clone()).await.problem(),
        (410, "flow_expired".to_owned())
    );
    assert!(!browser.is_signed_in().await);
    assert_eq!(
        browser.post("/api/idx/callback", made_up).await.problem(),
        (404, "no_transaction".to_owned())
    );
}

#[tokio::test]
async fn an_invalid_activation_or_recovery_token_begins_no_flow() {
    let scene = Scene::new().await;
    for (path, token) in [("register", "activationToken"), ("recover-password", "recoveryToken")] {
        let browser = scene.browser();
        let answer = browser.post(&format!("/api/idx/{path}"), json!({token: "made-up"})).await;
        assert_eq!(answer.problem(), (404, "no_transaction".to_owned()), "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("the link is not valid"), "{path}");
        assert!(browser.held().is_none());
    }
}

#[tokio::test]
async fn a_callback_with_invalid_parameters_is_refused() {
    let scene = Scene::new().await;
    let (browser, state) = waiting(&scene).await;
    for body in [
        json!({}),
        json!({"otp": "1"}),
        json!({"state": state}),
        json!({"state": 1, "otp": "1"}),
        json!({"state": state, "otp": "1", "error": "access_denied"}),
        json!({"state": state, "otp": "1", "next": "/"}),
    ] {
        let answer = browser.post("/api/idx/callback", body.clone()).await;
        assert_eq!(answer.problem(), (400, "invalid_request".to_owned()), "{body}");
    }
}

#[tokio::test]
async fn sec_51_a_state_that_returns_thirty_two_times_at_once_is_redeemed_once() {
    let scene = Scene::new().await;
    let (browser, state) = waiting(&scene).await;
    let link = json!({"state": state, "otp": scene.org.code(MARY).unwrap()});
    let arriving: Vec<_> = (0..32)
        .map(|_| {
            let (browser, link) = (browser.twin(), link.clone());
            tokio::spawn(async move { browser.post("/api/idx/callback", link).await })
        })
        .collect();
    let (mut successes, mut cookies) = (0, 0);
    for answer in arriving {
        let answer = answer.await.unwrap();
        successes += usize::from(answer.status == StatusCode::OK);
        cookies += usize::from(answer.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!((successes, cookies), (1, 1));
    assert_eq!(scene.org.journal().iter().filter(|call| call.path.ends_with("/v1/token")).count(), 1);
}

#[tokio::test]
async fn sec_81_codes_in_callbacks_count_like_typed_codes() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_SESSION", "3/60")]).await;
    let (browser, state) = waiting(&scene).await;
    let guess = |code: &str| browser.post("/api/idx/callback", json!({"state": state, "otp": code}));
    let (first, second) = (guess("000000").await, guess("000001").await);
    assert!(first.status == StatusCode::OK && second.status == StatusCode::OK, "with the choice of the mail");
    assert_eq!(guess("000002").await.problem(), (429, "rate_limited".to_owned()));
}

#[tokio::test]
async fn sec_213_codes_in_callbacks_count_against_the_person_of_the_flow() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_IDENTIFIER", "3/60")]).await;
    let (browser, state) = waiting(&scene).await;
    let guess = |code: &str| browser.post("/api/idx/callback", json!({"state": state, "otp": code}));
    let (first, second) = (guess("000000").await, guess("000001").await);
    assert!(first.status == StatusCode::OK && second.status == StatusCode::OK, "with the name typed before");
    assert_eq!(guess("000002").await.problem(), (429, "rate_limited".to_owned()));
}

#[tokio::test]
async fn sec_84_the_org_gets_the_client_address_and_device_and_no_claims_of_the_browser() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let browser = scene.browser();
    let request = browser
        .request(http::Method::POST, "/api/idx/authenticate")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", "203.0.113.66, 198.51.100.7")
        .header("x-device-token", "claimed");
    browser.send(request.body(axum::body::Body::from("{}")).unwrap()).await;
    let calls = scene.org.journal();
    let call = calls.iter().find(|call| call.path == "/idp/idx/introspect").unwrap();
    assert_eq!(call.forwarded_for.as_deref(), Some("198.51.100.7"));
    let device = call.device_token.clone().unwrap();
    assert!(browser.received().contains(&format!("{DEVICE_COOKIE}={device}")), "{device}");
}
