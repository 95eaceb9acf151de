//! Signing in with a password and a mailed code, and every error on the way.

use crate::scene::{Browser, ClientKey, MARY, PASSWORD, Scene, choices, message, server, taken, wait_until};
use http::StatusCode;
use latchkey_devorg::Options;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_password_and_a_mailed_code_sign_in() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let transaction = browser.begin(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(transaction["status"], "PENDING");
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");
    assert!(choices(&transaction).contains(&"okta_email".to_owned()), "{transaction}");
    let before = browser.held().unwrap();

    let transaction = browser.proceed(json!({"authenticator": "okta_email"})).await;
    assert_eq!(transaction["nextStep"]["name"], "challenge-authenticator");
    assert_eq!(transaction["nextStep"]["inputs"][0]["name"], "verificationCode");

    let code = scene.org.code(MARY).unwrap();
    let transaction = browser.proceed(json!({"verificationCode": code})).await;
    assert_eq!(transaction["status"], "SUCCESS");
    assert!(transaction.get("nextStep").is_none());
    assert_ne!(browser.held().unwrap(), before, "SEC-15: the session has a new handle");

    browser.transaction = None;
    assert_eq!(browser.get("/api/idx").await.status, StatusCode::NO_CONTENT);
    let session = browser.get("/api/session").await.json();
    assert_eq!(session["authenticated"], true);
    assert_eq!(session["user"]["preferred_username"], MARY);
    assert!(session["expiresAt"].as_i64().unwrap() > 1_700_000_000);
    let userinfo = browser.get("/api/userinfo").await.json();
    assert_eq!(userinfo["email"], MARY);
    assert_eq!(userinfo["sub"], session["user"]["sub"]);

    let answer = browser.post("/api/logout", json!({})).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(browser.held().is_none(), "SEC-11: the cookie is gone");
    assert_eq!(browser.get("/api/session").await.json()["authenticated"], false);
    assert_eq!(browser.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()));
}

#[tokio::test]
async fn the_input_names_of_both_guides_are_accepted() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    assert_eq!(browser.proceed(json!({"verification": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn username_and_password_can_be_sent_in_separate_steps() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let transaction = browser.begin(json!({})).await;
    assert_eq!(transaction["nextStep"]["name"], "identify");
    assert_eq!(transaction["nextStep"]["inputs"][0]["name"], "username");
    let transaction = browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");
}

#[tokio::test]
async fn a_wrong_password_has_a_message_and_the_person_can_try_again() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let transaction = browser.begin(json!({"username": MARY, "password": "wrong"})).await;
    assert_eq!(transaction["status"], "PENDING");
    assert_eq!(transaction["messages"][0]["class"], "ERROR");
    let transaction = browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");
    assert_eq!(transaction["messages"], json!([]));
}

#[tokio::test]
async fn an_unknown_user_looks_like_a_wrong_password() {
    let scene = Scene::new().await;
    let wrong = scene.browser().begin(json!({"username": MARY, "password": "wrong"})).await;
    let unknown = scene.browser().begin(json!({"username": "nobody@example.com", "password": "wrong"})).await;
    assert_eq!(wrong["nextStep"], unknown["nextStep"]);
    assert_eq!(wrong["messages"], unknown["messages"]);
}

#[tokio::test]
async fn a_wrong_code_has_a_message_and_the_right_one_still_works() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let transaction = browser.proceed(json!({"verificationCode": wrong})).await;
    assert_eq!(transaction["nextStep"]["name"], "challenge-authenticator");
    assert_eq!(message(&transaction), "api.authn.error.PASSCODE_INVALID");
    let again = browser.proceed(json!({"verificationCode": wrong})).await;
    assert_eq!(message(&again), "api.authn.error.PASSCODE_INVALID");
    assert_eq!(browser.proceed(json!({"verificationCode": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn an_expired_code_has_a_message_and_a_resend_works() {
    let org = include_str!("scene/short_codes.toml").to_owned();
    let scene = Scene::with(Options { org: Some(org), ..Options::default() }, &[]).await;
    let mut browser = scene.browser();
    assert_eq!(browser.until_code().await["nextStep"]["canResend"], true);
    let old = scene.org.code(MARY).unwrap();
    scene.org.advance(Duration::from_secs(2 * 60));
    let transaction = browser.proceed(json!({"verificationCode": old})).await;
    assert_eq!(transaction["status"], "PENDING", "{transaction}");
    assert_eq!(transaction["messages"][0]["class"], "ERROR");
    let transaction = browser.proceed(json!({"resend": true})).await;
    assert_eq!(transaction["nextStep"]["name"], "challenge-authenticator");
    assert_eq!(transaction["messages"], json!([]));
    assert_ne!(scene.org.code(MARY).unwrap(), old);
}

#[tokio::test]
async fn rel_44_a_flow_that_the_org_no_longer_knows_is_expired() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    scene.org.advance(Duration::from_secs(24 * 60 * 60));
    let answer = browser.post("/api/idx/proceed", json!({"verificationCode": "123456"})).await;
    assert_eq!(answer.problem(), (410, "flow_expired".to_owned()));
    assert_eq!(browser.get("/api/idx").await.problem(), (404, "no_transaction".to_owned()), "it is gone");
    let transaction = browser.begin(json!({})).await;
    assert_eq!(transaction["nextStep"]["name"], "identify");
}

#[tokio::test]
async fn rel_34_while_the_org_is_down_calls_get_502_and_the_server_stays_ready() {
    let unreachable = server("http://localhost:9/oauth2/default", &[], None).await;
    let answer = Browser::of(&unreachable).post("/api/idx/authenticate", json!({})).await;
    assert_eq!(answer.problem(), (502, "org_unreachable".to_owned()));
    assert!(Browser::of(&unreachable).get("/healthz").await.status.is_success());
    assert!(Browser::of(&unreachable).get("/readyz").await.status.is_success());
}

#[tokio::test]
async fn rel_34_garbage_from_the_org_is_a_problem_and_a_new_flow_works() {
    let scene = Scene::new().await;
    for path in ["/oauth2/default/v1/interact", "/idp/idx/introspect"] {
        for fault in [
            json!({"path": path, "times": 1, "kind": "garbage"}),
            json!({"path": path, "times": 1, "kind": "html"}),
            json!({"path": path, "times": 1, "kind": "truncate", "bytes": 20}),
            json!({"path": path, "times": 1, "kind": "status", "status": 500}),
        ] {
            scene.org.faults(&fault).unwrap();
            let answer = scene.browser().post("/api/idx/authenticate", json!({})).await;
            assert_eq!(answer.problem(), (502, "org_unreachable".to_owned()), "{fault}");
            assert!(!answer.headers.contains_key("set-cookie"), "no flow began");
            scene.browser().begin(json!({})).await;
        }
    }
}

#[tokio::test]
async fn rel_34_the_flow_survives_a_failed_answer() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    let fault = json!({"path": "/idp/idx/challenge/answer", "times": 1, "kind": "status", "status": 503});
    scene.org.faults(&fault).unwrap();
    let answer = browser.post("/api/idx/proceed", json!({"verificationCode": code})).await;
    assert_eq!(answer.problem(), (502, "org_unreachable".to_owned()));
    assert_eq!(browser.proceed(json!({"verificationCode": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn rel_32_an_answer_with_an_unknown_outcome_is_not_sent_twice() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let path = "/idp/idx/challenge/answer";
    let answers = || scene.org.journal().iter().filter(|call| call.path == path).count();
    for fault in [
        json!({"path": path, "times": 1, "kind": "garbage"}),
        json!({"path": path, "times": 1, "kind": "html"}),
        json!({"path": path, "times": 1, "kind": "truncate", "bytes": 20}),
    ] {
        let before = answers();
        scene.org.faults(&fault).unwrap();
        let answer = browser.post("/api/idx/proceed", json!({"verificationCode": "999999"})).await;
        assert_eq!(answer.problem(), (502, "org_unreachable".to_owned()), "{fault}");
        assert_eq!(answers(), before + 1);
    }
    let code = scene.org.code(MARY).unwrap();
    scene.org.faults(&json!({"path": path, "times": 1, "kind": "truncate", "bytes": 20})).unwrap();
    let transaction = browser.proceed(json!({"verificationCode": code})).await;
    assert_eq!(transaction["status"], "SUCCESS", "the org had received it");
}

#[tokio::test]
async fn rel_33_a_429_of_the_org_is_passed_on_with_its_retry_after() {
    let scene = Scene::new().await;
    let path = "/idp/idx/introspect";
    scene.org.faults(&json!({"path": path, "times": 1, "kind": "rate_limit", "seconds": 7})).unwrap();
    let answer = scene.browser().post("/api/idx/authenticate", json!({})).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    let seconds: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=8).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn sec_94_a_password_reaches_the_org_byte_for_byte() {
    let scene = Scene::new().await;
    let long = "Aa1-é".repeat(170);
    assert!((1000..=1024).contains(&long.len()));
    // Each beside a similar password that careless code would treat as equal: trimmed, composed, case-folded, cut off.
    let alike = [
        (" blanks at Both ends 9 ", "blanks at Both ends 9"),
        ("combining-E\u{301}-Aa1", "combining-\u{c9}-Aa1"),
        ("Пароль-Ключ-9", "пароль-ключ-9"),
        ("\u{1f511}\u{fe0f}-zwj\u{200d}-Aa1", "\u{1f511}-zwj-Aa1"),
        ("right\u{202e}to\u{202c}left-Aa1", "righttoleft-Aa1"),
        ("nul\u{0}Aa1-and-more", "nul"),
        (long.as_str(), &long[..72]),
    ];
    for (at, (password, other)) in alike.into_iter().enumerate() {
        let login = format!("person{at}@example.com");
        scene
            .org
            .add_user(&json!({"login": login, "password": password, "factors": ["okta_email"]}))
            .unwrap();
        let refused = scene.browser().begin(json!({"username": login, "password": other})).await;
        assert_eq!(refused["messages"][0]["class"], "ERROR", "{other:?} is not {password:?}");
        let taken = scene.browser().begin(json!({"username": login, "password": password})).await;
        assert_eq!(taken["nextStep"]["authenticator"]["key"], "okta_email", "{password:?}: {taken}");
    }
}

#[tokio::test]
async fn sec_222_a_client_with_a_key_signs_a_person_in_and_out_without_a_secret() {
    let key = ClientKey::fresh();
    let scene = Scene::with(key.options(), &key.settings()).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    wait_until(async || taken(&scene.org, "/v1/revoke") > 0).await;

    let other = ClientKey::fresh();
    let stranger = Browser::of(&server(&scene.org.issuer(), &other.settings(), None).await);
    let answer = stranger.post("/api/idx/authenticate", json!({})).await;
    assert_eq!(answer.problem(), (502, "org_refused".to_owned()));
}
