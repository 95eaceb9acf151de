//! New accounts, forgotten passwords, locked accounts, passwords that expire.

use serde_json::json;

use super::{MARY, PASSWORD, Story, first_key, forms, id};
use crate::org::state::Invited;

#[test]
fn registering_sets_up_what_is_required_and_lets_the_rest_be_skipped() {
    let mut story = Story::at("guide-registration");
    assert_eq!(story.goes("enroll", json!({})), ["enroll-profile", "select-identify"]);
    let profile =
        json!({"userProfile": {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com"}});
    assert_eq!(story.goes("enroll/new", profile), ["select-authenticator-enroll"]);
    let enroll = |key: &str| json!({"authenticator": {"id": id(key)}});
    story.goes("credential/enroll", enroll("okta_password"));
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": "short"}}));
    assert_eq!(status, 400, "{document:#}");
    assert_eq!(story.answer("Brand-New-Pass-1"), ["select-authenticator-enroll"]);
    assert_eq!(
        story.goes("credential/enroll", enroll("okta_email")),
        ["enroll-authenticator", "select-authenticator-enroll"]
    );
    let code = story.code();
    assert_eq!(story.answer(&code), ["select-authenticator-enroll", "skip"]);
    assert_eq!(story.goes("skip", json!({})), ["success"]);
}

#[test]
fn a_forgotten_password_is_set_anew_by_mail() {
    let mut story = Story::at("guide-registration");
    assert_eq!(story.goes("recover", json!({})), ["identify-recovery", "select-identify"]);
    assert_eq!(story.goes("identify", json!({"identifier": MARY})), ["select-authenticator-authenticate"]);
    assert_eq!(story.choose("okta_email")[0], "challenge-authenticator");
    let code = story.code();
    assert_eq!(story.answer(&code), ["reset-authenticator"]);
    assert_eq!(story.answer("Brand-New-Pass-1"), ["success"]);
}

#[test]
fn a_stranger_who_recovers_sees_what_anybody_sees_and_gets_nowhere() {
    let mut story = Story::at("guide-password-email");
    story.goes("recover", json!({}));
    story.goes("identify", json!({"identifier": "nobody@example.com"}));
    assert_eq!(story.choose("okta_email")[0], "challenge-authenticator");
    assert!(story.world.inbox.to(None).is_empty());
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": "123456"}})).0, 401);
}

#[test]
fn too_many_wrong_passwords_lock_and_unlocking_opens() {
    let mut story = Story::at("latchkey");
    let attempt = |word: &str| json!({"identifier": MARY, "credentials": {"passcode": word}});
    for _ in 0..10 {
        assert_eq!(story.post("identify", attempt("wrong")).0, 401);
    }
    assert_eq!(story.post("identify", attempt(PASSWORD)).0, 401, "the right one does not help any more");
    assert_eq!(story.goes("unlock-account", json!({})), ["select-authenticator-unlock-account"]);
    let by_mail =
        json!({"identifier": MARY, "authenticator": {"id": id("okta_email"), "methodType": "email"}});
    assert_eq!(story.goes("challenge", by_mail)[0], "challenge-authenticator");
    let code = story.code();
    let (_, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!(first_key(&document), "oie.selfservice.unlock_user.success.message");
    story.goes("cancel", json!({}));
    assert_eq!(story.goes("identify", attempt(PASSWORD)), ["select-authenticator-authenticate"]);
}

#[test]
fn what_was_typed_wrong_is_told_at_each_field_and_comes_back() {
    let mut story = Story::at("guide-registration");
    story.goes("enroll", json!({}));
    let (status, document) = story.post(
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
fn a_login_somebody_has_is_not_given_twice() {
    let mut story = Story::at("guide-registration");
    story.goes("enroll", json!({}));
    let (status, document) =
        story.post("enroll/new", json!({"userProfile": {"firstName": "M", "lastName": "M", "email": MARY}}));
    let said = "/remediation/value/0/value/0/form/value/2/messages/value/0/i18n/key";
    assert_eq!(
        (status, document.pointer(said)),
        (400, Some(&json!("registration.error.notUniqueWithinOrg")))
    );
}

#[test]
fn an_app_without_passwords_starts_with_the_only_thing_there_is() {
    let mut story = Story::at("latchkey-email");
    story.goes("enroll", json!({}));
    let profile =
        json!({"userProfile": {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com"}});
    assert_eq!(story.goes("enroll/new", profile)[0], "enroll-authenticator");
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn an_expired_password_is_renewed_first_and_the_old_one_will_not_do() {
    let mut story = Story::at("latchkey");
    story.add(json!({"login": "old@example.com", "password": PASSWORD, "status": "PASSWORD_EXPIRED", "factors": ["okta_email"]}));
    let signing_in = json!({"identifier": "old@example.com", "credentials": {"passcode": PASSWORD}});
    assert_eq!(story.goes("identify", signing_in), ["reenroll-authenticator"]);
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": PASSWORD}}));
    assert_eq!(status, 400);
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!(document.pointer(said), Some(&json!("password.passwordRequirementsNotMet")));
    assert_eq!(story.answer("Brand-New-Pass-1")[0], "authenticator-verification-data");
}

#[test]
fn a_password_that_will_expire_says_when_and_may_be_kept_a_while() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { expire_after_days = 90, warn_before_days = 5 }\n";
    let mut story = Story::in_org(file, "a");
    story.add(json!({"login": "soon@example.com", "password": PASSWORD, "password_age_days": 87}));
    let signing_in = json!({"identifier": "soon@example.com", "credentials": {"passcode": PASSWORD}});
    let (_, document) = story.post("identify", signing_in);
    assert_eq!(forms(&document), ["reenroll-authenticator-warning", "skip"]);
    assert_eq!(first_key(&document), "idx.password.expiring.message");
    assert_eq!(document.pointer("/currentAuthenticator/value/settings/daysToExpiry"), Some(&json!(3)));
    assert_eq!(story.goes("skip", json!({})), ["success"]);
}

#[test]
fn who_comes_by_an_invitation_has_shown_that_the_mail_is_theirs() {
    let mut story = Story::at("latchkey");
    story.add(json!({"login": "new@example.com", "status": "STAGED", "factors": ["okta_email"]}));
    let id = story.world.users.by_login("new@example.com").unwrap().id.clone();
    story.elsewhere(|walk| {
        walk.invited(id, Invited::Activate);
        Ok(())
    });
    assert_eq!(story.goes("introspect", json!({})), ["select-authenticator-enroll"]);
    story.goes("credential/enroll", json!({"authenticator": {"id": super::id("okta_password")}}));
    assert_eq!(story.answer("Brand-New-Pass-1"), ["select-authenticator-enroll", "skip"]);
    assert_eq!(story.goes("skip", json!({})), ["success"]);
}

#[test]
fn recovery_may_ask_the_question_on_top() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { recovery = [\"phone_number\"], recovery_additional_question = true, recovery_continues_to_app = false }\n";
    let mut story = Story::in_org(file, "a");
    let factors = json!(["phone_number", "security_question"]);
    story.add(json!({"login": "q@example.com", "password": PASSWORD, "factors": factors, "answer": "Liver"}));
    story.goes("recover", json!({}));
    assert_eq!(
        story.goes("identify", json!({"identifier": "q@example.com"})),
        ["authenticator-verification-data"]
    );
    story.goes("challenge", json!({"authenticator": {"id": id("phone_number"), "methodType": "sms"}}));
    let code = story.code();
    assert_eq!(story.answer(&code), ["challenge-authenticator"]);
    let answer = |text: &str| json!({"credentials": {"questionKey": "disliked_food", "answer": text}});
    assert_eq!(story.post("challenge/answer", answer("spinach")).0, 401);
    assert_eq!(story.goes("challenge/answer", answer(" LIVER ")), ["reset-authenticator"]);
    let (status, document) =
        story.post("challenge/answer", json!({"credentials": {"passcode": "Brand-New-Pass-1"}}));
    assert_eq!((status, first_key(&document)), (200, "idx.recovery.completed"));
}

#[test]
fn unlocking_may_go_on_to_the_app() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { max_attempts = 2, unlock_continues_to_app = true }\n";
    let mut story = Story::in_org(file, "a");
    story.add(json!({"login": "l@example.com", "password": PASSWORD, "status": "LOCKED_OUT"}));
    story.goes("unlock-account", json!({}));
    let by_mail = json!({"identifier": "l@example.com", "authenticator": {"id": id("okta_email")}});
    story.goes("challenge", by_mail);
    let code = story.code();
    let (_, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!(first_key(&document), "oie.selfservice.unlock_user.landing.to.app.success.message");
    assert_eq!(story.answer(PASSWORD), ["success"]);
}

#[test]
fn a_lock_opens_by_itself_if_the_policy_says_so() {
    let file = "[[apps]]\nclient_id = \"a\"\nsign_on = [{ authenticate_with = \"password\" }]\n\
         password = { max_attempts = 1, auto_unlock_minutes = 10 }\n";
    let mut story = Story::in_org(file, "a");
    story.add(json!({"login": "l@example.com", "password": PASSWORD}));
    let attempt = |word: &str| json!({"identifier": "l@example.com", "credentials": {"passcode": word}});
    assert_eq!(story.post("identify", attempt("wrong")).0, 401);
    assert_eq!(story.post("identify", attempt(PASSWORD)).0, 401);
    story.later(601);
    assert_eq!(story.goes("identify", attempt(PASSWORD)), ["success"]);
}
