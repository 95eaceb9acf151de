//! CAPTCHAs over HTTP: ALTCHA's challenge, and the verification protocol of hCaptcha and reCAPTCHA.

use super::test_org::{MARY, PASSWORD, TestOrg, read};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

const PAGE: &str = "http://localhost:8080";
const HCAPTCHA_SECRET: &str = "0x0000000000000000000000000000000000000000";
const HCAPTCHA_KEY: &str = "10000000-ffff-ffff-ffff-000000000001";

/// The solution of a challenge, as a client writes it.
fn solve(challenge: &Value) -> String {
    let salt = challenge["salt"].as_str().unwrap();
    let hash = |number: &u64| -> String {
        let hash = digest(&SHA256, format!("{salt}{number}").as_bytes());
        hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let max = challenge["maxnumber"].as_u64().unwrap();
    let number = (0..=max).find(|number| hash(number) == challenge["challenge"]).unwrap();
    let mut payload = challenge.clone();
    payload["number"] = json!(number);
    STANDARD.encode(payload.to_string())
}

#[tokio::test]
async fn a_page_fetches_a_challenge_of_its_app_and_signs_in_with_the_solution() {
    let mut test = TestOrg::new().await;
    let captcha = json!({ "type": "ALTCHA", "max_number": 500 });
    let (status, app) = test.dev("apps", json!({ "client_id": "latchkey", "captcha": captcha })).await;
    assert_eq!(status, 201, "{app}");
    let (_, document) = {
        test.interact(&[]).await;
        test.step("introspect", json!({})).await
    };
    let form = document.pointer("/captcha/value/challengeUrlForm").unwrap();
    let request = test.http.post(form["href"].as_str().unwrap()).header("origin", PAGE);
    let request = request.header("content-type", "application/json");
    let response =
        request.body(json!({ "stateHandle": document["stateHandle"] }).to_string()).send().await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], PAGE);
    let (status, challenge) = read(response).await;
    assert_eq!((status, &challenge["maxnumber"]), (200, &json!(500)));
    let answer = json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD },
        "captchaVerify": { "captchaId": "altcha", "captchaToken": solve(&challenge) } });
    let (status, document) = test.step("identify", answer).await;
    assert_eq!(status, 200, "{document:#}");

    let (status, challenge) = read(test.page_calls(Method::GET, "/api/v1/altcha", PAGE).await).await;
    assert_eq!((status, &challenge["maxnumber"]), (200, &json!(50_000)), "without a page: the usual one");
}

#[tokio::test]
async fn the_stand_ins_give_a_token_and_verify_it_once() {
    let test = TestOrg::new().await;
    let token = async |vendor: &str, key: &str| {
        let request = test.http.post(format!("{}/captcha/{vendor}/token", test.org.origin()));
        read(request.body(key.to_owned()).send().await.unwrap()).await
    };
    let verify = async |path: &str, fields: &[(&str, &str)]| {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = test.http.post(format!("{}/captcha/{path}", test.org.origin()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        read(request.body(body).send().await.unwrap()).await.1
    };
    assert_eq!(token("hcaptcha", "another").await.0, 400);
    let issued = token("hcaptcha", HCAPTCHA_KEY).await.1["token"].as_str().unwrap().to_owned();
    let fields = [("secret", HCAPTCHA_SECRET), ("response", issued.as_str())];
    assert_eq!(verify("hcaptcha/siteverify", &fields).await["success"], json!(true));
    for (fields, error) in [
        (vec![("response", "P1_x")], "missing-input-secret"),
        (vec![("secret", HCAPTCHA_SECRET)], "missing-input-response"),
        (vec![("secret", "another"), ("response", "P1_x")], "invalid-input-secret"),
        (vec![("secret", HCAPTCHA_SECRET), ("response", "x")], "invalid-input-response"),
        (fields.into(), "already-seen-response"),
    ] {
        let answer = json!({ "success": false, "error-codes": [error] });
        assert_eq!(verify("hcaptcha/siteverify", &fields).await, answer);
    }
    let google = [("secret", "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"), ("response", "P1_old")];
    let answer = verify("recaptcha/api/siteverify", &google).await;
    assert_eq!(answer["error-codes"], json!(["timeout-or-duplicate"]));
    for path in ["/captcha/hcaptcha/1/api.js", "/captcha/recaptcha/api.js"] {
        assert_eq!(test.get(path).await.headers()["content-type"], "text/javascript; charset=utf-8");
    }
    assert_eq!(test.get("/captcha/another/1/api.js").await.status(), 404);
}
