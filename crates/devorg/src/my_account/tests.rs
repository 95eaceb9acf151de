//! The MyAccount API with plain values: no clock, no network, seeded randomness.

use http::Method;
use serde_json::{Value, json};

use super::{AccountAnswer, AccountRefusal, AccountRequest, SCOPES, answer};
use crate::clock::{Timestamp, minutes};
use crate::credentials::webauthn::software_key::SoftwareKey;
use crate::org::authenticator::{Authenticator, Method as FactorMethod};
use crate::org::grants::{AccessToken, UserGrant};
use crate::org::settings::Settings;
use crate::org::state::OrgState;
use crate::org::transaction::InteractRequest;
use crate::org::user::VerifiedFactor;
use crate::random::Random;

const ORIGIN: &str = "http://localhost:8081";
const APP: &str = "http://localhost:8080";

/// Mary, signed in with an access token.
struct Scene {
    org: OrgState,
    now: Timestamp,
    random: Random,
}

impl Scene {
    /// Signed in with a password and e-mail, with every scope.
    fn new() -> Self {
        Self::with(&[Authenticator::OktaPassword, Authenticator::OktaEmail], &SCOPES)
    }

    fn with(verified: &[Authenticator], scopes: &[&str]) -> Self {
        let now = Timestamp::read("2030-01-01T00:00:00Z").unwrap();
        let mut random = Random::seeded(7);
        let file = crate::org::settings::default_org::FILE;
        let mut org = OrgState::new(Settings::read(file).unwrap(), now, &mut random);
        let user = org.users.by_login("mary@example.com").unwrap().id.clone();
        let verified =
            verified.iter().map(|key| VerifiedFactor { key: *key, method: FactorMethod::Otp, at: now });
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let request =
            InteractRequest { scopes: scopes.clone(), ..InteractRequest::of_the_org("latchkey".to_owned()) };
        let grant =
            UserGrant { user, request, verified: verified.collect(), auth_time: now, family: "f".to_owned() };
        let expires_at = now.after(minutes(60));
        let access = AccessToken { grant, scopes, jti: "AT.1".to_owned(), issued_at: now, expires_at };
        org.grants.add_access_token("token".to_owned(), access);
        Self { org, now, random }
    }

    fn call(&mut self, method: &Method, path: &str, body: Value) -> Result<AccountAnswer, AccountRefusal> {
        let request =
            AccountRequest { method, path, expand: Some("enrollments"), token: Some("token"), body };
        answer(&mut self.org, &request, ORIGIN, self.now, &mut self.random)
    }

    fn shown(&mut self, method: &Method, path: &str, body: Value) -> Value {
        self.call(method, path, body).unwrap().body.unwrap_or_default()
    }

    fn get(&mut self, path: &str) -> Value {
        self.shown(&Method::GET, path, json!({}))
    }

    fn code(&self) -> String {
        self.org.inbox.to(None).first().and_then(|sent| sent.code.clone()).unwrap()
    }

    fn later(&mut self, seconds: u64) {
        self.now = self.now.after(std::time::Duration::from_secs(seconds));
    }
}

fn new_email(address: &str, role: &str) -> Value {
    json!({ "profile": { "email": address }, "sendEmail": true, "role": role })
}

#[test]
fn a_call_needs_a_token_with_the_scope_of_its_area() {
    let mut scene = Scene::with(
        &[Authenticator::OktaPassword, Authenticator::OktaEmail],
        &["okta.myAccount.email.read", "okta.myAccount.phone.manage"],
    );
    assert_eq!(scene.get("emails")[0]["profile"]["email"], "mary@example.com");
    assert_eq!(scene.get("phones")[0]["status"], "VERIFIED", "manage includes read");
    let lacking = |scope: &str| Err(AccountRefusal::InsufficientScope(format!("okta.myAccount.{scope}")));
    assert_eq!(scene.call(&Method::GET, "password", json!({})), lacking("password.read"));
    assert_eq!(scene.call(&Method::POST, "emails", json!({})), lacking("email.manage"));
    assert_eq!(scene.call(&Method::GET, "nothing", json!({})), Err(AccountRefusal::NotFound));
    let request = AccountRequest {
        method: &Method::GET,
        path: "emails",
        expand: None,
        token: Some("other"),
        body: json!({}),
    };
    let refused = answer(&mut scene.org, &request, ORIGIN, scene.now, &mut scene.random);
    assert_eq!(refused, Err(AccountRefusal::InvalidToken));
}

#[test]
fn a_change_needs_a_sign_in_of_the_last_fifteen_minutes() {
    let mut scene = Scene::new();
    scene.later(15 * 60 + 1);
    let stepped_up = AccountRefusal::InsufficientAuthentication {
        max_age: 900,
        acr_values: "urn:okta:loa:2fa:any:ifpossible",
    };
    let added = scene.call(&Method::POST, "emails", new_email("new@example.com", "PRIMARY"));
    assert_eq!(added, Err(stepped_up));
    assert_eq!(scene.get("emails").as_array().unwrap().len(), 1, "reading goes on");
}

#[test]
fn a_change_needs_two_factors_if_the_user_has_them() {
    let mut scene = Scene::with(&[Authenticator::OktaPassword], &SCOPES);
    let removed = |scene: &mut Scene| {
        let id = scene.get("phones")[0]["id"].as_str().unwrap().to_owned();
        scene.call(&Method::DELETE, &format!("phones/{id}"), json!({}))
    };
    assert!(matches!(removed(&mut scene), Err(AccountRefusal::InsufficientAuthentication { .. })));
    assert_eq!(removed(&mut Scene::new()).unwrap().status, 204);
}

#[test]
fn a_confirmed_address_replaces_the_primary_one() {
    let mut scene = Scene::new();
    let added = scene.shown(&Method::POST, "emails", new_email("new@example.com", "PRIMARY"));
    assert_eq!((&added["status"], &added["roles"]), (&json!("UNVERIFIED"), &json!(["PRIMARY"])));
    let verify = added["_links"]["verify"]["href"].as_str().unwrap();
    let verify = verify.strip_prefix("http://localhost:8081/idp/myaccount/").unwrap().to_owned();
    let wrong = scene.call(&Method::POST, &verify, json!({ "verificationCode": "nope" }));
    assert!(matches!(wrong, Err(AccountRefusal::Api { status: 401, .. })), "{wrong:?}");
    let code = scene.code();
    let right = scene.call(&Method::POST, &verify, json!({ "verificationCode": code })).unwrap();
    assert_eq!((right.status, right.body), (200, None));
    let emails = scene.get("emails");
    assert_eq!(emails.as_array().unwrap().len(), 1);
    assert_eq!(emails[0]["profile"]["email"], "new@example.com");
    assert!(scene.call(&Method::POST, &verify, json!({ "verificationCode": code })).is_err(), "once");
}

#[test]
fn an_unconfirmed_address_can_be_deleted_and_a_confirmed_one_cannot() {
    let mut scene = Scene::new();
    let added = scene.shown(&Method::POST, "emails", new_email("second@example.com", "SECONDARY"));
    let delete = |scene: &mut Scene, id: &Value| {
        scene.call(&Method::DELETE, &format!("emails/{}", id.as_str().unwrap()), json!({}))
    };
    assert_eq!(delete(&mut scene, &added["id"]).unwrap().status, 204);
    let primary = scene.get("emails")[0]["id"].clone();
    assert!(matches!(delete(&mut scene, &primary), Err(AccountRefusal::Api { status: 400, .. })));
    let again = scene.call(&Method::POST, "emails", new_email("MARY@example.com", "SECONDARY"));
    assert!(matches!(again, Err(AccountRefusal::Api { status: 409, code: "E0000157", .. })));
    let bad = scene.call(&Method::POST, "emails", new_email("mary", "SECONDARY"));
    assert!(matches!(bad, Err(AccountRefusal::Api { status: 400, code: "E0000001", .. })));
}

#[test]
fn a_number_is_confirmed_by_the_code_that_was_sent_to_it() {
    let mut scene = Scene::new();
    let body = json!({ "profile": { "phoneNumber": "+1 555 765 4321" }, "sendCode": true, "method": "SMS" });
    let added = scene.shown(&Method::POST, "phones", body);
    assert_eq!(added["profile"]["phoneNumber"], "+15557654321");
    let path = |rest: &str| format!("phones/{}/{rest}", added["id"].as_str().unwrap());
    let again = json!({ "method": "CALL", "retry": true });
    let early = scene.call(&Method::POST, &path("challenge"), again.clone());
    assert!(matches!(early, Err(AccountRefusal::Api { status: 429, .. })), "{early:?}");
    scene.later(30);
    assert_eq!(scene.call(&Method::POST, &path("challenge"), again).unwrap().status, 200);
    let code = scene.code();
    let verified = scene.call(&Method::POST, &path("verify"), json!({ "verificationCode": code }));
    assert_eq!(verified.unwrap().status, 204);
    assert_eq!(scene.get("phones")[0]["profile"]["phoneNumber"], "+15557654321");
}

#[test]
fn a_new_password_must_follow_the_rules_and_the_current_one_must_be_right() {
    let mut scene = Scene::new();
    let put = |scene: &mut Scene, current: &str, new: &str| {
        let body = json!({ "profile": { "password": new, "currentPassword": current } });
        scene.call(&Method::PUT, "password", body)
    };
    for (current, new) in [("wrong", "Battery-Staple-7"), ("Correct-Horse-9", "short")] {
        let refused = put(&mut scene, current, new);
        assert!(matches!(refused, Err(AccountRefusal::Api { status: 400, .. })), "{refused:?}");
    }
    assert_eq!(put(&mut scene, "Correct-Horse-9", "Battery-Staple-7").unwrap().status, 201);
    let change = json!({ "oldPassword": "Battery-Staple-7", "newPassword": "Correct-Horse-8" });
    assert_eq!(scene.call(&Method::POST, "password/change-password", change).unwrap().status, 204);
    assert_eq!(scene.get("password")["status"], "ACTIVE");
    assert_eq!(scene.get("password/complexity-requirements")["complexity"]["minLength"], 8);
    assert_eq!(scene.call(&Method::DELETE, "password", json!({})).unwrap().status, 204);
    let get = scene.get("password");
    assert_eq!((&get["status"], get["_links"].get("enroll").is_some()), (&json!("NOT_ENROLLED"), true));
}

#[test]
fn a_passkey_is_made_renamed_and_removed() {
    let mut scene = Scene::new();
    let begun = scene.shown(&Method::POST, "webauthn/registration", json!({}));
    let challenge = begun["options"]["challenge"].as_str().unwrap();
    let made = SoftwareKey::new().create(challenge, APP);
    let passkey = scene.shown(&Method::POST, "webauthn", made.clone());
    assert_eq!(passkey["name"], "Passkey 1");
    assert!(scene.call(&Method::POST, "webauthn", made).is_err(), "a challenge counts once");
    let id = passkey["id"].as_str().unwrap();
    let path = format!("authenticators/{}/enrollments/{id}", Authenticator::Webauthn.id());
    let renamed = scene.shown(&Method::PATCH, &path, json!({ "nickname": "My key" }));
    assert_eq!(renamed["nickname"], "My key");
    assert_eq!(scene.get("webauthn")[0]["name"], "My key");
    assert_eq!(scene.call(&Method::DELETE, &format!("webauthn/{id}"), json!({})).unwrap().status, 204);
    assert_eq!(scene.get("webauthn"), json!([]));
}

#[test]
fn the_authenticators_are_listed_with_what_is_enrolled_and_what_may_be() {
    let mut scene = Scene::new();
    let all = scene.get("authenticators");
    let by_key = |key: &str| all.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap();
    let enrolled = |key: &str| by_key(key)["_embedded"]["enrollments"].as_array().unwrap().len();
    assert_eq!([enrolled("okta_password"), enrolled("phone_number"), enrolled("google_otp")], [1, 1, 0]);
    assert_eq!(by_key("okta_password")["_embedded"]["enrollments"][0]["canChangePassword"], true);
    assert_eq!(
        (&by_key("google_otp")["enrollable"], &by_key("phone_number")["enrollable"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn ending_the_sessions_revokes_the_token_too() {
    let mut scene = Scene::new();
    assert_eq!(scene.call(&Method::DELETE, "sessions", json!({})).unwrap().status, 204);
    assert_eq!(scene.call(&Method::GET, "emails", json!({})), Err(AccountRefusal::InvalidToken));
}
