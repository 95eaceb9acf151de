//! Phones and tokens over the `/dev` API.

use super::test_org::{MARY, PASSWORD, TestOrg, read};
use serde_json::json;

/// A user who has verified the password and must now enrol or verify this authenticator.
async fn user_at_step(key: &str, what: &str) -> TestOrg {
    let mut test = TestOrg::new().await;
    test.org
        .add_app(&json!({
            "client_id": "latchkey",
            "sign_on": [{ "authenticate_with": "password-and-another", "factors": [key] }],
            "enrollment": { "okta_password": "REQUIRED", key: "OPTIONAL" },
        }))
        .unwrap();
    let user = json!({ "login": "pat@example.com", "password": PASSWORD, what: [key] });
    test.org.add_user(&user).unwrap();
    test.interact(&[]).await;
    let signing_in = json!({ "identifier": "pat@example.com", "credentials": { "passcode": PASSWORD } });
    let (_, chosen) = test.step("identify", signing_in).await;
    let id = "/remediation/value/0/value/0/options/0/value/form/value/0/value";
    if let Some(id) = chosen.pointer(id) {
        test.step("credential/enroll", json!({ "authenticator": { "id": id } })).await;
    }
    test
}

#[tokio::test]
async fn a_phone_is_paired_and_answers_over_the_dev_api() {
    let mut test = user_at_step("okta_verify", "enroll").await;
    let waiting = read(test.get("/dev/devices?login=pat@example.com").await).await.1;
    assert_eq!((&waiting[0]["asks"], &waiting[0]["channel"]), (&json!("pairing"), &json!("qrcode")));
    assert_eq!(test.dev("okta-verify", json!({ "login": MARY })).await.0, 404);
    assert_eq!(test.dev("okta-verify", json!({ "login": "pat@example.com" })).await.0, 200);
    assert!(test.step("challenge/poll", json!({})).await.1.get("successWithInteractionCode").is_some());
}

#[tokio::test]
async fn a_link_opens_okta_verify_on_the_device_of_the_browser_and_leaves_the_page() {
    let mut test = user_at_step("okta_verify", "enroll").await;
    let waiting = read(test.get("/dev/devices?login=pat@example.com").await).await.1;
    let link = url::Url::parse(waiting[0]["link"].as_str().unwrap()).unwrap();
    let open = format!("{}/open?login_hint=pat", link.path());
    assert_eq!(test.get(&open).await.status(), 204);
    assert_eq!(test.get(&open).await.status(), 204, "opened again");
    assert!(test.step("challenge/poll", json!({})).await.1.get("successWithInteractionCode").is_some());
}

#[tokio::test]
async fn a_push_answered_with_another_number_is_rejected() {
    let mut test = user_at_step("okta_verify", "factors").await;
    let id = "/remediation/value/0/value/0/form/value/0/value";
    let id = test.step("introspect", json!({})).await.1.pointer(id).unwrap().clone();
    test.step("challenge", json!({ "authenticator": { "id": id, "methodType": "push" } })).await;
    let waiting = read(test.get("/dev/devices").await).await.1;
    let numbers = waiting[0]["numbers"].as_array().unwrap();
    let other = numbers.iter().find(|n| **n != waiting[0]["number"]).unwrap();
    let answer = json!({ "login": "pat@example.com", "approve": true, "number": other });
    assert_eq!(test.dev("push", answer).await.0, 200);
    let (_, document) = test.step("authenticators/poll", json!({})).await;
    let pointer = "/messages/value/0/i18n/key";
    assert_eq!(document.pointer(pointer), Some(&json!("api.authn.poll.error.push_rejected")));
}

#[tokio::test]
async fn a_hardware_token_being_enrolled_shows_its_code() {
    let mut test = user_at_step("yubikey_token", "enroll").await;
    let waiting = read(test.get("/dev/devices?login=pat@example.com").await).await.1;
    let answer = json!({ "credentials": { "passcode": waiting[0]["code"] } });
    assert!(test.step("challenge/answer", answer).await.1.get("successWithInteractionCode").is_some());
}
