//! One test for each policy.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, TestFlow, first_key, forms, id};

#[test]
fn without_enumeration_protection_an_unknown_user_is_reported() {
    let file =
        crate::org::settings::default_org::FILE.replace("[org]\n", "[org]\nenumeration_protection = false\n");
    let mut flow = TestFlow::in_org(&file, "latchkey");
    let (status, document) = flow.post("identify", json!({"identifier": "nobody@example.com"}));
    assert_eq!((status, first_key(&document)), (400, "idx.unknown.user"));
    assert_eq!(document.pointer("/messages/value/0/class"), Some(&json!("INFO")));
}

/// An org with one app that has these policies.
fn app(policies: &str) -> TestFlow {
    let groups = "[org]\ngroups = [\"Staff\", \"Contractors\"]\n";
    TestFlow::in_org(&format!("{groups}[[apps]]\nclient_id = \"a\"\n{policies}\n"), "a")
}

fn password_of(login: &str) -> serde_json::Value {
    json!({"identifier": login, "credentials": {"passcode": PASSWORD}})
}

#[test]
fn any_one_factor_accepts_each_authenticator() {
    let mut flow = app(
        "global_session = { establish_with = \"any-factor\" }\nsign_on = [{ authenticate_with = \"any-1-factor\" }]",
    );
    flow.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    assert_eq!(
        flow.goes("identify", json!({"identifier": "p@example.com"})),
        ["select-authenticator-authenticate"]
    );
    assert_eq!(flow.choose("okta_password")[0], "challenge-authenticator");
    assert_eq!(flow.answer(PASSWORD), ["success"]);
}

#[test]
fn the_password_alone_is_enough_if_the_rule_says_so() {
    let mut flow = app("sign_on = [{ authenticate_with = \"password\" }]");
    flow.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    assert_eq!(flow.goes("identify", password_of("p@example.com")), ["success"]);
}

#[test]
fn two_factors_must_be_of_different_types() {
    let mut flow = app("sign_on = [{ authenticate_with = \"any-2-factors\" }]");
    let factors = json!(["okta_email", "security_question"]);
    flow.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": factors}));
    // The question is knowledge, like the password, so only e-mail is left.
    assert_eq!(flow.goes("identify", password_of("p@example.com")), ["authenticator-verification-data"]);
}

#[test]
fn the_first_rule_that_matches_a_group_applies() {
    let rules = "sign_on = [\n  { groups = [\"Contractors\"], access = \"DENIED\" },\n  \
         { groups = [\"Staff\"], authenticate_with = \"password\" },\n  { authenticate_with = \"password-and-another\" },\n]";
    let mut flow = app(rules);
    for (login, groups) in [
        ("c@example.com", json!(["Contractors"])),
        ("s@example.com", json!(["Staff"])),
        ("o@example.com", json!([])),
    ] {
        flow.add(json!({"login": login, "password": PASSWORD, "groups": groups, "factors": ["okta_email"]}));
    }
    assert_eq!(flow.goes("identify", password_of("s@example.com")), ["success"]);
    flow.restart();
    assert_eq!(flow.goes("identify", password_of("o@example.com")), ["authenticator-verification-data"]);
    flow.restart();
    let (status, document) = flow.post("identify", password_of("c@example.com"));
    assert_eq!((status, first_key(&document)), (403, "security.access_denied"));
}

#[test]
fn a_user_who_is_not_assigned_learns_it_only_after_the_right_password() {
    let mut flow = app("groups = [\"Staff\"]\nsign_on = [{ authenticate_with = \"password\" }]");
    flow.add(json!({"login": "p@example.com", "password": PASSWORD}));
    let (status, document) = flow.post("identify", password_of("p@example.com"));
    assert_eq!((status, first_key(&document)), (400, "idx.error.user.not.assigned.to.app"));
    let wrong = json!({"identifier": "p@example.com", "credentials": {"passcode": "Wrong-Horse-1"}});
    assert_eq!(first_key(&flow.post("identify", wrong).1), "errors.E0000004");
}

#[test]
fn acr_values_raise_the_required_assurance() {
    let mut flow = TestFlow::start("guide-step-up");
    flow.transaction.request.acr_values = Some("urn:okta:loa:2fa:any".to_owned());
    assert_eq!(flow.goes("identify", password_of(MARY)), ["select-authenticator-authenticate"]);
    let mut flow = TestFlow::start("guide-step-up");
    assert_eq!(flow.goes("identify", password_of(MARY)), ["success"]);
}

#[test]
fn a_factor_that_is_not_allowed_is_neither_offered_nor_counted() {
    let mut flow = app(
        "enrollment = { okta_password = \"REQUIRED\", okta_email = \"NOT_ALLOWED\", phone_number = \"OPTIONAL\" }",
    );
    flow.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    let (_, document) = flow.post("identify", password_of("p@example.com"));
    assert_eq!(forms(&document), ["select-authenticator-enroll"]);
    let options = document.pointer("/remediation/value/0/value/0/options").unwrap().as_array().unwrap().len();
    assert_eq!(options, 1);
}

#[test]
fn a_required_authenticator_is_enrolled_at_the_next_sign_in() {
    let mut flow = app(
        "sign_on = [{ authenticate_with = \"password\" }]\nenrollment = { okta_password = \"REQUIRED\", phone_number = \"REQUIRED\" }",
    );
    flow.add(json!({"login": "p@example.com", "password": PASSWORD}));
    assert_eq!(flow.goes("identify", password_of("p@example.com")), ["select-authenticator-enroll"]);
    assert_eq!(flow.post("skip", json!({})).0, 400);
}

#[test]
fn an_optional_enrolment_of_the_account_can_be_skipped() {
    let mut flow = app("sign_on = [{ authenticate_with = \"password\" }]");
    flow.add(json!({"login": "p@example.com", "password": PASSWORD, "enroll": ["phone_number"]}));
    assert_eq!(flow.goes("identify", password_of("p@example.com")), ["select-authenticator-enroll", "skip"]);
    assert_eq!(flow.goes("skip", json!({})), ["success"]);
}

#[test]
fn access_is_refused_if_no_authenticator_can_satisfy_the_rule() {
    let mut flow = app(
        "sign_on = [{ authenticate_with = \"password-and-another\" }]\nenrollment = { okta_password = \"REQUIRED\" }",
    );
    flow.add(json!({"login": "p@example.com", "password": PASSWORD}));
    let (status, document) = flow.post("identify", password_of("p@example.com"));
    assert_eq!((status, first_key(&document)), (400, "oie.assurance.unsatisfiable"));
}

#[test]
fn missing_attributes_are_asked_for_and_validated() {
    let mut flow = TestFlow::start("guide-progressive-profile");
    assert_eq!(flow.goes("identify", password_of(MARY)), ["profile-update"]);
    let colour = |name: &str| json!({"userProfile": {"favouriteColour": name}});
    assert_eq!(flow.post("enroll/new", colour("mauve")).0, 400);
    assert_eq!(flow.goes("enroll/new", colour("blue")), ["success"]);
    flow.restart();
    assert_eq!(flow.goes("identify", password_of(MARY)), ["success"]);
}

#[test]
fn attributes_have_patterns_and_lengths() {
    let mut flow = app(
        "[apps.profile]\nemail_verification = false\nattributes = [\n  { name = \"email\", label = \"Email\", required = true },\n  \
         { name = \"plate\", label = \"Plate\", pattern = \"[A-Z]{2}[0-9]+\", max_length = 6 },\n]",
    );
    flow.goes("enroll", json!({}));
    let profile = |plate: &str| json!({"userProfile": {"email": "n@example.com", "plate": plate}});
    for bad in ["ab1", "AB1234567"] {
        assert_eq!(flow.post("enroll/new", profile(bad)).0, 400, "{bad}");
    }
    assert_eq!(flow.post("enroll/new", profile("AB12")).0, 200);
}

#[test]
fn attributes_must_have_their_type() {
    let attributes = "  { name = \"email\", label = \"Email\", required = true },\n  \
         { name = \"born\", label = \"Born\", type = \"date\" },\n  { name = \"age\", label = \"Age\", type = \"number\" },\n  \
         { name = \"news\", label = \"News\", type = \"boolean\" },\n";
    let mut flow = app(&format!("[apps.profile]\nemail_verification = false\nattributes = [\n{attributes}]"));
    flow.goes("enroll", json!({}));
    let profile = |more: Value| {
        let mut profile = json!({"email": "n@example.com"});
        profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"userProfile": profile})
    };
    let bad = [
        (json!({"born": "2027-02-29"}), "doesNotMatchPattern"),
        (json!({"born": 1815}), "typeMismatch"),
        (json!({"age": "old"}), "doesNotMatchPattern"),
        (json!({"news": "perhaps"}), "doesNotMatchPattern"),
    ];
    for (bad, why) in bad {
        let (status, document) = flow.post("enroll/new", profile(bad.clone()));
        let asked = document.pointer("/remediation/value/0/value/0/form/value").unwrap().as_array().unwrap();
        let types: Vec<_> = asked.iter().map(|field| field.get("format").or(field.get("type"))).collect();
        assert_eq!(types, [None, Some(&json!("date")), Some(&json!("number")), Some(&json!("boolean"))]);
        let keys = asked.iter().filter_map(|field| field.pointer("/messages/value/0/i18n/key")?.as_str());
        let key = format!("registration.error.{why}");
        assert_eq!((status, keys.collect::<Vec<_>>()), (400, vec![key.as_str()]), "{bad}");
    }
    let good = json!({"born": "1815-12-10", "age": "36", "news": true});
    assert_eq!(flow.post("enroll/new", profile(good)).0, 200);
}

#[test]
fn registration_and_recovery_can_be_switched_off() {
    let mut flow =
        app("profile = { self_service_registration = false }\npassword = { recovery = [], unlock = [] }");
    assert_eq!(flow.goes("introspect", json!({})), ["identify"]);
    assert_eq!(flow.post("enroll", json!({})).0, 400);
    assert_eq!(flow.post("recover", json!({})).0, 403);
    assert_eq!(flow.post("unlock-account", json!({})).0, 400);
}

#[test]
fn a_new_password_must_satisfy_the_policy() {
    let mut flow =
        app("sign_on = [{ authenticate_with = \"password\" }]\n[apps.profile]\nemail_verification = false\n\
         [apps.password.complexity]\nmin_length = 12\nmin_symbol = 1\nexclude_attributes = [\"firstName\"]");
    flow.goes("enroll", json!({}));
    let profile = json!({"firstName": "Augusta", "lastName": "King", "email": "lovelace@example.com"});
    flow.goes("enroll/new", json!({"userProfile": profile}));
    flow.goes("credential/enroll", json!({"authenticator": {"id": id("okta_password")}}));
    for bad in ["Short-1", "NoSymbolAtAll1", "augusta-Is-1-here", "lovelace-Is-1-here"] {
        assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": bad}})).0, 400, "{bad}");
    }
    assert!(
        flow.post("challenge/answer", json!({"credentials": {"passcode": "Analytical-Engine-1"}})).0 == 200
    );
}

#[test]
fn a_factor_from_an_earlier_session_expires() {
    let mut flow = app("sign_on = [{ authenticate_with = \"password\", reauthenticate_after_minutes = 10 }]");
    flow.add(json!({"login": "p@example.com", "password": PASSWORD}));
    assert_eq!(flow.goes("identify", password_of("p@example.com")), ["success"]);
    flow.return_with_session();
    assert_eq!(flow.goes("introspect", json!({})), ["success"]);
    flow.later(601);
    flow.return_with_session();
    assert_ne!(flow.goes("introspect", json!({})), ["success"]);
}

#[test]
fn keep_me_signed_in_lengthens_the_session() {
    let mut flow = app("sign_on = [{ authenticate_with = \"password\" }]");
    flow.add(json!({"login": "p@example.com", "password": PASSWORD}));
    for (remember, stays) in [(false, false), (true, true)] {
        flow.restart();
        let body = json!({"identifier": "p@example.com", "credentials": {"passcode": PASSWORD}, "rememberMe": remember});
        flow.goes("identify", body);
        flow.later(60 * 60 * 24);
        flow.return_with_session();
        assert_eq!(flow.goes("introspect", json!({})) == ["success"], stays);
    }
}

#[test]
fn the_app_sets_the_poll_interval() {
    for (policy, every) in [("", 4000), ("poll_milliseconds = 500\n", 500)] {
        let mut flow =
            app(&format!("{policy}sign_on = [{{ authenticate_with = \"password-and-another\" }}]"));
        flow.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_verify"]}));
        flow.goes("identify", password_of("p@example.com"));
        let push = json!({"authenticator": {"id": id("okta_verify"), "methodType": "push"}});
        let (_, document) = flow.post("challenge", push);
        assert_eq!(document.pointer("/remediation/value/0/refresh"), Some(&json!(every)));
    }
}

#[test]
fn a_suspended_account_stays_closed_whatever_is_verified() {
    for status in ["LOCKED_OUT", "SUSPENDED"] {
        let mut flow = TestFlow::start("latchkey-email");
        flow.add(json!({"login": "c@example.com", "factors": ["okta_email"], "status": status}));
        flow.goes("identify", json!({"identifier": "c@example.com"}));
        flow.choose("okta_email");
        let code = flow.code();
        let (status, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": code}}));
        assert_eq!((status, first_key(&document)), (403, "errors.E0000119"));
    }
}

/// An org in which mailed codes have ten letters and digits.
const LETTERS: &str = "[[apps]]\nclient_id = \"a\"\nemail_code = { format = \"alphanumeric\", length = 10 }\n\
     sign_on = [{ authenticate_with = \"password-and-another\", factors = [\"okta_email\"] }]\n\
     enrollment = { okta_password = \"REQUIRED\", okta_email = \"REQUIRED\" }\n";

#[test]
fn a_mailed_code_may_have_letters_in_any_case_and_the_field_states_its_length() {
    let mut flow = TestFlow::in_org(LETTERS, "a");
    flow.add(json!({"login": "l@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    let signing_in = json!({"identifier": "l@example.com", "credentials": {"passcode": PASSWORD}});
    flow.goes("identify", signing_in);
    let chosen = json!({"authenticator": {"id": id("okta_email"), "methodType": "email"}});
    let (_, document) = flow.post("challenge", chosen);
    let field = document.pointer("/remediation/value/0/value/0/form/value/0").unwrap();
    assert_eq!(
        [&field["format"], &field["minLength"], &field["maxLength"]],
        [&json!("alphanumeric"), &json!(10), &json!(10)]
    );
    let code = flow.code();
    assert!(code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
    assert_eq!(flow.answer(&code.to_lowercase()), ["success"]);
}

#[test]
fn a_code_of_digits_states_neither_format_nor_length() {
    let file = LETTERS.replace("format = \"alphanumeric\", length = 10", "length = 8");
    let mut flow = TestFlow::in_org(&file, "a");
    flow.add(json!({"login": "l@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    flow.goes("identify", json!({"identifier": "l@example.com", "credentials": {"passcode": PASSWORD}}));
    let chosen = json!({"authenticator": {"id": id("okta_email"), "methodType": "email"}});
    let (_, document) = flow.post("challenge", chosen);
    let field = document.pointer("/remediation/value/0/value/0/form/value/0").unwrap();
    assert_eq!(field, &json!({"name": "passcode", "label": "Enter code"}));
    let code = flow.code();
    assert_eq!((code.len(), flow.answer(&code)), (8, vec!["success".to_owned()]));
}
