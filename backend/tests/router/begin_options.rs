//! What a flow may begin with: assurance, a hint, an identity provider, and where to return.

use crate::scene::{Browser, MARY, PASSWORD, Scene};
use http::{Request, StatusCode, header};
use latchkey_devorg::Options;
use latchkey_idx::{Body, HttpTransport, Transport};
use serde_json::{Value, json};
use url::Url;

const PROVIDER: &str = "0oadevsocial00000001";
const APP: &str = "https://app.example.com";

async fn scene() -> Scene {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_RETURN_TO", APP)]).await;
    let one_factor = json!({"client_id": "latchkey", "client_secret": "latchkey-dev-secret", "sign_on": [{"authenticate_with": "any-1-factor"}]});
    scene.org.add_app(&one_factor).unwrap();
    scene
}

/// Follows one redirect, or posts a form, as a browser does outside of our server.
async fn location(url: &Url, form: Option<&'static str>) -> Url {
    let request = match form {
        Some(form) => Request::post(url.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form)),
        None => Request::get(url.as_str()).body(Body::default()),
    };
    let response = HttpTransport::new().unwrap().send(request.unwrap()).await.unwrap();
    Url::parse(response.headers()[header::LOCATION].to_str().unwrap()).unwrap()
}

fn returned(transaction: &Value) -> (&str, &str) {
    assert_eq!(transaction["status"], "SUCCESS", "{transaction}");
    let step = &transaction["nextStep"];
    (step["name"].as_str().unwrap_or_default(), step["href"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn sec_227_after_a_sign_in_the_browser_returns_to_a_path_or_a_listed_origin() {
    let scene = scene().await;
    for (requested, href) in
        [("/orders?id=1", "/orders?id=1"), ("https://app.example.com/a", "https://app.example.com/a")]
    {
        let mut browser = scene.browser();
        browser.begin(json!({"returnTo": requested})).await;
        let done = browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;
        assert_eq!(returned(&done), ("success-redirect", href));
    }
    // An origin whose pages may have the element is one to return to.
    let page = "http://localhost:3000/orders";
    let embedding =
        Scene::with(Options::default(), &[("LATCHKEY_ALLOWED_ORIGINS", "http://localhost:3000")]).await;
    let begun = embedding.browser().post("/api/idx/authenticate", json!({"returnTo": page})).await;
    assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
    let mut without = scene.browser();
    let done = without.begin(json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(returned(&done), ("", ""));
}

#[tokio::test]
async fn sec_227_an_address_that_is_not_listed_is_refused_before_the_flow_begins() {
    let scene = scene().await;
    for path in ["authenticate", "register", "recover-password", "unlock-account"] {
        let browser = scene.browser();
        let refused = browser.post(&format!("/api/idx/{path}"), json!({"returnTo": "//evil.example"})).await;
        assert_eq!(refused.problem(), (400, "invalid_request".to_owned()), "{path}");
        assert!(refused.json()["detail"].as_str().unwrap().contains("LATCHKEY_RETURN_TO"), "{path}");
        assert!(browser.held().is_none(), "{path}");
    }
    assert!(!scene.org.journal().iter().any(|call| call.path.ends_with("/v1/interact")));
}

/// Signs in at the identity provider, and comes back with what the org says.
async fn through_provider(browser: &Browser, begun: &Value) -> Value {
    let href = begun["nextStep"]["href"].as_str().unwrap();
    let leaving = browser.get(href).await;
    assert_eq!(leaving.status, StatusCode::SEE_OTHER, "{leaving:?}");
    let org = Url::parse(leaving.headers[header::LOCATION].to_str().unwrap()).unwrap();
    let page = location(&org, None).await;
    let back = location(&page, Some("email=mary%40example.com&firstName=Mary&lastName=M&answer=yes")).await;
    let callback = location(&back, None).await;
    let part = |name| callback.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let values = json!({"state": part("state"), "interactionCode": part("interaction_code")});
    browser.post("/api/idx/callback", values).await.json()
}

#[tokio::test]
async fn sec_227_the_browser_returns_after_an_identity_provider_and_after_a_mailed_link() {
    let scene = scene().await;
    let mut browser = scene.browser();
    let begun = browser.begin(json!({"idp": PROVIDER, "returnTo": "/orders"})).await;
    assert_eq!(begun["nextStep"]["name"], "redirect-idp");
    assert_eq!(begun["nextStep"]["idp"]["id"], PROVIDER);
    assert_eq!(returned(&through_provider(&browser, &begun).await), ("success-redirect", "/orders"));

    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY, "password": PASSWORD, "returnTo": "/orders"})).await;
    browser.proceed(json!({"authenticator": "okta_email"})).await;
    let link = Url::parse(scene.org.inbox(MARY)[0].link.as_deref().unwrap()).unwrap();
    let callback = location(&link, None).await;
    let part = |name| callback.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let done = browser.post("/api/idx/callback", json!({"state": part("state"), "otp": part("otp")})).await;
    assert_eq!(returned(&done.json()), ("success-redirect", "/orders"));
}

#[tokio::test]
async fn an_identity_provider_that_the_org_does_not_offer_is_refused() {
    let scene = scene().await;
    let refused = scene.browser().post("/api/idx/authenticate", json!({"idp": "0oaother"})).await;
    assert_eq!(refused.problem(), (400, "invalid_request".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("`idp`"));
}

#[tokio::test]
async fn a_login_hint_and_a_maximum_age_reach_the_org() {
    let scene = scene().await;
    let mut browser = scene.browser();
    let begun = browser.begin(json!({"loginHint": MARY, "maxAge": 60})).await;
    let inputs = begun["nextStep"]["inputs"].as_array().unwrap();
    assert!(inputs.iter().any(|input| input["value"] == MARY), "{begun}");
    browser.begin(json!({"maxAge": "60"})).await;
    for wrong in [json!(-1), json!("soon"), json!(true), json!(1.5)] {
        let refused = scene.browser().post("/api/idx/authenticate", json!({"maxAge": wrong})).await;
        assert_eq!(refused.problem(), (400, "invalid_request".to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn a_username_without_a_domain_is_completed_before_it_goes_to_the_org() {
    let settings = [("LATCHKEY_USERNAME_APPEND", "@example.com")];
    let scene = Scene::with(Options::default(), &settings).await;
    for values in [json!({"username": "mary"}), json!({"identifier": " mary "}), json!({"username": MARY})] {
        let mut at_once = scene.browser();
        let mut whole = values.clone();
        whole["password"] = PASSWORD.into();
        let next = at_once.begin(whole.clone()).await;
        assert_eq!(next["nextStep"]["name"], "select-authenticator-authenticate", "{values}: {next}");
        let mut later = scene.browser();
        later.begin(json!({})).await;
        let next = later.proceed(whole).await;
        assert_eq!(next["nextStep"]["name"], "select-authenticator-authenticate", "{values}: {next}");
    }
}

#[tokio::test]
async fn a_username_without_a_domain_is_completed_in_a_recovery_too() {
    let settings = [("LATCHKEY_USERNAME_APPEND", "@example.com")];
    for (typed, append) in [("mary", &settings[..]), (MARY, &settings[..]), (MARY, &[])] {
        let scene = Scene::with(Options::default(), append).await;
        let mut browser = scene.browser();
        let first = browser.step("/api/idx/recover-password", json!({})).await;
        assert_eq!(first["nextStep"]["name"], "identify-recovery", "{first}");
        let next = browser.proceed(json!({"username": typed})).await;
        assert_eq!(next["user"]["identifier"], MARY, "{typed}: {next}");
    }
}

#[tokio::test]
async fn the_login_page_leads_to_the_page_of_the_flow_that_is_named() {
    let scene = Scene::new().await;
    let browser = scene.browser();
    let moved = browser.get("/login?flow=register&return_to=%2Forders").await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    assert_eq!(moved.headers[header::LOCATION], "/register?return_to=%2Forders");
    assert_eq!(browser.post("/login", json!({})).await.problem(), (405, "method_not_allowed".to_owned()));
}

#[tokio::test]
async fn a_new_flow_says_who_is_signed_in_and_what_a_step_up_is_for() {
    let scene = scene().await;
    let mut browser = scene.browser();
    let first = browser.begin(json!({})).await;
    assert_eq!((&first["signedIn"], &first["stepUp"]), (&Value::Null, &Value::Null), "{first}");
    browser.proceed(json!({"username": MARY, "password": PASSWORD})).await;

    let usual = browser.begin(json!({})).await;
    assert_eq!(usual["signedIn"]["identifier"], MARY, "{usual}");
    assert_eq!(usual["signedIn"]["firstName"], "Mary", "{usual}");
    assert_eq!(usual["stepUp"], Value::Null, "{usual}");

    let again = browser.begin(json!({"maxAge": 60})).await;
    assert_eq!(again["stepUp"], json!({"maxAge": 60}), "{again}");
    let filled_in = again["nextStep"]["inputs"][0]["value"].as_str();
    assert_eq!(filled_in, Some(MARY), "{again}");
    // A refused answer is still about the same account.
    let refused = browser.proceed(json!({"username": MARY, "password": "wrong"})).await;
    assert_eq!(refused["signedIn"]["identifier"], MARY, "{refused}");
    assert_eq!(refused["stepUp"], json!({"maxAge": 60}), "{refused}");

    browser.post("/api/logout", json!({})).await;
    let after = browser.begin(json!({})).await;
    assert_eq!(after["signedIn"], Value::Null, "{after}");
}
