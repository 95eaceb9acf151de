//! Several flows; repeated and late answers, several tabs, and browsers that disconnect.

use crate::scene::{MARY, PASSWORD, Scene, until_faults_are_taken, wait_until};
use axum::body::Body;
use http::{Method, StatusCode, header};
use serde_json::json;
use std::time::{Duration, SystemTime};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

#[tokio::test]
async fn sec_89_a_stale_answer_is_refused_with_the_current_step() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let old = browser.transaction.clone();
    browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    let now = browser.transaction.clone();
    browser.transaction = old;
    let answer = browser.post("/api/idx/proceed", json!({"username": "other@example.com"})).await;
    assert_eq!(answer.problem(), (409, "stale_step".to_owned()));
    let transaction = &answer.json()["transaction"];
    assert_eq!(transaction["transaction"].as_str(), now.as_deref());
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");
}

#[tokio::test]
async fn a_call_without_a_transaction_is_for_the_latest_flow() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    browser.transaction = None;
    let transaction = browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");
}

#[tokio::test]
async fn rel_44_a_flow_ends_at_the_expiry_that_the_org_set() {
    let scene = Scene::new().await;
    let ends = SystemTime::now() + Duration::from_secs(2);
    let body = json!({
        "version": "1.0.0",
        "stateHandle": "short",
        "expiresAt": OffsetDateTime::from(ends).format(&Rfc3339).unwrap(),
        "remediation": {"type": "array", "value": [{
            "name": "identify",
            "href": format!("{}/idp/idx/identify", scene.org.origin()),
            "method": "POST",
            "value": [{"name": "identifier", "required": true}],
        }]},
    });
    let short =
        json!({"path": "/idp/idx/introspect", "times": 1, "kind": "status", "status": 200, "body": body});
    scene.org.faults(&short).unwrap();
    let mut browser = scene.browser();
    assert_eq!(browser.begin(json!({})).await["nextStep"]["name"], "identify");
    wait_until(async || browser.get("/api/idx").await.status == StatusCode::GONE).await;
    assert!(SystemTime::now() >= ends);
    for (path, body) in [("proceed", json!({"username": MARY})), ("poll", json!({})), ("cancel", json!({}))] {
        let answer = browser.post(&format!("/api/idx/{path}"), body).await;
        assert_eq!(answer.problem(), (410, "flow_expired".to_owned()), "{path}");
    }
    assert_eq!(scene.org.journal().iter().filter(|call| call.path.contains("/idp/idx/")).count(), 1);
    browser.transaction = None;
    assert_eq!(browser.get("/api/idx").await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.begin(json!({})).await["nextStep"]["name"], "identify");
}

#[tokio::test]
async fn an_unknown_transaction_is_refused() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    assert_eq!(
        browser.post("/api/idx/proceed", json!({})).await.problem(),
        (404, "no_transaction".to_owned())
    );
    browser.begin(json!({})).await;
    for (name, expected) in [
        ("nonsense", (400, "invalid_request")),
        ("0123456789abcdef01234567.0", (404, "no_transaction")),
        ("0123456789abcdef01234567.99999999999", (400, "invalid_request")),
    ] {
        browser.transaction = Some(name.to_owned());
        let (status, code) = browser.post("/api/idx/proceed", json!({})).await.problem();
        assert_eq!((status, code.as_str()), expected, "{name}");
    }
}

#[tokio::test]
async fn rel_42_each_tab_has_its_own_flow() {
    let scene = Scene::new().await;
    let mut first = scene.browser();
    first.begin(json!({})).await;
    let mut second = first.clone();
    second.begin(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(first.held(), second.held(), "one session");
    let at = first.get("/api/idx").await.json();
    assert_eq!(at["nextStep"]["name"], "identify");
    let transaction = first.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");
    let transaction = second.proceed(json!({"authenticator": "okta_email"})).await;
    assert_eq!(transaction["nextStep"]["name"], "challenge-authenticator");
}

#[tokio::test]
async fn with_too_many_flows_the_oldest_is_dropped() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let mut names = Vec::new();
    for _ in 0..6 {
        browser.begin(json!({})).await;
        names.push(browser.transaction.clone());
    }
    browser.transaction = names[0].clone();
    assert_eq!(browser.get("/api/idx").await.problem(), (404, "no_transaction".to_owned()));
    for name in &names[1..] {
        browser.transaction = name.clone();
        assert_eq!(browser.get("/api/idx").await.status, StatusCode::OK);
    }
    assert!(browser.held().unwrap().len() <= 100);
}

#[tokio::test]
async fn rel_02_the_same_answer_given_eight_times_reaches_the_org_once() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY, "password": PASSWORD})).await;
    let answers: Vec<_> = (0..8)
        .map(|_| {
            let browser = browser.clone();
            tokio::spawn(async move {
                browser.post("/api/idx/proceed", json!({"authenticator": "okta_email"})).await
            })
        })
        .collect();
    let mut bodies = Vec::new();
    for answer in answers {
        let answer = answer.await.unwrap();
        if answer.status == StatusCode::OK {
            bodies.push(answer.json());
        } else {
            assert_eq!(
                answer.problem(),
                (429, "rate_limited".to_owned()),
                "only a few requests wait for one flow"
            );
        }
    }
    assert!(bodies.len() >= 5, "{}", bodies.len());
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let challenges = scene.org.journal().iter().filter(|call| call.path == "/idp/idx/challenge").count();
    assert_eq!(challenges, 1);
    assert_eq!(scene.org.inbox(MARY).len(), 1);
}

#[tokio::test]
async fn rel_02_of_two_different_answers_the_first_wins() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY, "password": PASSWORD})).await;
    let (mail, text) = (browser.clone(), browser.clone());
    let (mail, text) = tokio::join!(
        mail.post("/api/idx/proceed", json!({"authenticator": "okta_email"})),
        text.post("/api/idx/proceed", json!({"authenticator": "phone_number"})),
    );
    let mut statuses = [mail.status.as_u16(), text.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn sec_88_one_right_code_given_thirty_two_times_signs_in_once() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    let answers: Vec<_> = (0..32)
        .map(|_| {
            // Each request has the same cookie, as if the network had duplicated one click.
            let browser = browser.twin();
            let code = code.clone();
            tokio::spawn(
                async move { browser.post("/api/idx/proceed", json!({"verificationCode": code})).await },
            )
        })
        .collect();
    let (mut successes, mut cookies) = (0, 0);
    for answer in answers {
        let answer = answer.await.unwrap();
        cookies += usize::from(answer.headers.contains_key(header::SET_COOKIE));
        match answer.status {
            StatusCode::OK => successes += 1,
            // Only a few requests wait for one flow.
            StatusCode::TOO_MANY_REQUESTS => {}
            _ => assert_eq!(answer.problem(), (401, "not_signed_in".to_owned())),
        }
    }
    assert_eq!((successes, cookies), (1, 1));
    let calls = scene.org.journal();
    assert_eq!(calls.iter().filter(|call| call.path.ends_with("/v1/token")).count(), 1);
    assert_eq!(calls.iter().filter(|call| call.path == "/idp/idx/challenge/answer").count(), 1);
}

#[tokio::test]
async fn rel_04_the_result_of_an_answer_is_stored_if_the_browser_disconnects() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY, "password": PASSWORD})).await;
    let slow = json!({"path": "/idp/idx/challenge", "times": 1, "kind": "delay", "ms": 300});
    scene.org.faults(&slow).unwrap();
    let request = browser
        .request(Method::POST, "/api/idx/proceed")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"authenticator": "okta_email"}).to_string()))
        .unwrap();
    let hung_up = tokio::time::timeout(Duration::from_millis(100), browser.send(request)).await;
    assert!(hung_up.is_err());
    // A repeated answer waits for the first one.
    let transaction = browser.proceed(json!({"authenticator": "okta_email"})).await;
    assert_eq!(transaction["nextStep"]["name"], "challenge-authenticator");
    assert_eq!(scene.org.inbox(MARY).len(), 1);
}

#[tokio::test]
async fn a_poll_without_news_changes_nothing() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let before = browser.until_code().await;
    for _ in 0..3 {
        let after = browser.step("/api/idx/poll", json!({})).await;
        assert_eq!(after["transaction"], before["transaction"]);
        assert_eq!(after["nextStep"]["name"], before["nextStep"]["name"]);
    }
    let code = scene.org.code(MARY).unwrap();
    assert_eq!(browser.proceed(json!({"verificationCode": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_poll_in_progress_while_another_tab_signs_in_leaves_its_tab_at_its_step() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let mut waiting = browser.clone();
    let step = waiting.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    let slow = json!({"path": "/idp/idx/challenge/poll", "kind": "delay", "ms": 800, "times": 1});
    scene.org.faults(&slow).unwrap();
    let tab = waiting.twin();
    let poll = tokio::spawn(async move { tab.post("/api/idx/poll", json!({})).await });
    until_faults_are_taken(&scene.org).await;
    browser.sign_in(&scene.org).await;
    assert_eq!(poll.await.unwrap().json()["transaction"], step["transaction"]);
    let polled = waiting.step("/api/idx/poll", json!({})).await;
    assert_eq!(polled["nextStep"]["name"], step["nextStep"]["name"]);
    assert_eq!(waiting.proceed(json!({"verificationCode": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_poll_that_clears_a_message_leaves_the_step_to_an_answer_that_is_under_way() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let code = scene.org.code(MARY).unwrap();
    let wrong: String = code.chars().map(|digit| if digit == '1' { '2' } else { '1' }).collect();
    let refused = browser.proceed(json!({"verificationCode": wrong})).await;
    let polled = browser.step("/api/idx/poll", json!({})).await;
    assert_ne!(polled["nextStep"]["inputs"], refused["nextStep"]["inputs"], "the poll clears the message");
    assert_eq!(polled["transaction"], refused["transaction"]);
    assert_eq!(browser.proceed(json!({"verificationCode": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn an_available_poll_step_has_its_interval() {
    let scene = Scene::new().await;
    let transaction = scene.browser().until_code().await;
    let steps = transaction["availableSteps"].as_array().unwrap();
    let waiting = steps.iter().find(|step| step["name"].as_str().unwrap().ends_with("-poll")).unwrap();
    assert_eq!(waiting["poll"]["required"], true, "{waiting}");
    assert!(waiting["poll"]["refresh"].as_u64().unwrap() >= 1000, "{waiting}");
}

#[tokio::test]
async fn a_cancelled_flow_is_gone() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let transaction = browser.step("/api/idx/cancel", json!({})).await;
    assert_eq!(transaction["status"], "CANCELED");
    assert!(transaction.get("nextStep").is_none());
    assert_eq!(browser.get("/api/idx").await.problem(), (404, "no_transaction".to_owned()));
    assert!(scene.org.journal().iter().any(|call| call.path == "/idp/idx/cancel"));
}

#[tokio::test]
async fn a_step_can_be_called_by_its_name() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let transaction = browser
        .proceed(json!({"step": "select-authenticator-authenticate", "authenticator": "phone_number"}))
        .await;
    assert_eq!(transaction["nextStep"]["authenticator"]["key"], "phone_number");
    let answer = browser.post("/api/idx/proceed", json!({"step": "fly-to-the-moon"})).await;
    assert_eq!(answer.problem(), (400, "invalid_request".to_owned()));
}
