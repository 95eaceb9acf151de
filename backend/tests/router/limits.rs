//! Limits for one client, and for all clients together.

use crate::scene::{Browser, DEVICE_COOKIE, MARY, Scene, app, server, wait_until};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey::{api, http::RequestPurpose};
use latchkey_devorg::Options;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn sec_81_too_many_calls_are_refused_with_the_time_to_wait() {
    let settings = [("LATCHKEY_LIMIT_IDENTIFIER", "3/60")];
    let scene = Scene::with(Options::default(), &settings).await;
    let wrong = json!({"username": MARY, "password": "wrong"});
    for _ in 0..3 {
        scene.browser().begin(wrong.clone()).await;
    }
    let answer = scene.browser().post("/api/idx/authenticate", wrong).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    let seconds: u32 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    assert_eq!(answer.json()["retryAfter"], seconds);
    let other = json!({"username": "john@example.com", "password": "wrong"});
    let mut browser = scene.browser();
    browser.begin(other).await;
    let later =
        browser.post("/api/idx/proceed", json!({"identifier": "Mary@Example.com", "password": "wrong"}));
    assert_eq!(later.await.problem(), (429, "rate_limited".to_owned()), "at a later step, too");
}

#[tokio::test]
async fn sec_81_forged_logout_notices_are_limited_by_address() {
    let settings = [("LATCHKEY_LIMIT_ADDRESS", "2/60")];
    for (path, kind) in [
        ("/logout/back-channel", "application/x-www-form-urlencoded"),
        ("/logout/universal", "application/json"),
    ] {
        let browser = Browser::of(&server("http://localhost:9/oauth2/default", &settings, None).await);
        let notice = async || {
            let request = browser.request(Method::POST, path).header(header::CONTENT_TYPE, kind);
            browser.send(request.body(Body::from("{}")).unwrap()).await.status.as_u16()
        };
        let statuses = [notice().await, notice().await, notice().await];
        assert!(statuses[0] < 429 && statuses[1] < 429 && statuses[2] == 429, "{path}: {statuses:?}");
    }
}

#[tokio::test]
async fn sec_81_an_address_and_a_session_have_separate_limits() {
    let settings = [
        ("LATCHKEY_LIMIT_ADDRESS", "2/60"),
        ("LATCHKEY_LIMIT_SESSION", "3/60"),
        ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let scene = Scene::with(Options::default(), &settings).await;
    let begin = async |address: &str| {
        let browser = scene.browser();
        let request =
            browser.request(Method::POST, "/api/idx/authenticate").header("x-forwarded-for", address);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let answer = browser.send(request.body(Body::from("{}")).unwrap()).await;
        (browser, answer)
    };
    begin("2001:db8:1:2::1").await;
    let (browser, begun) = begin("2001:db8:1:2::2").await;
    assert_eq!(begun.status, StatusCode::OK);
    let (_, refused) = begin("2001:db8:1:2:3::3").await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()), "one network");
    assert_eq!(begin("2001:db8:1:3::1").await.1.status, StatusCode::OK, "another");

    let answer = json!({"username": MARY, "password": "wrong"});
    for _ in 0..3 {
        assert_eq!(browser.post("/api/idx/proceed", answer.clone()).await.status, StatusCode::OK);
    }
    let refused = browser.post("/api/idx/proceed", answer).await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()), "one session");
}

#[tokio::test]
async fn sec_82_guesses_at_a_name_do_not_block_a_known_device() {
    let device = format!("{DEVICE_COOKIE}=0123456789abcdef0123456789abcdef");
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_IDENTIFIER", "3/60")]).await;
    let mut at_home = scene.browser();
    at_home.until_code().await;
    let session = at_home.held().unwrap();
    *at_home.cookie.lock().unwrap() = Some(format!("{session}; {device}"));
    at_home.proceed(json!({"verificationCode": scene.org.code(MARY).unwrap()})).await;

    let guess = json!({"username": MARY, "password": "wrong"});
    while scene.browser().post("/api/idx/authenticate", guess.clone()).await.status == StatusCode::OK {}
    let elsewhere = scene.browser().post("/api/idx/authenticate", guess.clone()).await;
    assert_eq!(elsewhere.problem(), (429, "rate_limited".to_owned()));

    let mut again = scene.browser();
    *again.cookie.lock().unwrap() = Some(device.clone());
    again.until_code().await;
    for _ in 0..3 {
        let known = scene.browser();
        *known.cookie.lock().unwrap() = Some(device.clone());
        known.post("/api/idx/authenticate", guess.clone()).await;
    }
    *again.cookie.lock().unwrap() = Some(device.clone());
    let too_often = again.post("/api/idx/authenticate", guess).await;
    assert_eq!(too_often.problem(), (429, "rate_limited".to_owned()), "a known device is limited, too");
}

#[tokio::test]
async fn sec_86_calls_faster_than_the_org_allows_wait_instead_of_being_refused() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_FLOW", "3/1")]).await;
    let (mut browser, mut other) = (scene.browser(), scene.browser());
    let began = Instant::now();
    browser.begin(json!({})).await;
    for _ in 0..8 {
        browser.proceed(json!({"username": MARY, "password": "wrong"})).await;
    }
    let calls = scene.org.journal().iter().filter(|call| call.path.starts_with("/idp/idx/")).count();
    assert_eq!(calls, 9);
    assert!(began.elapsed() >= Duration::from_secs(2), "three in the first second, six in two");
    let began = Instant::now();
    other.begin(json!({"username": MARY, "password": "wrong"})).await;
    assert!(began.elapsed() < Duration::from_secs(1), "another flow has a separate limit");
}

#[tokio::test]
async fn sec_86_polls_reach_the_org_at_its_interval_at_most() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_FLOW", "99/1")]).await;
    let mut browser = scene.browser();
    let shown = browser.until_code().await;
    let polls = || scene.org.journal().iter().filter(|call| call.path.ends_with("/poll")).count();
    let first = browser.step("/api/idx/poll", json!({})).await;
    assert_eq!(polls(), 1);
    let early = browser.post("/api/idx/poll", json!({}));
    let early = tokio::time::timeout(Duration::from_millis(500), early).await;
    assert!(early.is_err(), "it waits: {early:?}");
    assert_eq!((polls(), &first["transaction"]), (1, &shown["transaction"]));
}

#[tokio::test]
async fn sec_202_a_few_polls_wait_for_one_flow_and_others_are_refused_at_once() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_FLOW", "99/1")]).await;
    let mut browser = scene.browser();
    browser.until_code().await;
    browser.step("/api/idx/poll", json!({})).await;
    let poll = || {
        let browser = browser.clone();
        tokio::spawn(async move { browser.post("/api/idx/poll", json!({})).await })
    };
    let mut polls: Vec<_> = (0..40).map(|_| poll()).collect();
    let is_waiting = async || polls.iter().filter(|poll| !poll.is_finished()).count() <= 5;
    wait_until(is_waiting).await;
    polls.retain(|poll| poll.is_finished());
    assert!(polls.len() >= 35, "{}", polls.len());
    for poll in polls {
        let refused = poll.await.unwrap();
        assert_eq!(refused.problem(), (429, "rate_limited".to_owned()));
        assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    }
    // Waiting polls block neither an answer of the same flow nor another sign-in.
    assert!(scene.browser().begin(json!({})).await["transaction"].is_string());
    let code = scene.org.code(MARY).unwrap();
    assert_eq!(browser.proceed(json!({"verificationCode": code})).await["status"], "SUCCESS");
}

#[tokio::test]
async fn sec_202_polls_have_separate_limits_by_session_and_by_address() {
    for (settings, expected) in [
        ([("LATCHKEY_LIMIT_SESSION", "5/60"), ("LATCHKEY_LIMIT_ADDRESS", "off")], 20),
        ([("LATCHKEY_LIMIT_SESSION", "off"), ("LATCHKEY_LIMIT_ADDRESS", "3/60")], 30),
    ] {
        let scene = Scene::with(Options::default(), &settings).await;
        let mut browser = scene.browser();
        browser.begin(json!({})).await;
        let mut polls = 0;
        while browser.post("/api/idx/poll", json!({})).await.status != StatusCode::TOO_MANY_REQUESTS {
            polls += 1;
        }
        assert_eq!(polls, expected, "{settings:?}");
        browser.proceed(json!({"username": MARY})).await;
    }
}

#[tokio::test]
async fn sec_218_answers_are_limited_by_address_across_sessions() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_ADDRESS", "2/60")]).await;
    let (mut one, mut other) = (scene.browser(), scene.browser());
    one.begin(json!({})).await;
    other.begin(json!({})).await;
    let wrong = json!({"username": MARY, "password": "wrong"});
    for browser in [&one, &other, &one, &other, &one, &other, &one, &other] {
        assert_eq!(browser.post("/api/idx/proceed", wrong.clone()).await.status, StatusCode::OK);
    }
    assert_eq!(one.post("/api/idx/proceed", wrong).await.problem(), (429, "rate_limited".to_owned()));
}

#[tokio::test]
async fn rel_33_after_a_429_of_the_org_only_that_client_waits() {
    let scene = Scene::new().await;
    let on = |device: char| {
        let browser = scene.browser();
        *browser.cookie.lock().unwrap() = Some(format!("{DEVICE_COOKIE}={}", device.to_string().repeat(32)));
        browser
    };
    let limited = json!([{"path": "/idp/idx/introspect", "times": 1, "kind": "rate_limit", "seconds": 30}]);
    scene.org.faults(&limited).unwrap();
    let refused = on('a').post("/api/idx/authenticate", json!({})).await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()));
    let calls = scene.org.journal().len();
    let again = on('a').post("/api/idx/authenticate", json!({})).await;
    assert_eq!(again.problem(), (429, "rate_limited".to_owned()));
    let seconds: u32 = again.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((20..=30).contains(&seconds), "{seconds}");
    assert_eq!(scene.org.journal().len(), calls, "no more calls to the org");
    assert_eq!(on('b').post("/api/idx/authenticate", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn rel_35_a_call_beyond_the_concurrency_limit_gets_503_and_loses_nothing() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_ORG_AT_ONCE", "1")]).await;
    let (mut mary, mut john) = (scene.browser(), scene.browser());
    mary.begin(json!({})).await;
    john.begin(json!({})).await;
    scene.org.faults(&json!([{"path": "/idp/idx/identify", "kind": "delay", "ms": 2500}])).unwrap();
    let wrong = json!({"username": MARY, "password": "wrong"});
    let answers = tokio::join!(
        mary.post("/api/idx/proceed", wrong.clone()),
        john.post("/api/idx/proceed", wrong.clone()),
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            mary.get("/api/session").await
        }
    );
    let (refused, done) = match answers.0.status {
        StatusCode::OK => (answers.1, answers.0),
        _ => (answers.0, answers.1),
    };
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(refused.problem(), (503, "overloaded".to_owned()));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    assert_eq!(answers.2.status, StatusCode::OK, "calls without the org are served");
    scene.org.faults(&json!([])).unwrap();
    mary.proceed(wrong.clone()).await;
    john.proceed(wrong).await;
}

#[tokio::test]
async fn rel_53_under_load_a_request_is_refused_at_once_by_the_purpose_of_its_route() {
    let app = app("http://localhost:9/oauth2/default", &[], None).await;
    let browser = Browser::of(&api::router(app.clone()));
    let permits = |purpose: RequestPurpose, many: usize| -> Vec<_> {
        (0..many).map(|_| app.edge.admission.permit(purpose, None).unwrap()).collect()
    };
    let begin = async || browser.post("/api/idx/authenticate", json!({})).await;
    let go_on = async || browser.post("/api/idx/callback", json!({"state": "s", "otp": "1"})).await;
    let pages = permits(RequestPurpose::Page, 768);
    assert_eq!(
        browser.get("/login").await.problem(),
        (503, "overloaded".to_owned()),
        "pages are refused first"
    );
    assert_eq!(browser.get("/logout/front-channel").await.problem().0, 400, "a notice of the org is no page");
    let begun = permits(RequestPurpose::FlowStart, 128);
    let refused = begin().await;
    assert_eq!(refused.problem(), (503, "overloaded".to_owned()));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    assert!(refused.headers.contains_key(header::CONTENT_SECURITY_POLICY));
    assert_eq!(go_on().await.problem().0, 404, "a flow goes on");
    let going_on = permits(RequestPurpose::FlowStep, 128);
    assert_eq!(go_on().await.problem(), (503, "overloaded".to_owned()));
    assert!(browser.get("/healthz").await.status.is_success(), "health checks are always answered");
    assert!(browser.get("/api/session").await.status.is_success(), "the session is still answered");
    assert_eq!(
        browser.post("/api/logout", json!({})).await.status,
        StatusCode::OK,
        "and anyone may sign out"
    );
    drop((begun, going_on));
    assert_ne!(begin().await.problem().1, "overloaded", "permits are free again");
    drop(pages);
}

#[tokio::test]
async fn sec_201_an_address_without_a_free_permit_is_refused_and_others_are_served() {
    let settings = [("LATCHKEY_LIMIT_CONNECTIONS", "16"), ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.0/8")];
    let app = app("http://localhost:9/oauth2/default", &settings, None).await;
    let browser = Browser::of(&api::router(app.clone()));
    let get = async |path: &str, address: &str| {
        let request = browser.request(Method::GET, path).header("x-forwarded-for", address);
        browser.send(request.body(Body::empty()).unwrap()).await
    };
    let busy = Some([192, 0, 2, 1].into());
    let _held: Vec<_> =
        (0..4).map(|_| app.edge.admission.permit(RequestPurpose::FlowStep, busy).unwrap()).collect();
    let refused = get("/api/idx", "192.0.2.1").await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    assert_eq!(get("/api/idx", "192.0.2.2").await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        get("/api/session", "192.0.2.1").await.status,
        StatusCode::OK,
        "the session is still answered"
    );
}

#[tokio::test]
async fn rel_53_a_request_that_would_wait_too_long_for_the_org_is_refused_before_any_work() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_ORG_AT_ONCE", "1")]).await;
    let mut people = [scene.browser(), scene.browser(), scene.browser()];
    for browser in &mut people {
        browser.begin(json!({})).await;
    }
    scene.org.faults(&json!([{"path": "/idp/idx/identify", "kind": "delay", "ms": 1500}])).unwrap();
    let [first, second, third] = &people;
    let answer = |browser: &Browser| {
        let browser = browser.clone();
        async move { browser.post("/api/idx/proceed", json!({"username": MARY, "password": "wrong"})).await }
    };
    let late = async {
        tokio::time::sleep(Duration::from_millis(900)).await;
        let began = Instant::now();
        let late = answer(third).await;
        assert!(began.elapsed() < Duration::from_millis(400), "{:?}", began.elapsed());
        assert!(third.get("/api/session").await.status.is_success());
        late
    };
    let (first, second, late) = tokio::join!(answer(first), answer(second), late);
    assert_eq!(late.problem(), (503, "overloaded".to_owned()));
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK));
    scene.org.faults(&json!([])).unwrap();
    assert_eq!(answer(third).await.status, StatusCode::OK, "the queue is empty");
}
