//! A test a policy.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, Story, first_key, forms, id};

#[test]
fn an_org_without_enumeration_protection_says_whom_it_does_not_know() {
    let file =
        crate::org::settings::default_org::FILE.replace("[org]\n", "[org]\nenumeration_protection = false\n");
    let mut story = Story::in_org(&file, "latchkey");
    let (status, document) = story.post("identify", json!({"identifier": "nobody@example.com"}));
    assert_eq!((status, first_key(&document)), (400, "idx.unknown.user"));
    assert_eq!(document.pointer("/messages/value/0/class"), Some(&json!("INFO")));
}

/// An org with one app, whose policies are these lines.
fn app(policies: &str) -> Story {
    let groups = "[org]\ngroups = [\"Staff\", \"Contractors\"]\n";
    Story::in_org(&format!("{groups}[[apps]]\nclient_id = \"a\"\n{policies}\n"), "a")
}

fn password_of(login: &str) -> serde_json::Value {
    json!({"identifier": login, "credentials": {"passcode": PASSWORD}})
}

#[test]
fn any_one_factor_lets_in_with_whichever_is_chosen() {
    let mut story = app(
        "global_session = { establish_with = \"any-factor\" }\nsign_on = [{ authenticate_with = \"any-1-factor\" }]",
    );
    story.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    assert_eq!(
        story.goes("identify", json!({"identifier": "p@example.com"})),
        ["select-authenticator-authenticate"]
    );
    assert_eq!(story.choose("okta_password")[0], "challenge-authenticator");
    assert_eq!(story.answer(PASSWORD), ["success"]);
}

#[test]
fn the_password_alone_is_enough_where_the_rule_says_so() {
    let mut story = app("sign_on = [{ authenticate_with = \"password\" }]");
    story.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    assert_eq!(story.goes("identify", password_of("p@example.com")), ["success"]);
}

#[test]
fn two_factors_are_of_two_kinds() {
    let mut story = app("sign_on = [{ authenticate_with = \"any-2-factors\" }]");
    let factors = json!(["okta_email", "security_question"]);
    story.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": factors}));
    // The question is something known, as the password is, so only the mail is left.
    assert_eq!(story.goes("identify", password_of("p@example.com")), ["authenticator-verification-data"]);
}

#[test]
fn the_first_rule_for_a_group_holds() {
    let rules = "sign_on = [\n  { groups = [\"Contractors\"], access = \"DENIED\" },\n  \
         { groups = [\"Staff\"], authenticate_with = \"password\" },\n  { authenticate_with = \"password-and-another\" },\n]";
    let mut story = app(rules);
    for (login, groups) in [
        ("c@example.com", json!(["Contractors"])),
        ("s@example.com", json!(["Staff"])),
        ("o@example.com", json!([])),
    ] {
        story.add(json!({"login": login, "password": PASSWORD, "groups": groups, "factors": ["okta_email"]}));
    }
    assert_eq!(story.goes("identify", password_of("s@example.com")), ["success"]);
    story.begin_again();
    assert_eq!(story.goes("identify", password_of("o@example.com")), ["authenticator-verification-data"]);
    story.begin_again();
    let (status, document) = story.post("identify", password_of("c@example.com"));
    assert_eq!((status, first_key(&document)), (403, "security.access_denied"));
}

#[test]
fn who_is_not_assigned_to_the_app_is_told_once_the_password_was_right() {
    let mut story = app("groups = [\"Staff\"]\nsign_on = [{ authenticate_with = \"password\" }]");
    story.add(json!({"login": "p@example.com", "password": PASSWORD}));
    let (status, document) = story.post("identify", password_of("p@example.com"));
    assert_eq!((status, first_key(&document)), (400, "idx.error.user.not.assigned.to.app"));
    let wrong = json!({"identifier": "p@example.com", "credentials": {"passcode": "Wrong-Horse-1"}});
    assert_eq!(first_key(&story.post("identify", wrong).1), "errors.E0000004");
}

#[test]
fn an_app_that_asks_for_more_gets_it() {
    let mut story = Story::at("guide-step-up");
    story.at.request.acr_values = Some("urn:okta:loa:2fa:any".to_owned());
    assert_eq!(story.goes("identify", password_of(MARY)), ["select-authenticator-authenticate"]);
    let mut story = Story::at("guide-step-up");
    assert_eq!(story.goes("identify", password_of(MARY)), ["success"]);
}

#[test]
fn a_factor_that_is_not_allowed_is_not_offered_and_does_not_count() {
    let mut story = app(
        "enrollment = { okta_password = \"REQUIRED\", okta_email = \"NOT_ALLOWED\", phone_number = \"OPTIONAL\" }",
    );
    story.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_email"]}));
    let (_, document) = story.post("identify", password_of("p@example.com"));
    assert_eq!(forms(&document), ["select-authenticator-enroll"]);
    let options = document.pointer("/remediation/value/0/value/0/options").unwrap().as_array().unwrap().len();
    assert_eq!(options, 1);
}

#[test]
fn what_is_required_is_set_up_at_the_next_sign_in() {
    let mut story = app(
        "sign_on = [{ authenticate_with = \"password\" }]\nenrollment = { okta_password = \"REQUIRED\", phone_number = \"REQUIRED\" }",
    );
    story.add(json!({"login": "p@example.com", "password": PASSWORD}));
    assert_eq!(story.goes("identify", password_of("p@example.com")), ["select-authenticator-enroll"]);
    assert_eq!(story.post("skip", json!({})).0, 400);
}

#[test]
fn what_an_account_was_told_to_set_up_may_be_left_if_the_policy_does_not_insist() {
    let mut story = app("sign_on = [{ authenticate_with = \"password\" }]");
    story.add(json!({"login": "p@example.com", "password": PASSWORD, "enroll": ["phone_number"]}));
    assert_eq!(story.goes("identify", password_of("p@example.com")), ["select-authenticator-enroll", "skip"]);
    assert_eq!(story.goes("skip", json!({})), ["success"]);
}

#[test]
fn nobody_gets_in_where_nothing_they_have_or_may_have_is_enough() {
    let mut story = app(
        "sign_on = [{ authenticate_with = \"password-and-another\" }]\nenrollment = { okta_password = \"REQUIRED\" }",
    );
    story.add(json!({"login": "p@example.com", "password": PASSWORD}));
    let (status, document) = story.post("identify", password_of("p@example.com"));
    assert_eq!((status, first_key(&document)), (400, "oie.assurance.unsatisfiable"));
}

#[test]
fn attributes_that_are_missing_are_asked_for_and_checked() {
    let mut story = Story::at("guide-progressive-profile");
    assert_eq!(story.goes("identify", password_of(MARY)), ["profile-update"]);
    let colour = |name: &str| json!({"userProfile": {"favouriteColour": name}});
    assert_eq!(story.post("enroll/new", colour("mauve")).0, 400);
    assert_eq!(story.goes("enroll/new", colour("blue")), ["success"]);
    story.begin_again();
    assert_eq!(story.goes("identify", password_of(MARY)), ["success"]);
}

#[test]
fn attributes_have_patterns_and_lengths() {
    let mut story = app(
        "[apps.profile]\nemail_verification = false\nattributes = [\n  { name = \"email\", label = \"Email\", required = true },\n  \
         { name = \"plate\", label = \"Plate\", pattern = \"[A-Z]{2}[0-9]+\", max_length = 6 },\n]",
    );
    story.goes("enroll", json!({}));
    let profile = |plate: &str| json!({"userProfile": {"email": "n@example.com", "plate": plate}});
    for bad in ["ab1", "AB1234567"] {
        assert_eq!(story.post("enroll/new", profile(bad)).0, 400, "{bad}");
    }
    assert_eq!(story.post("enroll/new", profile("AB12")).0, 200);
}

#[test]
fn attributes_are_of_their_type() {
    let attributes = "  { name = \"email\", label = \"Email\", required = true },\n  \
         { name = \"born\", label = \"Born\", type = \"date\" },\n  { name = \"age\", label = \"Age\", type = \"number\" },\n  \
         { name = \"news\", label = \"News\", type = \"boolean\" },\n";
    let mut story =
        app(&format!("[apps.profile]\nemail_verification = false\nattributes = [\n{attributes}]"));
    story.goes("enroll", json!({}));
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
        let (status, document) = story.post("enroll/new", profile(bad.clone()));
        let asked = document.pointer("/remediation/value/0/value/0/form/value").unwrap().as_array().unwrap();
        let types: Vec<_> = asked.iter().map(|field| field.get("format").or(field.get("type"))).collect();
        assert_eq!(types, [None, Some(&json!("date")), Some(&json!("number")), Some(&json!("boolean"))]);
        let told = asked.iter().filter_map(|field| field.pointer("/messages/value/0/i18n/key")?.as_str());
        let key = format!("registration.error.{why}");
        assert_eq!((status, told.collect::<Vec<_>>()), (400, vec![key.as_str()]), "{bad}");
    }
    let good = json!({"born": "1815-12-10", "age": "36", "news": true});
    assert_eq!(story.post("enroll/new", profile(good)).0, 200);
}

#[test]
fn registration_and_recovery_can_be_switched_off() {
    let mut story =
        app("profile = { self_service_registration = false }\npassword = { recovery = [], unlock = [] }");
    assert_eq!(story.goes("introspect", json!({})), ["identify"]);
    assert_eq!(story.post("enroll", json!({})).0, 400);
    assert_eq!(story.post("recover", json!({})).0, 403);
    assert_eq!(story.post("unlock-account", json!({})).0, 400);
}

#[test]
fn a_password_is_as_the_policy_wants_it() {
    let mut story =
        app("sign_on = [{ authenticate_with = \"password\" }]\n[apps.profile]\nemail_verification = false\n\
         [apps.password.complexity]\nmin_length = 12\nmin_symbol = 1\nexclude_attributes = [\"firstName\"]");
    story.goes("enroll", json!({}));
    let profile = json!({"firstName": "Augusta", "lastName": "King", "email": "lovelace@example.com"});
    story.goes("enroll/new", json!({"userProfile": profile}));
    story.goes("credential/enroll", json!({"authenticator": {"id": id("okta_password")}}));
    for bad in ["Short-1", "NoSymbolAtAll1", "augusta-Is-1-here", "lovelace-Is-1-here"] {
        assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": bad}})).0, 400, "{bad}");
    }
    assert!(
        story.post("challenge/answer", json!({"credentials": {"passcode": "Analytical-Engine-1"}})).0 == 200
    );
}

#[test]
fn a_proof_from_an_earlier_session_grows_too_old() {
    let mut story =
        app("sign_on = [{ authenticate_with = \"password\", reauthenticate_after_minutes = 10 }]");
    story.add(json!({"login": "p@example.com", "password": PASSWORD}));
    assert_eq!(story.goes("identify", password_of("p@example.com")), ["success"]);
    story.return_with_session();
    assert_eq!(story.goes("introspect", json!({})), ["success"]);
    story.later(601);
    story.return_with_session();
    assert_ne!(story.goes("introspect", json!({})), ["success"]);
}

#[test]
fn who_wants_to_stay_signed_in_does_for_longer() {
    let mut story = app("sign_on = [{ authenticate_with = \"password\" }]");
    story.add(json!({"login": "p@example.com", "password": PASSWORD}));
    for (remember, stays) in [(false, false), (true, true)] {
        story.begin_again();
        let body = json!({"identifier": "p@example.com", "credentials": {"passcode": PASSWORD}, "rememberMe": remember});
        story.goes("identify", body);
        story.later(60 * 60 * 24);
        story.return_with_session();
        assert_eq!(story.goes("introspect", json!({})) == ["success"], stays);
    }
}

#[test]
fn how_often_a_page_that_waits_asks_is_up_to_the_app() {
    for (policy, every) in [("", 4000), ("poll_milliseconds = 500\n", 500)] {
        let mut story =
            app(&format!("{policy}sign_on = [{{ authenticate_with = \"password-and-another\" }}]"));
        story.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["okta_verify"]}));
        story.goes("identify", password_of("p@example.com"));
        let push = json!({"authenticator": {"id": id("okta_verify"), "methodType": "push"}});
        let (_, document) = story.post("challenge", push);
        assert_eq!(document.pointer("/remediation/value/0/refresh"), Some(&json!(every)));
    }
}

#[test]
fn a_closed_account_stays_closed_whatever_is_shown() {
    for status in ["LOCKED_OUT", "SUSPENDED"] {
        let mut story = Story::at("latchkey-email");
        story.add(json!({"login": "c@example.com", "factors": ["okta_email"], "status": status}));
        story.goes("identify", json!({"identifier": "c@example.com"}));
        story.choose("okta_email");
        let code = story.code();
        let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
        assert_eq!((status, first_key(&document)), (403, "errors.E0000119"));
    }
}
