//! The person's own account through the server: each change reaches the org with the person's token, and nothing leaks.

use crate::scene::{Answer, Browser, MARY, PASSWORD, SESSION_COOKIE, Scene};
use axum::body::Body;
use http::{Method, StatusCode, header};
use latchkey_devorg::Options;
use serde_json::{Value, json};
use std::time::Duration;

/// Every scope that the account page needs.
const SCOPES: &str = "openid profile email offline_access okta.myAccount.password.manage okta.myAccount.email.manage \
                      okta.myAccount.phone.manage okta.myAccount.webauthn.manage okta.myAccount.authenticators.manage";
const QUARTER_OF_AN_HOUR: Duration = Duration::from_secs(15 * 60 + 1);

async fn signed_in(scopes: &str) -> (Scene, Browser) {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_SCOPES", scopes)]).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    (scene, browser)
}

async fn account(browser: &Browser) -> Value {
    let answer = browser.get("/api/account").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    answer.json()
}

async fn remove(browser: &Browser, path: &str) -> Answer {
    browser.send(browser.request(Method::DELETE, path).body(Body::empty()).unwrap()).await
}

fn reason(answer: &Answer) -> String {
    assert_eq!(answer.problem(), (422, "account_refused".to_owned()), "{answer:?}");
    answer.json()["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_account_is_shown_with_what_the_org_knows() {
    let (_scene, browser) = signed_in(SCOPES).await;
    let account = account(&browser).await;
    assert_eq!(account["password"]["isSet"], true);
    let email = &account["emails"][0];
    assert_eq!((&email["address"], &email["isPrimary"]), (&json!(MARY), &json!(true)));
    assert_eq!(account["phones"][0]["number"], "+15551234567");
    assert_eq!((&account["passkeys"], &account["missingScopes"]), (&json!([]), &json!([])));
    let keys: Vec<_> = account["authenticators"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
    assert!(keys.contains(&&json!("google_otp")), "{keys:?}");
}

#[tokio::test]
async fn without_the_scopes_the_answer_names_them_and_the_org_is_not_asked() {
    let (scene, browser) = signed_in("openid profile email").await;
    let account = account(&browser).await;
    assert_eq!(account.as_object().unwrap().len(), 1, "{account}");
    assert_eq!(account["missingScopes"].as_array().unwrap().len(), 5);
    assert!(!scene.org.journal().iter().any(|call| call.path.starts_with("/idp/myaccount")));
    let refused = browser
        .post("/api/account/phones", json!({"phoneNumber": "+15557654321", "methodType": "sms"}))
        .await;
    assert_eq!(refused.problem(), (403, "missing_scope".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("LATCHKEY_SCOPES"));
}

#[tokio::test]
async fn a_password_is_changed_and_a_refused_one_says_which_rule_it_breaks() {
    let (_scene, browser) = signed_in(SCOPES).await;
    let change = async |current: &str, new: &str| {
        browser.post("/api/account/password", json!({"currentPassword": current, "password": new})).await
    };
    let short = change(PASSWORD, "short").await;
    assert_eq!(reason(&short), "invalid");
    assert!(short.json()["detail"].as_str().unwrap().contains("at least 8 characters"), "{short:?}");
    assert_eq!(reason(&change("wrong", "Battery-Staple-7").await), "invalid");
    assert_eq!(change(PASSWORD, "Battery-Staple-7").await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_address_is_added_by_the_code_that_was_sent_to_it() {
    let (scene, browser) = signed_in(SCOPES).await;
    let new = "mary.major@example.com";
    let begun = browser.post("/api/account/emails", json!({"email": new, "isPrimary": true})).await.json();
    let (id, challenge) = (begun["id"].as_str().unwrap(), &begun["challenge"]);
    let path = format!("/api/account/emails/{id}/verify");
    let verify = async |challenge: &Value, code: &str| {
        browser.post(&path, json!({"challenge": challenge, "verificationCode": code})).await
    };
    assert_eq!(reason(&verify(challenge, "nope").await), "wrong_code");
    let again = browser.post(&format!("/api/account/emails/{id}/challenge"), json!({})).await.json();
    let code = scene.org.code(new).unwrap();
    assert_eq!(verify(challenge, &code).await.problem().0, 404, "the new code replaces the old one");
    assert_eq!(verify(&again["challenge"], &code).await.status, StatusCode::NO_CONTENT);
    assert_eq!(account(&browser).await["emails"][0]["address"], new);
    let twice = browser.post("/api/account/emails", json!({"email": new})).await;
    assert_eq!(reason(&twice), "duplicate");
}

#[tokio::test]
async fn a_number_is_added_and_removed() {
    let (scene, browser) = signed_in(SCOPES).await;
    let number = "+15557654321";
    let added =
        browser.post("/api/account/phones", json!({"phoneNumber": number, "methodType": "sms"})).await.json();
    assert_eq!((&added["number"], &added["isVerified"]), (&json!(number), &json!(false)));
    let path = format!("/api/account/phones/{}", added["id"].as_str().unwrap());
    let early = browser.post(&format!("{path}/challenge"), json!({"methodType": "voice"})).await;
    assert_eq!(early.problem(), (429, "rate_limited".to_owned()));
    let code = scene.org.code(number).unwrap();
    let verified = browser.post(&format!("{path}/verify"), json!({"verificationCode": code})).await;
    assert_eq!(verified.status, StatusCode::NO_CONTENT);
    let phones = account(&browser).await["phones"].clone();
    assert_eq!(phones[0]["number"], number);
    let path = format!("/api/account/phones/{}", phones[0]["id"].as_str().unwrap());
    assert_eq!(remove(&browser, &path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(account(&browser).await["phones"], json!([]));
    assert_eq!(remove(&browser, &path).await.problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn an_enrolment_gets_a_name() {
    let (_scene, browser) = signed_in(SCOPES).await;
    let phone = async || {
        let account = account(&browser).await;
        let all = account["authenticators"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["key"] == "phone_number").unwrap()
    };
    let before = phone().await;
    let (id, enrolment) = (before["id"].as_str().unwrap(), before["enrollments"][0]["id"].as_str().unwrap());
    let path = format!("/api/account/authenticators/{id}/enrollments/{enrolment}");
    assert_eq!(browser.post(&path, json!({"nickname": "My phone"})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(phone().await["enrollments"][0]["name"], "My phone");
}

/// The refusal of a change that needs a step-up.
fn step_up(refused: &Answer) -> Value {
    assert_eq!(refused.problem(), (403, "step_up_required".to_owned()));
    refused.json()["stepUp"].clone()
}

#[tokio::test]
async fn the_orgs_pages_for_an_authenticator_are_behind_an_address_of_ours() {
    let (scene, browser) = signed_in(SCOPES).await;
    let account = account(&browser).await;
    let by_key = |key: &str| {
        account["authenticators"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()
    };
    let (app, phone) = (by_key("google_otp"), by_key("phone_number"));
    assert_eq!((&app["canSetUp"], &phone["enrollments"][0]["canRemove"]), (&json!(true), &json!(true)));
    let leave = async |authenticator: &Value, which: &str| {
        browser
            .get(&format!("/account/authenticators/{}/{which}", authenticator["id"].as_str().unwrap()))
            .await
    };
    let page = format!("{}/idp/authenticators/setup/", scene.org.origin());
    for (authenticator, which) in [(app, "set-up"), (phone, phone["enrollments"][0]["id"].as_str().unwrap())]
    {
        let answer = leave(authenticator, which).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        assert!(answer.headers[header::LOCATION].to_str().unwrap().starts_with(&page));
    }
    assert_eq!(leave(phone, "set-up").await.problem(), (404, "not_found".to_owned()));
    assert_eq!(leave(app, "x").await.problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_change_after_a_quarter_of_an_hour_needs_a_step_up_and_reading_does_not() {
    let (scene, browser) = signed_in(SCOPES).await;
    scene.org.advance(QUARTER_OF_AN_HOUR);
    let refused = browser.post("/api/account/passkeys/options", json!({})).await;
    assert_eq!(step_up(&refused), json!({"acrValues": "urn:okta:loa:2fa:any:ifpossible", "maxAge": 900}));
    assert_eq!(account(&browser).await["phones"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_is_accepted_after_the_step_up_that_its_refusal_asks_for() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_SCOPES", SCOPES)]).await;
    let policy = json!({"client_id": "latchkey", "sign_on": [{"authenticate_with": "password"}]});
    scene.org.add_app(&policy).unwrap();
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY, "password": PASSWORD})).await;
    browser.transaction = None;
    let add = json!({"phoneNumber": "+15557654321", "methodType": "sms"});
    let needed = step_up(&browser.post("/api/account/phones", add.clone()).await);

    let name = json!({"username": MARY, "password": PASSWORD});
    let mut options = name.as_object().unwrap().clone();
    options.extend(needed.as_object().unwrap().clone());
    browser.begin(Value::Object(options)).await;
    browser.proceed(json!({"authenticator": "okta_email"})).await;
    let code = scene.org.code(MARY).unwrap();
    let done = browser.proceed(json!({"verificationCode": code})).await;
    assert_eq!(done["status"], "SUCCESS", "{done}");
    browser.transaction = None;
    assert_eq!(browser.post("/api/account/phones", add).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sec_20_an_account_is_changed_only_by_the_person_who_is_signed_in_and_by_our_own_page() {
    let (scene, browser) = signed_in(SCOPES).await;
    for (method, path) in [
        (Method::GET, "/api/account"),
        (Method::POST, "/api/account/password"),
        (Method::POST, "/api/account/emails"),
        (Method::DELETE, "/api/account/emails/x"),
        (Method::POST, "/api/account/phones"),
        (Method::DELETE, "/api/account/phones/x"),
        (Method::POST, "/api/account/passkeys/options"),
        (Method::DELETE, "/api/account/passkeys/x"),
        (Method::POST, "/api/account/authenticators/x/enrollments/y"),
    ] {
        let call = |browser: &Browser, site: Option<&str>| {
            let mut request =
                browser.request(method.clone(), path).header(header::CONTENT_TYPE, "application/json");
            if let Some(site) = site {
                request.headers_mut().unwrap().insert("sec-fetch-site", site.parse().unwrap());
            }
            let body = if method == Method::POST { Body::from("{}") } else { Body::empty() };
            request.body(body).unwrap()
        };
        let stranger = scene.browser();
        let answer = stranger.send(call(&stranger, None)).await;
        assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()), "{method} {path}");
        let answer = browser.send(call(&browser, Some("cross-site"))).await;
        assert_eq!(answer.problem(), (403, "csrf".to_owned()), "{method} {path}");
    }
    assert!(!scene.org.journal().iter().any(|call| call.path.starts_with("/idp/myaccount")));
}

#[tokio::test]
async fn sec_50_an_account_brings_no_token_and_no_address_of_the_api_to_the_browser() {
    let options = Options { canary: true, ..Options::default() };
    let scene = Scene::with(options, &[("LATCHKEY_SCOPES", SCOPES)]).await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    account(&browser).await;
    browser.post("/api/account/passkeys/options", json!({})).await;
    browser.post("/api/account/emails", json!({"email": "new@example.com"})).await;
    let received = browser.received();
    for secret in ["CNRY", "/idp/", "access_token", scene.org.origin()] {
        assert!(!received.contains(secret), "{secret}");
    }
    assert!(received.contains(SESSION_COOKIE));
}

#[tokio::test]
async fn sec_54_an_id_in_a_path_reaches_no_other_resource_of_the_org() {
    let (scene, browser) = signed_in(SCOPES).await;
    for id in ["..%2Fpassword", "%2e%2e%2fsessions", "a%2F..%2F..", "x%3Fy%23z"] {
        let answer = remove(&browser, &format!("/api/account/phones/{id}")).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{id}");
    }
    let deleted = scene.org.journal().into_iter().filter(|call| call.method == "DELETE");
    let paths: Vec<String> = deleted.map(|call| call.path).collect();
    let is_below = |path: &String| {
        path.starts_with("/idp/myaccount/phones/") && !path.split('/').any(|part| part == "..")
    };
    assert!(paths.len() == 4 && paths.iter().all(is_below), "{paths:?}");
}
