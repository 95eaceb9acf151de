//! CAPTCHAs: the page gets what it needs to make a token, and nothing that leads to the org.

use crate::scene::{Browser, MARY, PASSWORD, Scene};
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request, StatusCode, header};
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
    assert_eq!(transaction["nextStep"]["name"], "identify");
    assert_eq!(transaction["messages"][0]["i18n"]["key"], "api.error.field_required", "{transaction}");

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

/// A server with a frame at an origin of its own.
async fn framed(kind: &str) -> Scene {
    let settings = [
        ("LATCHKEY_PUBLIC_URL", "http://localhost:8080"),
        ("LATCHKEY_CAPTCHA_ORIGIN", "http://captcha.localhost:8080"),
    ];
    let scene = Scene::with(Options::default(), &settings).await;
    scene.org.add_app(&json!({"client_id": "latchkey", "captcha": {"type": kind}})).unwrap();
    scene
}

async fn get(browser: &Browser, host: &str, path: &str) -> crate::scene::Answer {
    let request = Request::builder().method(Method::GET).uri(path).header(header::HOST, host);
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_vendor_runs_in_a_frame_of_another_origin_with_a_wider_policy() {
    for (kind, path, source) in [
        ("HCAPTCHA", "/captcha/hcaptcha", "https://*.hcaptcha.com"),
        ("RECAPTCHA_V2", "/captcha/recaptcha", "https://www.google.com/recaptcha/"),
    ] {
        let scene = framed(kind).await;
        let mut browser = scene.browser();
        browser.begin(json!({})).await;
        let task = browser.post("/api/idx/captcha", json!({})).await.json();
        let frame = task["frame"].as_str().unwrap();
        assert!(frame.starts_with(&format!("http://captcha.localhost:8080{path}?site_key=")), "{task}");

        let page = get(&browser, "captcha.localhost:8080", path).await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert_eq!(page.status, StatusCode::OK);
        assert!(policy.contains(source) && policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.ends_with("frame-ancestors http://localhost:8080"), "{policy}");
        let script = get(&browser, "captcha.localhost:8080", "/captcha/frame.js").await;
        assert_eq!(script.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");

        let sign_in = browser.get("/login").await;
        let policy = sign_in.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.ends_with("; frame-src http://captcha.localhost:8080"), "{policy}");
        assert!(!policy.contains(source) && policy.contains("trusted-types 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn the_frame_and_the_rest_of_the_server_share_no_origin() {
    let scene = framed("HCAPTCHA").await;
    let browser = scene.browser();
    for (host, path) in [
        ("localhost:8080", "/captcha/hcaptcha"),
        ("localhost:8080", "/captcha/frame.js"),
        ("captcha.localhost:8080", "/login"),
        ("captcha.localhost:8080", "/api/session"),
    ] {
        assert_eq!(get(&browser, host, path).await.status, StatusCode::MISDIRECTED_REQUEST, "{host}{path}");
    }
    assert_eq!(get(&browser, "captcha.localhost:8080", "/captcha/other").await.status, StatusCode::NOT_FOUND);
    let scene = self::scene(json!({"type": "HCAPTCHA"})).await;
    let answer = get(&scene.browser(), "localhost:8080", "/captcha/hcaptcha").await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "without the setting there is no frame");
}
