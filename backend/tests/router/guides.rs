//! Okta's guides for embedded sign-in over the API: each step that they name, its inputs, and their words.

use crate::scene::{Browser, MARY, PASSWORD, Scene, choices};
use latchkey_devorg::Options;
use serde_json::{Value, json};

const NUMBER: &str = "+15550107788";

/// A browser before the app of a guide.
async fn guide(client_id: &str) -> (Scene, Browser) {
    let settings = [("LATCHKEY_CLIENT_ID", client_id), ("LATCHKEY_CLIENT_SECRET", "")];
    let scene = Scene::with(Options::default(), &settings).await;
    let browser = scene.browser();
    (scene, browser)
}

/// The name of the next step and of its inputs.
fn step(transaction: &Value) -> (&str, Vec<&str>) {
    let next = &transaction["nextStep"];
    let inputs = next["inputs"].as_array().into_iter().flatten();
    (next["name"].as_str().unwrap_or_default(), inputs.filter_map(|input| input["name"].as_str()).collect())
}

fn authenticator(transaction: &Value) -> [&str; 2] {
    ["type", "key"]
        .map(|member| transaction["nextStep"]["authenticator"][member].as_str().unwrap_or_default())
}

#[tokio::test]
async fn the_guide_with_password_and_phone_is_walked_in_its_own_words() {
    // Of the guide's inputs `verification` and `phoneFactor` are those of one edition, the others those of the rest.
    for (phone, method, code) in [
        ("phone_number", json!({ "methodType": "sms" }), "verificationCode"),
        ("phone", json!({ "phoneFactor": "SMS" }), "verification"),
    ] {
        let (scene, mut browser) = guide("guide-password-phone").await;
        let list = browser.begin(json!({ "username": MARY, "password": PASSWORD })).await;
        assert_eq!(list["status"], "PENDING");
        assert_eq!(step(&list), ("select-authenticator-authenticate", vec!["authenticator"]));
        assert_eq!(choices(&list), ["phone_number"]);

        let methods = browser.proceed(json!({ "authenticator": phone })).await;
        assert_eq!(step(&methods), ("authenticator-verification-data", vec!["methodType"]));
        assert_eq!(
            (authenticator(&methods), choices(&methods)),
            (["phone", "phone_number"], vec!["sms".into(), "voice".into()])
        );

        let asked = browser.proceed(method).await;
        assert_eq!(step(&asked), ("challenge-authenticator", vec!["verificationCode"]));
        let sent = scene.org.code("+15551234567").unwrap();
        assert_eq!(browser.proceed(json!({ code: sent })).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn the_guide_with_password_and_email_is_walked_in_its_own_words() {
    for (email, code) in [("okta_email", "verificationCode"), ("email", "verification")] {
        let (scene, mut browser) = guide("guide-password-email").await;
        let list = browser.begin(json!({ "username": MARY, "password": PASSWORD })).await;
        assert_eq!(step(&list), ("select-authenticator-authenticate", vec!["authenticator"]));
        assert_eq!(choices(&list), ["okta_email"]);
        assert!(scene.org.code(MARY).is_none(), "nothing is sent before the choice");

        let asked = browser.proceed(json!({ "authenticator": email })).await;
        assert_eq!(step(&asked), ("challenge-authenticator", vec!["verificationCode"]));
        assert_eq!(authenticator(&asked), ["email", "okta_email"]);
        let sent = scene.org.code(MARY).unwrap();
        assert_eq!(browser.proceed(json!({ code: sent })).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn the_guide_with_email_only_asks_for_the_mailed_code_after_the_username() {
    let (scene, mut browser) = guide("guide-email-only").await;
    let first = browser.begin(json!({})).await;
    assert_eq!(step(&first), ("identify", vec!["username", "rememberMe"]));
    let asked = browser.proceed(json!({ "username": MARY })).await;
    assert_eq!((&asked["status"], &asked["nextStep"]["type"]), (&json!("PENDING"), &json!("email")));
    assert_eq!(step(&asked), ("challenge-authenticator", vec!["verificationCode"]));
    assert_eq!(authenticator(&asked), ["email", "okta_email"]);
    let code = scene.org.code(MARY).unwrap();
    assert_eq!(browser.proceed(json!({ "verificationCode": code })).await["status"], "SUCCESS");
}

/// As far as the optional phone.
async fn registered(browser: &mut Browser, scene: &Scene, code: &str) {
    let profile = browser.step("/api/idx/register", json!({})).await;
    assert_eq!(step(&profile), ("enroll-profile", vec!["firstName", "lastName", "email"]));
    let ada = json!({ "firstName": "Ada", "lastName": "Byron", "email": "ada@example.com" });
    let list = browser.proceed(ada).await;
    assert_eq!(step(&list), ("select-authenticator-enroll", vec!["authenticator"]));
    assert_eq!((choices(&list), list["nextStep"].get("canSkip")), (vec!["okta_password".into()], None));

    let asked = browser.proceed(json!({ "authenticator": "okta_password" })).await;
    assert_eq!(step(&asked), ("enroll-authenticator", vec!["password"]));
    assert_eq!(authenticator(&asked), ["password", "okta_password"]);
    let list = browser.proceed(json!({ "password": "Battery-Staple-7" })).await;
    assert_eq!(step(&list), ("select-authenticator-enroll", vec!["authenticator"]));
    assert_eq!(choices(&list), ["okta_email", "phone_number"]);
    assert_eq!(list["nextStep"].get("canSkip"), None, "the e-mail address is not verified yet");

    let asked = browser.proceed(json!({ "authenticator": "okta_email" })).await;
    assert_eq!(step(&asked), ("enroll-authenticator", vec!["verificationCode"]));
    let sent = scene.org.code("ada@example.com").unwrap();
    let list = browser.proceed(json!({ code: sent })).await;
    assert_eq!(step(&list), ("select-authenticator-enroll", vec!["authenticator"]));
    assert_eq!((choices(&list), &list["nextStep"]["canSkip"]), (vec!["phone_number".into()], &json!(true)));
}

#[tokio::test]
async fn the_guide_with_registration_ends_when_the_phone_is_skipped() {
    for code in ["verificationCode", "verification"] {
        let (scene, mut browser) = guide("guide-registration").await;
        registered(&mut browser, &scene, code).await;
        assert_eq!(browser.proceed(json!({ "skip": true })).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn the_guide_with_registration_enrols_the_phone_by_method_and_number() {
    for (method, code) in [("methodType", "verificationCode"), ("phoneFactor", "verification")] {
        let (scene, mut browser) = guide("guide-registration").await;
        registered(&mut browser, &scene, code).await;
        let asked = browser.proceed(json!({ "authenticator": "phone_number" })).await;
        assert_eq!(step(&asked), ("authenticator-enrollment-data", vec!["methodType", "phoneNumber"]));
        assert_eq!(asked["nextStep"]["canSkip"], json!(true));
        let sent = browser.proceed(json!({ method: "sms", "phoneNumber": NUMBER })).await;
        assert_eq!(step(&sent), ("enroll-authenticator", vec!["verificationCode"]));
        let digits = scene.org.code(NUMBER).unwrap();
        assert_eq!(browser.proceed(json!({ code: digits })).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn the_messages_of_a_refused_profile_stand_at_its_fields() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.step("/api/idx/register", json!({})).await;
    let refused =
        browser.proceed(json!({"firstName": "Ada", "lastName": "Lovelace", "email": "no-address"})).await;
    let inputs = refused["nextStep"]["inputs"].as_array().unwrap();
    let email = inputs.iter().find(|input| input["name"] == "email").unwrap();
    assert_eq!(email["messages"][0]["i18n"]["key"], "registration.error.invalidLoginEmail");
    let others = inputs.iter().filter(|input| input["name"] != "email");
    assert!(others.into_iter().all(|input| input.get("messages").is_none()), "{inputs:?}");
}
