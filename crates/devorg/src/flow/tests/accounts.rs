//! Registration, recovery, unlock and password expiry.

use serde_json::json;

use super::{MARY, PASSWORD, TestFlow, first_key, forms, id};
use crate::org::state::InvitationKind;

#[test]
fn registration_enrols_required_authenticators_and_lets_the_user_skip_the_rest() {
    let mut flow = TestFlow::start("guide-registration");
    assert_eq!(flow.goes("enroll", json!({})), ["enroll-profile", "select-identify"]);
    let profile =
        json!({"userProfile": {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com"}});
    assert_eq!(flow.goes("enroll/new", profile), ["select-authenticator-enroll"]);
    let enroll = |key: &str| json!({"authenticator": {"id": id(key)}});
    flow.goes("credential/enroll", enroll("okta_password"));
    let (status, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": "short"}}));
    assert_eq!(status, 400, "{document:#}");
    assert_eq!(flow.answer("Brand-New-Pass-1"), ["select-authenticator-enroll"]);
    assert_eq!(
        flow.goes("credential/enroll", enroll("okta_email")),
        ["enroll-authenticator", "select-authenticator-enroll"]
    );
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["select-authenticator-enroll", "skip"]);
    assert_eq!(flow.goes("skip", json!({})), ["success"]);
}

#[test]
fn a_forgotten_password_is_reset_by_email() {
    let mut flow = TestFlow::start("guide-registration");
    assert_eq!(flow.goes("recover", json!({})), ["identify-recovery", "select-identify"]);
    assert_eq!(flow.goes("identify", json!({"identifier": MARY})), ["select-authenticator-authenticate"]);
    assert_eq!(flow.choose("okta_email")[0], "challenge-authenticator");
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["reset-authenticator"]);
    assert_eq!(flow.answer("Brand-New-Pass-1"), ["success"]);
}

#[test]
fn recovery_for_an_unknown_user_looks_the_same_and_fails() {
    let mut flow = TestFlow::start("guide-password-email");
    flow.goes("recover", json!({}));
    flow.goes("identify", json!({"identifier": "nobody@example.com"}));
    assert_eq!(flow.choose("okta_email")[0], "challenge-authenticator");
    assert!(flow.org.inbox.to(None).is_empty());
    assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": "123456"}})).0, 401);
}

#[test]
fn too_many_wrong_passwords_lock_the_account_and_the_user_can_unlock_it() {
    let mut flow = TestFlow::start("latchkey");
    let attempt = |word: &str| json!({"identifier": MARY, "credentials": {"passcode": word}});
    for _ in 0..10 {
        assert_eq!(flow.post("identify", attempt("wrong")).0, 401);
    }
    assert_eq!(flow.post("identify", attempt(PASSWORD)).0, 401, "the right one does not help any more");
    assert_eq!(flow.goes("unlock-account", json!({})), ["select-authenticator-unlock-account"]);
    let by_mail =
        json!({"identifier": MARY, "authenticator": {"id": id("okta_email"), "methodType": "email"}});
    assert_eq!(flow.goes("challenge", by_mail)[0], "challenge-authenticator");
    let code = flow.code();
    let (_, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!(first_key(&document), "oie.selfservice.unlock_user.success.message");
    flow.goes("cancel", json!({}));
    assert_eq!(flow.goes("identify", attempt(PASSWORD)), ["select-authenticator-authenticate"]);
}

#[test]
fn registration_reports_mistakes_at_each_field_and_keeps_the_values() {
    let mut flow = TestFlow::start("guide-registration");
    flow.goes("enroll", json!({}));
    let (status, document) = flow.post(
        "enroll/new",
        json!({"userProfile": {"firstName": "Ada", "lastName": "", "email": "nonsense"}}),
    );
    assert_eq!(status, 400);
    let field = |n: usize, path: &str| {
        document.pointer(&format!("/remediation/value/0/value/0/form/value/{n}/{path}"))
    };
    assert_eq!(field(0, "value"), Some(&json!("Ada")));
    assert_eq!(field(1, "messages/value/0/i18n/key"), Some(&json!("registration.error.requiredAttribute")));
    assert_eq!(field(2, "messages/value/0/i18n/key"), Some(&json!("registration.error.invalidLoginEmail")));
    assert_eq!(field(2, "messages/value/1/i18n/key"), Some(&json!("registration.error.doesNotMatchPattern")));
}

#[test]
fn a_login_that_is_taken_is_refused() {
    let mut flow = TestFlow::start("guide-registration");
    flow.goes("enroll", json!({}));
    let (status, document) =
        flow.post("enroll/new", json!({"userProfile": {"firstName": "M", "lastName": "M", "email": MARY}}));
    let said = "/remediation/value/0/value/0/form/value/2/messages/value/0/i18n/key";
    assert_eq!(
        (status, document.pointer(said)),
        (400, Some(&json!("registration.error.notUniqueWithinOrg")))
    );
}

#[test]
fn an_app_without_passwords_challenges_the_only_authenticator() {
    let mut flow = TestFlow::start("latchkey-email");
    flow.goes("enroll", json!({}));
    let profile =
        json!({"userProfile": {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com"}});
    assert_eq!(flow.goes("enroll/new", profile)[0], "enroll-authenticator");
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn an_expired_password_must_be_replaced_by_a_new_one() {
    let mut flow = TestFlow::start("latchkey");
    flow.add(json!({"login": "old@example.com", "password": PASSWORD, "status": "PASSWORD_EXPIRED", "factors": ["okta_email"]}));
    let signing_in = json!({"identifier": "old@example.com", "credentials": {"passcode": PASSWORD}});
    assert_eq!(flow.goes("identify", signing_in), ["reenroll-authenticator"]);
    let (status, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": PASSWORD}}));
    assert_eq!(status, 400);
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!(document.pointer(said), Some(&json!("password.passwordRequirementsNotMet")));
    assert_eq!(flow.answer("Brand-New-Pass-1")[0], "authenticator-verification-data");
}

#[test]
fn a_password_about_to_expire_shows_the_days_left_and_can_be_kept() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { expire_after_days = 90, warn_before_days = 5 }\n";
    let mut flow = TestFlow::in_org(file, "a");
    flow.add(json!({"login": "soon@example.com", "password": PASSWORD, "password_age_days": 87}));
    let signing_in = json!({"identifier": "soon@example.com", "credentials": {"passcode": PASSWORD}});
    let (_, document) = flow.post("identify", signing_in);
    assert_eq!(forms(&document), ["reenroll-authenticator-warning", "skip"]);
    assert_eq!(first_key(&document), "idx.password.expiring.message");
    assert_eq!(document.pointer("/currentAuthenticator/value/settings/daysToExpiry"), Some(&json!(3)));
    assert_eq!(flow.goes("skip", json!({})), ["success"]);
}

#[test]
fn an_invitation_verifies_the_email_address() {
    let mut flow = TestFlow::start("latchkey");
    flow.add(json!({"login": "new@example.com", "status": "STAGED", "factors": ["okta_email"]}));
    let id = flow.org.users.by_login("new@example.com").unwrap().id.clone();
    flow.elsewhere(|engine| {
        engine.invited(id, InvitationKind::Activate);
        Ok(())
    });
    assert_eq!(flow.goes("introspect", json!({})), ["select-authenticator-enroll"]);
    flow.goes("credential/enroll", json!({"authenticator": {"id": super::id("okta_password")}}));
    assert_eq!(flow.answer("Brand-New-Pass-1"), ["select-authenticator-enroll", "skip"]);
    assert_eq!(flow.goes("skip", json!({})), ["success"]);
}

#[test]
fn recovery_can_also_ask_the_security_question() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { recovery = [\"phone_number\"], recovery_additional_question = true, recovery_continues_to_app = false }\n";
    let mut flow = TestFlow::in_org(file, "a");
    let factors = json!(["phone_number", "security_question"]);
    flow.add(json!({"login": "q@example.com", "password": PASSWORD, "factors": factors, "answer": "Liver"}));
    flow.goes("recover", json!({}));
    assert_eq!(
        flow.goes("identify", json!({"identifier": "q@example.com"})),
        ["authenticator-verification-data"]
    );
    flow.goes("challenge", json!({"authenticator": {"id": id("phone_number"), "methodType": "sms"}}));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["challenge-authenticator"]);
    let answer = |text: &str| json!({"credentials": {"questionKey": "disliked_food", "answer": text}});
    assert_eq!(flow.post("challenge/answer", answer("spinach")).0, 401);
    assert_eq!(flow.goes("challenge/answer", answer(" LIVER ")), ["reset-authenticator"]);
    let (status, document) =
        flow.post("challenge/answer", json!({"credentials": {"passcode": "Brand-New-Pass-1"}}));
    assert_eq!((status, first_key(&document)), (200, "idx.recovery.completed"));
}

#[test]
fn unlocking_can_continue_to_the_app() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { max_attempts = 2, unlock_continues_to_app = true }\n";
    let mut flow = TestFlow::in_org(file, "a");
    flow.add(json!({"login": "l@example.com", "password": PASSWORD, "status": "LOCKED_OUT"}));
    flow.goes("unlock-account", json!({}));
    let by_mail = json!({"identifier": "l@example.com", "authenticator": {"id": id("okta_email")}});
    flow.goes("challenge", by_mail);
    let code = flow.code();
    let (_, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!(first_key(&document), "oie.selfservice.unlock_user.landing.to.app.success.message");
    assert_eq!(flow.answer(PASSWORD), ["success"]);
}

#[test]
fn a_lock_ends_after_the_time_in_the_policy() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { max_attempts = 1, auto_unlock_minutes = 10 }\n";
    let mut flow = TestFlow::in_org(file, "a");
    flow.add(json!({"login": "l@example.com", "password": PASSWORD}));
    let attempt = |word: &str| json!({"identifier": "l@example.com", "credentials": {"passcode": word}});
    assert_eq!(flow.post("identify", attempt("wrong")).0, 401);
    assert_eq!(flow.post("identify", attempt(PASSWORD)).0, 401);
    flow.later(601);
    assert_eq!(flow.goes("identify", attempt(PASSWORD)), ["success"]);
}
