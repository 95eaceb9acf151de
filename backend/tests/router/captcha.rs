//! CAPTCHAs: the page gets what it needs to make a token, and nothing that leads to the org.

use crate::scene::{Browser, MARY, PASSWORD, Scene};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use latchkey_devorg::Options;
use serde_json::{Value, json};

/// A server whose org asks for this CAPTCHA.
async fn scene(captcha: Value) -> Scene {
    let scene = Scene::with(Options::default(), &[]).await;
    scene.org.add_app(&json!({"client_id": "latchkey", "captcha": captcha})).unwrap();
    scene
}

/// Fetches a challenge and makes a token of it, as a page does.
async fn token(browser: &Browser) -> Value {
    let answer = browser.post("/api/idx/captcha", json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let task = &answer.json()["altcha"];
    assert!(task["expiresIn"].as_u64().unwrap() > 60, "{task}");
    let salt = task["salt"].as_str().unwrap();
    let hash = |number: &u64| -> String {
        let hash = digest(&SHA256, format!("{salt}{number}").as_bytes());
        hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let number = (0..=task["maxNumber"].as_u64().unwrap()).find(|number| hash(number) == task["challenge"]);
    let payload = json!({"algorithm": "SHA-256", "challenge": task["challenge"], "number": number.unwrap(),
        "salt": salt, "signature": task["signature"], "took": 1});
    json!({"captchaId": "altcha", "captchaToken": STANDARD.encode(payload.to_string())})
}

fn altcha() -> Value {
    json!({"type": "ALTCHA", "max_number": 200})
}

#[tokio::test]
async fn a_person_signs_in_where_the_org_asks_for_altcha() {
    let scene = scene(altcha()).await;
    let mut browser = scene.browser();
    let transaction = browser.begin(json!({})).await;
    assert_eq!(transaction["captcha"], json!({"type": "ALTCHA", "id": "altcha", "siteKey": "altcha"}));
    let inputs = transaction["nextStep"]["inputs"].as_array().unwrap();
    assert!(inputs.iter().any(|input| input["name"] == "captchaVerify"), "{transaction}");
    let mut answer = json!({"username": MARY, "password": PASSWORD});
    let transaction = browser.proceed(answer.clone()).await;
    assert_eq!(transaction["nextStep"]["name"], "identify", "without a token nothing is sent to the org");
    assert_eq!(scene.org.journal().iter().filter(|call| call.path.ends_with("/identify")).count(), 0);

    answer["captchaVerify"] = token(&browser).await;
    let used = answer.clone();
    let transaction = browser.proceed(answer).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate");

    let mut another = scene.browser();
    another.begin(json!({})).await;
    let transaction = another.proceed(used).await;
    assert_eq!(transaction["nextStep"]["name"], "identify");
    assert_eq!(
        transaction["messages"][0]["i18n"]["key"], "captcha.verification.failed",
        "a token counts once"
    );
}

#[tokio::test]
async fn sign_up_and_recovery_continue_with_a_token() {
    let scene = scene(altcha()).await;
    let mut browser = scene.browser();
    let transaction = browser.step("/api/idx/register", json!({})).await;
    assert_eq!(transaction["nextStep"]["name"], "enroll-profile");
    let profile = json!({"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com",
        "captchaVerify": token(&browser).await});
    let transaction = browser.proceed(profile).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-enroll", "{transaction}");

    let transaction = browser.step("/api/idx/recover-password", json!({})).await;
    assert_eq!(transaction["nextStep"]["name"], "identify-recovery");
    let answer = json!({"username": MARY, "captchaVerify": token(&browser).await});
    let transaction = browser.proceed(answer).await;
    assert_eq!(transaction["nextStep"]["name"], "select-authenticator-authenticate", "{transaction}");
}

#[tokio::test]
async fn the_address_of_the_challenge_stays_on_the_server() {
    let scene = scene(altcha()).await;
    let mut browser = scene.browser();
    let transaction = browser.begin(json!({})).await.to_string();
    let task = browser.post("/api/idx/captcha", json!({})).await.json().to_string();
    for received in [transaction, task] {
        assert!(!received.contains(scene.org.origin()) && !received.contains("/api/v1/"), "{received}");
    }
}

#[tokio::test]
async fn a_vendor_without_a_frame_names_the_setting_and_a_page_without_a_captcha_has_no_task() {
    let scene = scene(json!({"type": "HCAPTCHA"})).await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let answer = browser.post("/api/idx/captcha", json!({})).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"missingSetting": "captcha_origin"})));

    scene.org.add_app(&json!({"client_id": "latchkey", "captcha": null})).unwrap();
    browser.begin(json!({})).await;
    let answer = browser.post("/api/idx/captcha", json!({})).await;
    assert_eq!(answer.problem(), (400, "invalid_request".to_owned()));
}
