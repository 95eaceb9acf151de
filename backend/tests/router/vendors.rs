//! Authenticators of other vendors: tokens with more than a code, pages elsewhere and the way back, and Duo's frame.

use crate::scene::{Browser, PASSWORD, Scene, server};
use http::{Request, StatusCode, header};
use latchkey_devorg::{Options, Org};
use latchkey_idx::{Body, HttpTransport, Transport};
use serde_json::{Value, json};
use url::Url;

const USER: &str = "pat@example.com";

/// Lets this authenticator follow the password, and gives the password in a browser.
async fn at_step(scene: &Scene, key: &str, member: &str, vendors: Value) -> (Browser, Value) {
    let app = json!({
        "client_id": "latchkey",
        "sign_on": [{"authenticate_with": "password-and-another", "factors": [key]}],
        "enrollment": {"okta_password": "REQUIRED", key: "OPTIONAL"},
        "vendors": vendors,
    });
    scene.org.add_app(&app).unwrap();
    scene.org.add_user(&json!({"login": USER, "password": PASSWORD, member: [key]})).unwrap();
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let mut transaction = browser.proceed(json!({"username": USER, "password": PASSWORD})).await;
    if member == "enroll" {
        transaction = browser.proceed(json!({"authenticator": key})).await;
    }
    (browser, transaction)
}

/// What the user's token shows while it is enrolled.
async fn shown(scene: &Scene) -> String {
    let request = Request::get(format!("{}/dev/devices?login={USER}", scene.org.origin()));
    let answer = HttpTransport::new().unwrap().send(request.body(Body::default()).unwrap()).await.unwrap();
    let devices: Value = serde_json::from_slice(answer.body().as_bytes()).unwrap();
    devices[0]["code"].as_str().unwrap().to_owned()
}

/// The address at the org to which our own address leads.
async fn leave(browser: &Browser, transaction: &Value) -> Url {
    let href = transaction["nextStep"]["href"].as_str().unwrap();
    assert!(href.starts_with("/login/redirect/"), "{href}");
    let left = browser.get(href).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    Url::parse(left.headers[header::LOCATION].to_str().unwrap()).unwrap()
}

/// The address to which a page leads, without a form or with one.
async fn redirected(page: &Url, form: Option<&str>) -> Url {
    let request = match form {
        Some(_) => Request::post(page.as_str()),
        None => Request::get(page.as_str()),
    };
    let request = request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.unwrap_or_default().to_owned()))
        .unwrap();
    let answer = HttpTransport::new().unwrap().send(request).await.unwrap();
    Url::parse(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap()
}

/// Goes to the page of the org, decides there, and brings back what the browser brings.
async fn decide(browser: &Browser, transaction: &Value, decision: &str) -> Value {
    let page = leave(browser, transaction).await;
    bring_back(browser, &redirected(&page, Some(&format!("decision={decision}"))).await).await
}

/// Goes to the identity provider, answers there as this account, and brings back what the browser brings.
async fn answer_at_provider(browser: &Browser, transaction: &Value, account: &str, answer: &str) -> Value {
    let provider = redirected(&leave(browser, transaction).await, None).await;
    let callback = redirected(&provider, Some(&format!("email={account}&answer={answer}"))).await;
    bring_back(browser, &redirected(&callback, None).await).await
}

async fn bring_back(browser: &Browser, back: &Url) -> Value {
    let part = |name| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let mut body = json!({"state": part("state")});
    match (part("interaction_code"), part("error")) {
        (Some(code), _) => body["interactionCode"] = json!(code),
        (None, error) => body["error"] = json!(error),
    }
    browser.post("/api/idx/callback", body).await.json()
}

#[tokio::test]
async fn a_token_of_an_account_is_enrolled_with_the_user_name() {
    for key in ["rsa_token", "onprem_mfa"] {
        let scene = Scene::new().await;
        let (mut browser, transaction) = at_step(&scene, key, "enroll", json!({})).await;
        let inputs = transaction["nextStep"]["inputs"].as_array().unwrap();
        let names: Vec<_> = inputs.iter().map(|input| input["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["clientData", "verificationCode"], "{key}");
        assert_eq!(inputs[1]["secret"], true, "the code may begin with a PIN");
        let code = shown(&scene).await;
        let refused = browser.proceed(json!({"clientData": "another", "verificationCode": code})).await;
        assert_eq!(refused["nextStep"]["name"], "enroll-authenticator", "{key}");
        let done = browser.proceed(json!({"clientData": USER, "verificationCode": code})).await;
        assert_eq!(done["status"], "SUCCESS", "{key}: {done}");
    }
}

#[tokio::test]
async fn a_page_elsewhere_leads_back_to_the_same_flow_refused_or_approved() {
    for (key, vendors) in [("smart_card_idp", json!({})), ("duo", json!({"duo": "page"}))] {
        for member in ["factors", "enroll"] {
            let scene = Scene::new().await;
            let (browser, asked) = at_step(&scene, key, member, vendors.clone()).await;
            assert_eq!(asked["nextStep"]["name"], "redirect-idp", "{key}");
            assert_eq!(asked["nextStep"]["authenticator"]["key"], key);
            let refused = decide(&browser, &asked, "no").await;
            assert_eq!(refused["nextStep"]["name"], "redirect-idp", "{key} {member}");
            assert_eq!(refused["messages"].as_array().map(Vec::len), Some(1), "{refused}");
            let done = decide(&browser, &refused, "yes").await;
            assert_eq!(done["status"], "SUCCESS", "{key} {member}: {done}");
        }
    }
}

#[tokio::test]
async fn an_identity_provider_as_an_authenticator_leads_back_to_the_same_flow() {
    for member in ["factors", "enroll"] {
        let scene = Scene::new().await;
        let (browser, asked) = at_step(&scene, "external_idp", member, json!({})).await;
        assert_eq!(asked["nextStep"]["name"], "redirect-idp", "{asked}");
        assert_eq!(asked["nextStep"]["authenticator"]["key"], "external_idp");
        let denied = answer_at_provider(&browser, &asked, USER, "no").await;
        assert_eq!(denied["nextStep"]["authenticator"]["key"], "external_idp", "{denied}");
        assert_eq!(denied["messages"].as_array().map(Vec::len), Some(1), "{denied}");
        let done = answer_at_provider(&browser, &denied, USER, "yes").await;
        assert_eq!(done["status"], "SUCCESS", "{member}: {done}");
    }
    let scene = Scene::new().await;
    let (browser, asked) = at_step(&scene, "external_idp", "factors", json!({})).await;
    let other = answer_at_provider(&browser, &asked, "someone@example.com", "yes").await;
    assert_eq!(other["nextStep"]["authenticator"]["key"], "external_idp", "{other}");
}

/// Holds the card of this user to the reader.
async fn hold_card(scene: &Scene) {
    let request = Request::post(format!("{}/dev/card", scene.org.origin()))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"login": USER}).to_string()));
    let answer = HttpTransport::new().unwrap().send(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_card_on_the_first_page_is_offered_beside_the_username() {
    let scene = Scene::new().await;
    let app = json!({
        "client_id": "latchkey", "global_session": {"establish_with": "any-factor"},
        "sign_on": [{"authenticate_with": "any-1-factor"}],
        "enrollment": {"nfc_pin": "OPTIONAL"}, "vendors": {"card_button": true}, "poll_milliseconds": 10,
    });
    scene.org.add_app(&app).unwrap();
    scene.org.add_user(&json!({"login": USER, "factors": ["nfc_pin"]})).unwrap();
    let mut browser = scene.browser();
    let first = browser.begin(json!({})).await;
    assert_eq!(first["nextStep"]["name"], "identify");
    let others = first["availableSteps"].as_array().unwrap();
    assert!(others.iter().any(|step| step["name"] == "launch-nfc-authenticator"), "{first}");
    let waiting = browser.proceed(json!({"step": "launch-nfc-authenticator"})).await;
    assert_eq!(waiting["nextStep"]["name"], "challenge-poll", "{waiting}");
    hold_card(&scene).await;
    let asked = browser.step("/api/idx/poll", json!({})).await;
    assert_eq!(asked["nextStep"]["name"], "challenge-authenticator", "{asked}");
    let done = browser.proceed(json!({"verificationCode": "246810"})).await;
    assert_eq!(done["status"], "SUCCESS", "{done}");
}

#[tokio::test]
async fn a_forgotten_pin_is_replaced() {
    let scene = Scene::new().await;
    let (mut browser, asked) = at_step(&scene, "nfc_pin", "factors", json!({})).await;
    assert_eq!(asked["nextStep"]["name"], "challenge-poll", "{asked}");
    hold_card(&scene).await;
    let asked = browser.step("/api/idx/poll", json!({})).await;
    let others = asked["availableSteps"].as_array().unwrap();
    assert!(others.iter().any(|step| step["name"] == "currentAuthenticator-recover"), "{asked}");
    let new = browser.proceed(json!({"step": "currentAuthenticator-recover"})).await;
    assert_eq!(new["nextStep"]["name"], "reset-authenticator", "{new}");
    assert_eq!(new["nextStep"]["authenticator"]["key"], "nfc_pin");
    let done = browser.proceed(json!({"verificationCode": "975310"})).await;
    assert_eq!(done["status"], "SUCCESS", "{done}");
}

#[tokio::test]
async fn a_service_that_verifies_identities_comes_with_its_terms() {
    for (service, policy) in [
        ("persona", "https://withpersona.com/legal/privacy-policy"),
        ("standard", "https://help.example.com/privacy"),
    ] {
        let scene = Scene::new().await;
        let app = json!({
            "client_id": "latchkey", "sign_on": [{"authenticate_with": "password"}],
            "enrollment": {"okta_password": "REQUIRED"}, "vendors": {"identity_verification": service},
        });
        scene.org.add_app(&app).unwrap();
        scene.org.add_user(&json!({"login": USER, "password": PASSWORD})).unwrap();
        let mut browser = scene.browser();
        browser.begin(json!({})).await;
        let asked = browser.proceed(json!({"username": USER, "password": PASSWORD})).await;
        assert_eq!(asked["nextStep"]["name"], "redirect-idverify", "{asked}");
        assert_eq!(asked["nextStep"]["consent"]["details"][1]["value"], policy);
        assert_eq!(decide(&browser, &asked, "yes").await["status"], "SUCCESS", "{service}");
    }
}

#[tokio::test]
async fn sec_233_the_page_of_duo_embeds_a_listed_origin_only() {
    let scene = Scene::new().await;
    let (browser, asked) = at_step(&scene, "duo", "factors", json!({})).await;
    let href = asked["nextStep"]["href"].as_str().unwrap().to_owned();
    assert!(href.starts_with("/login/duo/"), "{href}");
    let page = browser.get(&href).await;
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(text.contains("data-missing=\"duo_origins\"") && !text.contains("TX|"), "{text}");
    assert!(!page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-src"));
    assert_eq!(
        scene.browser().get(&href).await.status,
        StatusCode::NOT_FOUND,
        "another browser has no such flow"
    );
}

#[tokio::test]
async fn duo_signs_in_by_what_its_frame_answers() {
    let org = Org::start(Options::default()).await.unwrap();
    let settings = [("LATCHKEY_DUO_ORIGINS", org.origin())];
    let server = server(&org.issuer(), &settings, None).await;
    let scene = Scene { org, server };
    let (mut browser, asked) = at_step(&scene, "duo", "enroll", json!({})).await;
    let page = browser.get(asked["nextStep"]["href"].as_str().unwrap()).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.ends_with(&format!("; frame-src {}", scene.org.origin())), "{policy}");
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    let own = text.split_once("data-request=\"").unwrap().1.split(['"', ':']).nth(1).unwrap().to_owned();
    let refused = browser.proceed(json!({"signatureData": "AUTH|1:APP|1"})).await;
    let key = "oie.authenticator.duo.method.duo.verification_failed";
    assert_eq!(
        (&refused["nextStep"]["name"], &refused["messages"][0]["i18n"]["key"]),
        (&json!("enroll-authenticator"), &json!(key))
    );
    let signed = format!("AUTH|{}:{own}", shown(&scene).await);
    assert_eq!(browser.proceed(json!({"signatureData": signed})).await["status"], "SUCCESS");
}
