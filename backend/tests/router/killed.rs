//! Stopped and killed servers: the next one with the same store completes their work.

use crate::scene::{Browser, KEY, Lasting, MARY, PASSWORD, Program, app, taken, wait_until};
use http::{Method, StatusCode};
use latchkey::{api, app::App, background::sweep};
use latchkey_devorg::{Options, Org};
use serde_json::json;
use std::time::{Duration, SystemTime};

const REVOKE: &str = "/oauth2/default/v1/revoke";
const POLL: &str = "/idp/idx/challenge/poll";
const TOKEN: &str = "/oauth2/default/v1/token";

/// Every access token is renewed before it is used.
fn settings(store: &Lasting) -> Vec<(&str, &str)> {
    [&store.settings()[..], &[("LATCHKEY_RENEW_BEFORE", "60m")]].concat()
}

fn later(minutes: u64) -> SystemTime {
    SystemTime::now() + Duration::from_secs(60 * minutes)
}

#[tokio::test]
async fn sec_70_the_next_process_revokes_the_tokens_of_a_killed_one_once() {
    let (org, store) = (Org::start(Options::default()).await.unwrap(), Lasting::new());
    let mut program = Program::start(&org.issuer(), &settings(&store));
    program.sign_in(&org).await;
    org.faults(&json!([{"path": REVOKE, "kind": "delay", "ms": 60_000, "times": 1}])).unwrap();
    let answer = program.ask(Method::POST, "/api/logout", json!({})).await;
    arrival(&org).await;
    drop(program);
    assert_eq!(answer["authenticated"], false);

    let app = app(&org.issuer(), &settings(&store), None).await;
    sweep(&app, SystemTime::now()).await;
    assert_eq!(taken(&org, REVOKE), 0, "the killed process may still be revoking them");
    sweep(&app, later(1)).await;
    assert_eq!(taken(&org, REVOKE), 1);
    sweep(&app, later(60)).await;
    assert_eq!(taken(&org, REVOKE), 1);
}

#[tokio::test]
async fn a_record_that_no_key_opens_is_logged_with_the_setting_that_may_be_wrong() {
    let (org, store) = (Org::start(Options::default()).await.unwrap(), Lasting::new());
    let mut program = Program::start(&org.issuer(), &settings(&store));
    program.sign_in(&org).await;
    let cookie = program.cookie.clone();
    drop(program);
    let another = "HxwdHh8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRo";
    for (keys, is_signed_in) in [(another.to_owned(), false), (format!("{another} {KEY}"), true)] {
        let settings = settings(&store);
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, if *name == "LATCHKEY_KEYS" { keys.as_str() } else { *value }))
            .collect();
        let mut program = Program::start(&org.issuer(), &settings);
        program.cookie.clone_from(&cookie);
        assert_eq!(program.ask(Method::GET, "/api/session", json!({})).await["authenticated"], is_signed_in);
        assert_eq!(program.log().contains("LATCHKEY_KEYS"), !is_signed_in, "{}", program.log());
    }
}

#[tokio::test]
async fn sec_70_tokens_are_revoked_when_an_unreachable_org_is_back() {
    let org = Org::start(Options::default()).await.unwrap();
    let app = app(&org.issuer(), &[], None).await;
    let mut browser = Browser::of(&api::router(app.clone()));
    browser.sign_in(&org).await;
    org.faults(&json!([{"path": REVOKE, "kind": "status", "status": 503}])).unwrap();
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    let refused = || org.journal().iter().filter(|call| call.path == REVOKE && call.status == 503).count();
    wait_until(async || refused() == 2).await;
    sweep(&app, later(1)).await;
    assert_eq!((refused(), taken(&org, REVOKE)), (3, 0));
    org.faults(&json!([])).unwrap();
    sweep(&app, later(3)).await;
    assert_eq!(taken(&org, REVOKE), 1);
    assert!(app.metrics.text().contains("latchkey_events_total{event=\"revoked_late\"} 1"));
}

#[tokio::test]
async fn rel_41_a_stopping_server_stores_the_result_of_a_call_after_a_disconnect() {
    let (org, store) = (Org::start(Options::default()).await.unwrap(), Lasting::new());
    let mut program = Program::start(&org.issuer(), &settings(&store));
    program.ask(Method::POST, "/api/idx/authenticate", json!({"username": MARY, "password": PASSWORD})).await;
    let slow = json!([{"path": "/idp/idx/challenge", "kind": "delay", "ms": 700, "times": 1}]);
    org.faults(&slow).unwrap();
    let cookie = program.cookie.clone();
    {
        let asking = program.ask(Method::POST, "/api/idx/proceed", json!({"authenticator": "okta_email"}));
        tokio::select! {
            answer = asking => panic!("the response came before the browser disconnected: {answer}"),
            () = arrival(&org) => {}
        }
    }
    // Time to notice that the browser has disconnected.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(program.end().await.success());
    assert_eq!(org.inbox(MARY).len(), 1, "the stop waited for the org");

    let browser = Browser::of(&api::router(app(&org.issuer(), &settings(&store), None).await));
    *browser.cookie.lock().unwrap() = cookie;
    assert_eq!(browser.get("/api/idx").await.json()["nextStep"]["name"], "challenge-authenticator");
}

#[tokio::test]
async fn rel_41_a_stopping_server_is_not_ready() {
    let app = app("http://localhost:9/oauth2/default", &[], None).await;
    let operator = Browser::of(&api::admin_router(app.clone()));
    assert_eq!(operator.get("/readyz").await.status, StatusCode::OK);
    app.stop();
    assert_eq!(operator.get("/readyz").await.problem(), (503, "overloaded".to_owned()));
    assert_eq!(operator.get("/healthz").await.status, StatusCode::OK, "it is still alive");
}

#[tokio::test]
async fn rel_32_the_result_of_a_poll_survives_a_killed_process() {
    let file = include_str!("scene/short_codes.toml").to_owned();
    let org = Org::start(Options { org: Some(file), ..Options::default() }).await.unwrap();
    let store = Lasting::new();
    let mut program = Program::start(&org.issuer(), &settings(&store));
    program.ask(Method::POST, "/api/idx/authenticate", json!({"username": MARY, "password": PASSWORD})).await;
    program.ask(Method::POST, "/api/idx/proceed", json!({"authenticator": "okta_email"})).await;
    reqwest::get(org.inbox(MARY)[0].link.clone().unwrap()).await.unwrap();
    let cookie = kill_before_response(program, &org, (Method::POST, "/api/idx/poll"), POLL).await;

    let mut browser = Browser::of(&api::router(app(&org.issuer(), &settings(&store), None).await));
    *browser.cookie.lock().unwrap() = cookie;
    assert_eq!(browser.step("/api/idx/poll", json!({})).await["status"], "SUCCESS");
    assert_eq!(taken(&org, POLL), 1, "an org may report the end of a wait only once");
    assert!(browser.is_signed_in().await);
}

/// Waits until the slow call has arrived at the org.
async fn arrival(org: &Org) {
    wait_until(async || {
        let faults = reqwest::get(format!("{}/dev/faults", org.origin())).await.unwrap();
        faults.text().await.unwrap() == "[]"
    })
    .await;
}

/// The cookie of a browser whose server was killed after the org received a call and before its response.
async fn kill_before_response(
    mut program: Program,
    org: &Org,
    (method, path): (Method, &str),
    place: &str,
) -> Option<String> {
    let before = taken(org, place);
    org.faults(&json!([{"path": place, "kind": "delay", "ms": 1500, "times": 1}])).unwrap();
    let cookie = program.cookie.clone();
    {
        let asking = program.ask(method, path, json!({}));
        tokio::select! {
            answer = asking => panic!("the response came before the kill: {answer}"),
            () = arrival(org) => {}
        }
    }
    program.freeze();
    wait_until(async || taken(org, place) > before).await;
    cookie
}

/// The next server, with the same store and the browser's cookie.
struct Next {
    org: Org,
    app: App,
    browser: Browser,
    _store: Lasting,
}

/// The next server after one was killed between the refresh at the org and storing the new tokens.
async fn kill_during_refresh(leeway: &str) -> Next {
    let file = include_str!("scene/short_codes.toml");
    let file = file.replace("[apps.enrollment]", &format!("{leeway}\n\n[apps.enrollment]"));
    let org = Org::start(Options { org: Some(file), ..Options::default() }).await.unwrap();
    let store = Lasting::new();
    let mut program = Program::start(&org.issuer(), &settings(&store));
    program.sign_in(&org).await;
    let cookie = kill_before_response(program, &org, (Method::GET, "/api/userinfo"), TOKEN).await;

    let app = app(&org.issuer(), &settings(&store), None).await;
    let browser = Browser::of(&api::router(app.clone()));
    *browser.cookie.lock().unwrap() = cookie;
    Next { org, app, browser, _store: store }
}

#[tokio::test]
async fn rel_21_a_session_survives_a_process_killed_during_a_refresh() {
    let next = kill_during_refresh("refresh_token = { leeway_seconds = 60 }").await;
    assert_eq!(next.browser.get("/api/userinfo").await.status, StatusCode::OK);
    assert_eq!(taken(&next.org, TOKEN), 3, "the old refresh token is used again");
    assert!(next.browser.is_signed_in().await);
}

#[tokio::test]
async fn rel_21_a_session_ends_with_a_reason_if_its_refresh_token_was_used_by_a_killed_process() {
    let next = kill_during_refresh("refresh_token = { leeway_seconds = 0 }").await;
    next.org.advance(Duration::from_secs(2));
    assert_eq!(next.browser.get("/api/userinfo").await.problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(taken(&next.org, TOKEN), 2);
    assert!(!next.browser.is_signed_in().await);
    assert!(next.app.metrics.text().contains("latchkey_events_total{event=\"refresh_lost\"} 1"));
}
