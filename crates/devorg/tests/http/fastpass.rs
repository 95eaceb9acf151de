//! Okta Verify on a device: probes, challenges, their signatures, and the ways around them.

use super::test_org::{CALLBACK, MARY, PASSWORD, TestOrg};
use latchkey_devorg::Options;
use serde_json::{Value, json};

const PAGE: &str = "http://localhost:8080";

/// An org whose app asks the device with this policy. Returns the port of the device of Mary.
async fn org_with(policy: Value, device: Value) -> (TestOrg, u64) {
    let mut test = TestOrg::new().await;
    let mut device = device;
    device["login"] = json!(MARY);
    let started = test.org.start_device(&device).await.unwrap();
    let port = started["port"].as_u64().unwrap();
    let mut policy = policy;
    policy["ports"] = json!([port]);
    test.org
        .add_app(&json!({
            "client_id": "latchkey",
            "redirect_uris": [CALLBACK],
            "global_session": { "establish_with": "any-factor" },
            "sign_on": [{ "authenticate_with": "any-1-factor" }],
            "enrollment": { "okta_password": "OPTIONAL", "okta_verify": "OPTIONAL", "okta_email": "OPTIONAL" },
            "fastpass": policy,
        }))
        .unwrap();
    test.interact(&[]).await;
    (test, port)
}

fn forms(document: &Value) -> Vec<&str> {
    let forms = document.pointer("/remediation/value").and_then(Value::as_array);
    forms.into_iter().flatten().filter_map(|form| form["name"].as_str()).collect()
}

/// Passes a challenge on as a page of this origin does.
async fn pass_on(test: &TestOrg, port: u64, origin: &str, request: &str) -> u16 {
    let body = json!({ "challengeRequest": request }).to_string();
    let call = test.http.post(format!("http://localhost:{port}/challenge")).header("origin", origin);
    let response = call.header("content-type", "application/json").body(body).send().await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], origin);
    response.status().as_u16()
}

fn request(document: &Value) -> String {
    let first = document.pointer("/authenticatorChallenge/value/challengeRequest");
    let as_factor =
        || document.pointer("/currentAuthenticator/value/contextualData/challenge/value/challengeRequest");
    first.or_else(as_factor).and_then(Value::as_str).unwrap().to_owned()
}

#[tokio::test]
async fn a_device_that_is_asked_first_signs_its_user_in() {
    let (mut test, port) = org_with(json!({ "probe": true }), json!({})).await;
    let (_, probing) = test.step("introspect", json!({})).await;
    assert_eq!(forms(&probing), ["device-challenge-poll"]);
    let challenge = probing.pointer("/authenticatorChallenge/value").unwrap();
    assert_eq!(
        (&challenge["challengeMethod"], &challenge["ports"]),
        (&json!("LOOPBACK"), &json!([port.to_string()]))
    );
    let preflight = test.http.request(reqwest::Method::OPTIONS, format!("http://localhost:{port}/probe"));
    let preflight = preflight.header("origin", PAGE).send().await.unwrap();
    assert_eq!(preflight.headers()["access-control-allow-headers"], "content-type, x-okta-xsrftoken");
    assert_eq!(test.http.get(format!("http://localhost:{port}/probe")).send().await.unwrap().status(), 200);
    let (_, waiting) = test.step("authenticators/poll", json!({})).await;
    assert_eq!(request(&waiting), request(&probing), "a poll does not change the challenge");
    assert_eq!(pass_on(&test, port, PAGE, &request(&probing)).await, 200);
    let (_, granted) = test.step("authenticators/poll", json!({})).await;
    assert!(granted.get("successWithInteractionCode").is_some(), "{granted:#}");
}

#[tokio::test]
async fn neither_a_page_of_another_origin_nor_a_forged_challenge_signs_anyone_in() {
    let (mut test, port) = org_with(json!({ "probe": true }), json!({})).await;
    let (_, probing) = test.step("introspect", json!({})).await;
    let challenge = request(&probing);
    assert_eq!(pass_on(&test, port, "https://evil.example", &challenge).await, 400);
    let (head, rest) = challenge.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    assert_eq!(pass_on(&test, port, PAGE, &format!("{head}.e30.{signature}")).await, 400);
    assert_eq!(pass_on(&test, port, PAGE, "x").await, 400);
    let (_, waiting) = test.step("authenticators/poll", json!({})).await;
    assert_eq!(forms(&waiting), ["device-challenge-poll"]);
}

#[tokio::test]
async fn the_username_is_asked_after_a_cancelled_probe_and_fastpass_is_then_a_method() {
    let (mut test, port) = org_with(json!({ "probe": true, "button": true }), json!({})).await;
    let reason = json!({ "reason": "OV_UNREACHABLE_BY_LOOPBACK", "statusCode": null });
    let (_, identify) = test.step("authenticators/poll/cancel", reason.clone()).await;
    assert!(forms(&identify).contains(&"launch-authenticator"), "{identify:#}");
    test.step("identify", json!({ "identifier": MARY })).await;
    let chosen = json!({ "authenticator": { "id": "autoktaverify00000000", "methodType": "signed_nonce" } });
    let id = |document: &Value| {
        document["authenticators"]["value"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["key"] == "okta_verify")
            .unwrap()["id"]
            .clone()
    };
    let (_, list) = test.step("introspect", json!({})).await;
    let mut chosen = chosen;
    chosen["authenticator"]["id"] = id(&list);
    let (_, waiting) = test.step("challenge", chosen.clone()).await;
    assert_eq!(forms(&waiting).first(), Some(&"challenge-poll"));
    let (_, again) = test.step("authenticators/poll/cancel", reason).await;
    assert_eq!(forms(&again).first(), Some(&"select-authenticator-authenticate"));
    let (_, waiting) = test.step("challenge", chosen).await;
    assert_eq!(pass_on(&test, port, PAGE, &request(&waiting)).await, 200);
    let (_, granted) = test.step("authenticators/poll", json!({})).await;
    assert!(granted.get("successWithInteractionCode").is_some(), "{granted:#}");
}

#[tokio::test]
async fn okta_verify_may_be_three_authenticators() {
    let (mut test, _) = org_with(json!({ "split": true }), json!({})).await;
    let (_, list) = test.step("identify", json!({ "identifier": MARY })).await;
    let options = list.pointer("/remediation/value/0/value/0/options").and_then(Value::as_array).unwrap();
    let keys: Vec<_> = options
        .iter()
        .filter_map(|option| {
            let path = option["relatesTo"]
                .as_str()?
                .trim_start_matches("$.")
                .replace(['.', '['], "/")
                .replace(']', "");
            list.pointer(&format!("/{path}/key"))?.as_str()
        })
        .collect();
    for key in ["okta_verify_fastpass", "okta_verify_push", "okta_verify_totp"] {
        assert!(keys.contains(&key), "{keys:?}");
    }
    assert!(!keys.contains(&"okta_verify"), "{keys:?}");
}

#[tokio::test]
async fn a_device_may_belong_to_another_user_or_fail_and_a_link_opens_it_too() {
    for (answers, status) in [("other-profile", 503), ("error", 500)] {
        let (mut test, port) = org_with(json!({ "probe": true }), json!({ "answers": answers })).await;
        let (_, probing) = test.step("introspect", json!({})).await;
        assert_eq!(pass_on(&test, port, PAGE, &request(&probing)).await, status);
    }
    let (mut test, _) = org_with(json!({ "probe": true, "method": "APP_LINK" }), json!({})).await;
    let (_, probing) = test.step("introspect", json!({})).await;
    let href = probing.pointer("/authenticatorChallenge/value/href").and_then(Value::as_str).unwrap();
    assert_eq!(test.http.get(href).send().await.unwrap().status(), 204);
    let (_, granted) = test.step("authenticators/poll", json!({})).await;
    assert!(granted.get("successWithInteractionCode").is_some(), "{granted:#}");
}

#[tokio::test]
async fn a_browser_without_apples_extension_gets_a_form_that_cancels() {
    let (mut test, _) = org_with(json!({ "probe": true, "method": "APPLE_SSO_EXTENSION" }), json!({})).await;
    let (_, asked) = test.step("introspect", json!({})).await;
    assert_eq!(forms(&asked), ["device-apple-sso-extension"]);
    let path = |document: &Value| {
        let href = document.pointer("/remediation/value/0/href").and_then(Value::as_str).unwrap();
        href.split_once("/idp/idx/").unwrap().1.to_owned()
    };
    let (status, declined) = test.step(&path(&asked), json!({})).await;
    assert_eq!((status, forms(&declined)), (401, vec!["cancel-transaction"]));
    let (_, identify) = test.step(&path(&declined), json!({})).await;
    assert_eq!(forms(&identify).first(), Some(&"identify"));
}

#[tokio::test]
async fn a_device_is_started_by_the_console_or_with_the_org_and_stops_with_both() {
    let test = TestOrg::new().await;
    let (status, started) = test.dev("fastpass", json!({})).await;
    assert_eq!((status, &started["login"]), (201, &json!(MARY)));
    assert_eq!(test.dev("fastpass", json!({ "login": "unknown@example.com" })).await.0, 400);
    let probe = format!("http://localhost:{}/probe", started["port"]);
    assert_eq!(test.http.get(&probe).send().await.unwrap().status(), 200);
    test.dev("reset", json!({})).await;
    assert!(test.http.get(&probe).send().await.is_err());
    let beside = TestOrg::with(Options { fastpass: Some(0), ..Options::default() }).await;
    let devices: Value =
        serde_json::from_str(&beside.get("/dev/fastpass").await.text().await.unwrap()).unwrap();
    assert_eq!(devices[0]["login"], MARY);
}

#[tokio::test]
async fn an_app_on_the_device_makes_it_fulfil_the_policy() {
    let (mut test, port) = org_with(json!({}), json!({})).await;
    let app = json!({
        "client_id": "latchkey",
        "redirect_uris": [CALLBACK],
        "global_session": { "establish_with": "password" },
        "sign_on": [{ "authenticate_with": "password" }],
        "enrollment": { "okta_password": "REQUIRED" },
        "device_assurance": { "app_ports": [port] },
    });
    test.org.add_app(&app).unwrap();
    let answer = json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD } });
    test.interact(&[]).await;
    let (status, refused) = test.step("identify", answer.clone()).await;
    assert_eq!(status, 403, "{refused:#}");
    let call = format!("http://localhost:{port}/azt/install-android-device-policy");
    let called = test.http.get(call).header("origin", PAGE).send().await.unwrap();
    assert_eq!(
        (called.status().as_u16(), &called.headers()["access-control-allow-origin"]),
        (200, &PAGE.parse().unwrap())
    );
    test.interact(&[]).await;
    let (_, granted) = test.step("identify", answer).await;
    assert!(granted.get("successWithInteractionCode").is_some(), "{granted:#}");
}
