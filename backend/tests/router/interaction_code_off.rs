//! The interaction code is switched off at the org, or asked for in the middle: the person gets in, or learns what happened.

use crate::org_page::{
    PROVIDER, brought, leave, open, page, password, redirect, scene_with, set_hosted, submit,
};
use crate::scene::{Browser, MARY, PASSWORD, Program, Scene};
use http::{Method, StatusCode};
use latchkey_devorg::{Options, Org};
use serde_json::{Value, json};
use url::Url;

const ORG: (&str, &str) = ("LATCHKEY_SIGN_IN_PAGE", "org");
const OWN_THEN_ORG: (&str, &str) = ("LATCHKEY_SIGN_IN_PAGE", "own-then-org");
const INTERACT: &str = "/oauth2/default/v1/interact";
const TOKEN: &str = "/oauth2/default/v1/token";
const CONTINUE_AT_ORG: &str = "To sign in, continue on your organization's page.";

/// The class and the text of the first message.
fn said(transaction: &Value) -> (&str, &str) {
    let message = &transaction["messages"][0];
    (message["class"].as_str().unwrap_or_default(), message["message"].as_str().unwrap_or_default())
}

fn value_of(address: &Url, name: &str) -> Option<String> {
    address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The org refuses the next call of this path with this OAuth error.
fn refuse(org: &Org, path: &str, error: &str) {
    let body = json!({"error": error, "error_description": "The client is not authorized."}).to_string();
    let fault = json!({
        "path": path, "kind": "status", "status": 400, "body": body, "content_type": "application/json", "times": 1,
    });
    org.faults(&fault).unwrap();
}

/// The address at the org of a transaction whose step leads there.
async fn way_there(browser: &Browser, transaction: &Value) -> Url {
    assert_eq!(transaction["nextStep"]["name"], "redirect-idp", "{transaction}");
    let leaving = browser.get(transaction["nextStep"]["href"].as_str().unwrap()).await;
    Url::parse(leaving.headers["location"].to_str().unwrap()).unwrap()
}

/// Signs in with a password on the org's page, and returns what comes of it here.
async fn sign_in_there(scene: &Scene, browser: &Browser, away: &Url) -> Value {
    let (_, form) = page(scene, open(away).await).await;
    let callback = redirect(&submit(&form, &password()).await);
    browser.post("/api/idx/callback", brought(&callback)).await.json()
}

#[tokio::test]
async fn a_person_whom_the_orgs_page_sends_back_signs_in_here() {
    let scene = Scene::with(Options::default(), &[ORG]).await;
    let mut browser = scene.browser();
    let asked = json!({"loginHint": MARY, "maxAge": 600, "returnTo": "/orders"});
    let away = leave(&mut browser, asked).await;
    let callback = redirect(&open(&away).await);
    assert_eq!(value_of(&callback, "error").as_deref(), Some("interaction_required"));
    let here = browser.step("/api/idx/callback", brought(&callback)).await;
    assert_eq!(here["nextStep"]["name"], "identify", "{here}");
    assert_eq!(here["nextStep"]["inputs"][0]["value"], MARY, "the hint");
    assert_eq!(browser.get("/api/idx").await.json(), here, "also after a reload");
    browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    browser.proceed(json!({"authenticator": "okta_email"})).await;
    let code = scene.org.code(MARY).unwrap();
    let done = browser.proceed(json!({"verificationCode": code})).await;
    assert_eq!((&done["status"], &done["nextStep"]["href"]), (&json!("SUCCESS"), &json!("/orders")));
    assert!(browser.is_signed_in().await);
    let again = browser.post("/api/idx/callback", brought(&callback)).await;
    assert_eq!(again.problem(), (404, "no_transaction".to_owned()), "a state works once");
}

#[tokio::test]
async fn the_chosen_identity_provider_is_the_next_step_here_too() {
    let scene = Scene::with(Options::default(), &[ORG]).await;
    set_hosted(&scene.org, false, json!({"identity_providers": [PROVIDER]}));
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({"idp": PROVIDER})).await;
    let here = browser.step("/api/idx/callback", brought(&redirect(&open(&away).await))).await;
    assert_eq!(here["nextStep"]["idp"]["id"], PROVIDER, "{here}");
    assert_eq!(browser.get("/api/idx").await.json(), here, "also after a reload");
}

#[tokio::test]
async fn a_person_who_may_sign_in_neither_there_nor_here_is_not_sent_around() {
    let scene = scene_with("any-1-factor", &[]).await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({})).await;
    let body = json!({"state": value_of(&away, "state"), "error": "interaction_required"});
    let refused = browser.post("/api/idx/callback", body.clone()).await;
    assert_eq!(refused.problem(), (502, "org_refused".to_owned()));
    assert_eq!(browser.post("/api/idx/callback", body).await.problem().0, 404, "the flow is over");
}

#[tokio::test]
async fn each_error_of_the_orgs_page_has_a_message_beside_the_way_to_the_page() {
    let scene = scene_with("any-1-factor", &[]).await;
    for (error, prompt, class, text, next_prompt) in [
        ("login_required", "none", "INFO", CONTINUE_AT_ORG, None),
        ("consent_required", "none", "INFO", CONTINUE_AT_ORG, None),
        ("interaction_required", "none", "INFO", CONTINUE_AT_ORG, None),
        (
            "access_denied",
            "login",
            "ERROR",
            "You were not signed in, because access was not allowed. Try again, or contact your administrator.",
            Some("login"),
        ),
        (
            "unmet_authentication_requirements",
            "none",
            "ERROR",
            "What comes next needs a stronger sign-in. Sign in again to continue.",
            Some("login"),
        ),
        (
            "invalid_scope",
            "login",
            "ERROR",
            "This sign-in is not set up correctly. Please contact your administrator.",
            Some("login"),
        ),
        (
            "temporarily_unavailable",
            "login",
            "ERROR",
            "Something went wrong at the sign-in service. Please try again later.",
            Some("login"),
        ),
        (
            "of_next_year",
            "login",
            "ERROR",
            "The sign-in could not be finished just now. Please try again.",
            Some("login"),
        ),
    ] {
        let mut browser = scene.browser();
        let away =
            leave(&mut browser, json!({"prompt": prompt, "loginHint": MARY, "returnTo": "/orders"})).await;
        let body = json!({"state": value_of(&away, "state"), "error": error});
        let again = browser.step("/api/idx/callback", body).await;
        assert_eq!(said(&again), (class, text), "{error}");
        assert_eq!(said(&browser.get("/api/idx").await.json()), (class, text), "{error}, after a reload");
        let next = way_there(&browser, &again).await;
        assert_eq!(value_of(&next, "prompt").as_deref(), next_prompt, "{error}");
        assert_eq!(value_of(&next, "login_hint").as_deref(), Some(MARY));
        assert_ne!(value_of(&next, "state"), value_of(&away, "state"), "a request of its own");
        let done = sign_in_there(&scene, &browser, &next).await;
        assert_eq!(
            (&done["status"], &done["nextStep"]["href"]),
            (&json!("SUCCESS"), &json!("/orders")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn without_the_interaction_code_a_sign_in_here_is_refused_and_the_log_names_the_settings() {
    let org = Org::start(Options::default()).await.unwrap();
    let mut program = Program::start(&org.issuer(), &[]);
    for (error, place) in
        [("unauthorized_client", "General > Grant type"), ("access_denied", "Settings > Account")]
    {
        refuse(&org, INTERACT, error);
        let refused = program.ask(Method::POST, "/api/idx/authenticate", json!({})).await;
        assert_eq!(refused["code"], "org_refused", "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains("latchkey doctor"), "{refused}");
        let log = program.log();
        let line = log.lines().find(|line| line.contains(error)).unwrap_or_else(|| panic!("{log}"));
        for part in [place, "LATCHKEY_SIGN_IN_PAGE", "own-then-org"] {
            assert!(line.contains(part), "{part} is not in {line}");
        }
    }
}

#[tokio::test]
async fn without_the_interaction_code_a_sign_in_continues_at_the_org_where_the_setting_says_so() {
    let scene = Scene::with(Options::default(), &[OWN_THEN_ORG]).await;
    set_hosted(&scene.org, true, json!({"sign_on": [{"authenticate_with": "any-1-factor"}]}));
    let mut browser = scene.browser();
    // The page may send what was typed before the flow began. The password goes nowhere.
    let begun = browser.begin(json!({"username": MARY, "password": PASSWORD, "returnTo": "/orders"})).await;
    assert_eq!(said(&begun), ("INFO", CONTINUE_AT_ORG));
    let away = way_there(&browser, &begun).await;
    assert_eq!(value_of(&away, "login_hint").as_deref(), Some(MARY));
    assert!(!away.as_str().contains(PASSWORD));
    let done = sign_in_there(&scene, &browser, &away).await;
    assert_eq!((&done["status"], &done["nextStep"]["href"]), (&json!("SUCCESS"), &json!("/orders")));
    let by_link =
        scene.browser().post("/api/idx/recover-password", json!({"recoveryToken": "of-a-mail"})).await;
    assert_eq!(by_link.problem(), (502, "org_refused".to_owned()), "the org's page takes no such token");
}

#[tokio::test]
async fn with_the_interaction_code_that_setting_signs_in_here() {
    let scene = Scene::with(Options::default(), &[OWN_THEN_ORG]).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let refused = scene.browser().post("/api/idx/authenticate", json!({"prompt": "login"})).await;
    assert_eq!(refused.problem(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn an_interaction_code_that_is_switched_off_in_the_middle_ends_the_sign_in_or_continues_it_at_the_org()
{
    for (settings, continues) in [(&[][..], false), (&[OWN_THEN_ORG][..], true)] {
        let scene = Scene::with(Options::default(), settings).await;
        let mut browser = scene.browser();
        browser.begin(json!({"returnTo": "/orders"})).await;
        browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
        browser.proceed(json!({"authenticator": "okta_email"})).await;
        let code = json!({"verificationCode": scene.org.code(MARY).unwrap()});
        set_hosted(&scene.org, true, json!({"sign_on": [{"authenticate_with": "any-1-factor"}]}));
        let answer = browser.post("/api/idx/proceed", code).await;
        assert!(!browser.is_signed_in().await);
        if continues {
            let at_org = answer.json();
            assert_eq!(said(&at_org), ("INFO", CONTINUE_AT_ORG));
            let done = sign_in_there(&scene, &browser, &way_there(&browser, &at_org).await).await;
            assert_eq!((&done["status"], &done["nextStep"]["href"]), (&json!("SUCCESS"), &json!("/orders")));
        } else {
            assert_eq!(answer.problem(), (502, "org_refused".to_owned()));
            assert_eq!(browser.get("/api/idx").await.status, StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn a_code_that_the_org_does_not_redeem_ends_the_flow_with_what_happened() {
    let more = "Your organization now requires more for this sign-in. Please sign in again.";
    for (error, outcome) in [
        ("interaction_required", Ok(more)),
        ("interaction_code_unsatisfiable", Ok(more)),
        ("unauthorized_client", Err("org_refused")),
        ("unsupported_grant_type", Err("org_refused")),
        ("invalid_grant", Err("flow_expired")),
    ] {
        let scene = Scene::new().await;
        let mut browser = scene.browser();
        browser.until_code().await;
        refuse(&scene.org, TOKEN, error);
        let code = json!({"verificationCode": scene.org.code(MARY).unwrap()});
        let answer = browser.post("/api/idx/proceed", code).await;
        match outcome {
            Ok(text) => {
                let ended = answer.json();
                assert_eq!(ended["status"], "TERMINAL", "{error}: {ended}");
                assert_eq!(said(&ended), ("ERROR", text), "{error}");
                assert_eq!(ended["availableSteps"], json!([]));
            }
            Err(problem) => assert_eq!(answer.problem().1, problem, "{error}"),
        }
        assert!(!browser.is_signed_in().await, "{error}");
        browser.transaction = None;
        browser.sign_in(&scene.org).await;
    }
}

#[tokio::test]
async fn an_authorization_code_that_needs_interaction_is_followed_by_a_sign_in_here() {
    let scene = scene_with("any-1-factor", &[]).await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({"returnTo": "/orders"})).await;
    let (_, form) = page(&scene, open(&away).await).await;
    let callback = redirect(&submit(&form, &password()).await);
    set_hosted(&scene.org, false, json!({}));
    refuse(&scene.org, TOKEN, "interaction_required");
    let here = browser.step("/api/idx/callback", brought(&callback)).await;
    assert_eq!(here["nextStep"]["name"], "identify", "{here}");
    let done = browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!((&done["status"], &done["nextStep"]["href"]), (&json!("SUCCESS"), &json!("/orders")));
}

#[tokio::test]
async fn an_app_without_the_authorization_code_is_refused() {
    let scene = scene_with("any-1-factor", &[]).await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({})).await;
    refuse(&scene.org, TOKEN, "unauthorized_client");
    let refused = sign_in_there(&scene, &browser, &away).await;
    assert_eq!(refused["code"], "org_refused");
}
