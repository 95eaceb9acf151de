//! Passkeys as Okta offers them: the button, the promotion after the sign-in, and the org's own name for them.

use serde_json::{Value, json};

use super::{PASSWORD, TestFlow, first_key, forms};
use crate::credentials::webauthn::software_key::SoftwareKey;

const ORIGIN: &str = "http://localhost:8080";
const ADA: &str = "ada@example.com";

/// An org with one app that has these passkey settings, and a user without a passkey.
fn with_passkeys(settings: &str) -> TestFlow {
    let app = format!(
        "[[apps]]\nclient_id = \"a\"\npasskeys = {settings}\nsign_on = [{{ authenticate_with = \"any-1-factor\" }}]\n"
    );
    let mut flow = TestFlow::in_org(&app, "a");
    flow.add(json!({ "login": ADA, "password": PASSWORD }));
    flow
}

fn signs_in(flow: &mut TestFlow) -> Vec<String> {
    flow.goes("identify", json!({ "identifier": ADA, "credentials": { "passcode": PASSWORD } }))
}

fn challenge(document: &Value) -> String {
    let data = document.pointer("/currentAuthenticator/value/contextualData/activationData").unwrap();
    assert_eq!(data.pointer("/authenticatorSelection/requireResidentKey"), Some(&json!(true)));
    data["challenge"].as_str().unwrap().to_owned()
}

/// Accepts the promotion with this device.
fn accepts(flow: &mut TestFlow, device: &SoftwareKey) -> Vec<String> {
    let (_, document) = flow.post("introspect", json!({}));
    let made = device.create(&challenge(&document), ORIGIN);
    flow.goes("credential/enroll", json!({ "credentials": made }))
}

#[test]
fn a_passkey_is_offered_after_the_sign_in_and_enrolled_in_one_request() {
    let mut flow = with_passkeys("{ promotion = {} }");
    assert_eq!(signs_in(&mut flow), ["enroll-authenticator-promotion", "skip"]);
    let (status, document) =
        flow.post("credential/enroll", json!({ "credentials": { "attestation": "AA" } }));
    assert_eq!((status, forms(&document)[0].as_str()), (403, "enroll-authenticator-promotion"));
    assert_eq!(accepts(&mut flow, &SoftwareKey::new()), ["success"]);
    flow.restart();
    assert_eq!(signs_in(&mut flow), ["success"], "a user with a passkey is not asked again");
}

#[test]
fn a_skipped_offer_comes_back_after_the_cooldown_until_it_was_skipped_often_enough() {
    let mut flow = with_passkeys("{ promotion = { skip_count = 2, cooldown_days = 30 } }");
    let day = 24 * 60 * 60;
    for (later, offered) in [(0, true), (29 * day, false), (2 * day, true), (31 * day, false)] {
        flow.later(later);
        flow.restart();
        let next = signs_in(&mut flow);
        assert_eq!(next[0] == "enroll-authenticator-promotion", offered, "after {later} s: {next:?}");
        if offered {
            assert_eq!(flow.goes("skip", json!({})), ["success"]);
        }
    }
}

#[test]
fn a_passkey_that_is_required_or_not_allowed_is_not_promoted() {
    for enrollment in ["NOT_ALLOWED", "REQUIRED"] {
        let app = format!(
            "[[apps]]\nclient_id = \"a\"\npasskeys = {{ promotion = {{}} }}\nsign_on = [{{ authenticate_with = \"password\" }}]\n\
             enrollment = {{ okta_password = \"REQUIRED\", webauthn = \"{enrollment}\" }}\n"
        );
        let mut flow = TestFlow::in_org(&app, "a");
        flow.add(json!({ "login": ADA, "password": PASSWORD }));
        assert_ne!(signs_in(&mut flow)[0], "enroll-authenticator-promotion", "{enrollment}");
    }
}

#[test]
fn the_button_takes_a_passkey_and_the_same_challenge_serves_autofill() {
    let mut flow = with_passkeys("{ button = true, promotion = {} }");
    let device = SoftwareKey::new();
    signs_in(&mut flow);
    accepts(&mut flow, &device);
    flow.restart();
    let (_, document) = flow.post("introspect", json!({}));
    let names = forms(&document);
    assert!(names.contains(&"launch-passkeys-authenticator".to_owned()), "{names:?}");
    assert!(!names.contains(&"challenge-webauthn-autofillui-authenticator".to_owned()), "{names:?}");
    let data = document.pointer("/webauthnAutofillUIChallenge/value/challengeData").unwrap();
    let challenge = data["challenge"].as_str().unwrap();
    let mut used = device.get(challenge, ORIGIN, 1);
    used["userHandle"] = json!("00unobody");
    let (status, document) =
        flow.post("challenge/answer/webauthn-autofillui", json!({ "credentials": used }));
    assert_eq!((status, first_key(&document)), (401, "errors.E0000004"));
    assert_eq!(forms(&document)[0], "identify");
    used["userHandle"] = json!(flow.org.users.by_login(ADA).unwrap().id);
    assert_eq!(
        flow.goes("challenge/answer/webauthn-autofillui", json!({ "credentials": used })),
        ["success"]
    );
}

#[test]
fn the_older_button_leads_to_a_challenge_that_says_who_signs_in() {
    let mut flow = with_passkeys("{ launch = true, promotion = {} }");
    let device = SoftwareKey::new();
    signs_in(&mut flow);
    accepts(&mut flow, &device);
    flow.restart();
    assert!(flow.goes("introspect", json!({})).contains(&"launch-webauthn-authenticator".to_owned()));
    assert_eq!(flow.goes("authenticators/webauthn/launch", json!({}))[0], "challenge-authenticator");
    let (_, document) = flow.post("introspect", json!({}));
    let fields = document.pointer("/remediation/value/0/value/0/form/value").unwrap().as_array().unwrap();
    assert!(fields.iter().any(|field| field["name"] == "userHandle"), "{document}");
    let data = document.pointer("/currentAuthenticator/value/contextualData/challengeData").unwrap();
    let mut used = device.get(data["challenge"].as_str().unwrap(), ORIGIN, 1);
    for stranger in [json!(null), json!("00ustranger")] {
        used["userHandle"] = stranger;
        let (status, document) = flow.post("challenge/answer", json!({ "credentials": used }));
        assert_eq!((status, first_key(&document)), (401, "errors.E0000004"));
    }
    used["userHandle"] = json!(flow.org.users.by_login(ADA).unwrap().id);
    assert_eq!(flow.goes("challenge/answer", json!({ "credentials": used })), ["success"]);
}

#[test]
fn a_passkey_is_launched_only_where_the_app_has_the_button_and_from_the_first_page() {
    let mut flow = with_passkeys("{ button = true }");
    assert_eq!(flow.post("authenticators/webauthn/launch", json!({})).0, 400);
    let mut flow = with_passkeys("{ launch = true, promotion = {} }");
    signs_in(&mut flow);
    assert_eq!(flow.post("authenticators/webauthn/launch", json!({})).0, 400);
}

#[test]
fn the_org_names_its_passkeys() {
    let mut flow = with_passkeys("{ name = \"Passkeys\", promotion = {} }");
    signs_in(&mut flow);
    let (_, document) = flow.post("introspect", json!({}));
    assert_eq!(document.pointer("/currentAuthenticator/value/displayName"), Some(&json!("Passkeys")));
    assert_eq!(document.pointer("/enrollmentAuthenticator/value/displayName"), Some(&json!("Passkeys")));
    assert!(!document.to_string().contains("Security Key or Biometric"));
}

#[test]
fn passkeys_are_for_the_domain_that_the_org_names() {
    for (domain, expected) in [("localhost", (200, true)), ("example.com", (403, false))] {
        let mut flow = with_passkeys(&format!("{{ rp_id = \"{domain}\", button = true, promotion = {{}} }}"));
        let (_, first) = flow.post("introspect", json!({}));
        let id = first.pointer("/webauthnAutofillUIChallenge/value/challengeData/rpId");
        assert_eq!(id, Some(&json!(domain)));
        signs_in(&mut flow);
        let (_, document) = flow.post("introspect", json!({}));
        let id = document.pointer("/currentAuthenticator/value/contextualData/activationData/rp/id").cloned();
        assert_eq!(id, Some(json!(domain)));
        let made = SoftwareKey::new().create(&challenge(&document), ORIGIN);
        let (status, document) = flow.post("credential/enroll", json!({ "credentials": made }));
        assert_eq!((status, document.get("successWithInteractionCode").is_some()), expected, "{domain}");
    }
}
