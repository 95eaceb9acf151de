//! What an org asks once the user is known: consent, device assurance, grace periods, its script, and whether to stay signed in.

use serde_json::{Value, json};

use super::{PASSWORD, TestFlow, first_key, forms, id};

/// A user who has given the password at an app with these policies, and the response.
fn after_password(policies: &str) -> (TestFlow, (u16, Value)) {
    let file = format!(
        "[[apps]]\nclient_id = \"a\"\nsign_on = [{{ authenticate_with = \"password\" }}]\n{policies}\n"
    );
    let mut flow = TestFlow::in_org(&file, "a");
    flow.add(json!({"login": "l@example.com", "password": PASSWORD}));
    let response = sign_in(&mut flow);
    (flow, response)
}

fn sign_in(flow: &mut TestFlow) -> (u16, Value) {
    flow.post("identify", json!({"identifier": "l@example.com", "credentials": {"passcode": PASSWORD}}))
}

fn keys(document: &Value) -> Vec<&str> {
    let messages = document.pointer("/messages/value").and_then(Value::as_array);
    messages.into_iter().flatten().filter_map(|message| message.pointer("/i18n/key")?.as_str()).collect()
}

#[test]
fn consent_is_asked_for_once_and_a_refusal_ends_the_flow() {
    for (policy, name) in [("user", "consent"), ("admin", "admin-consent")] {
        let (mut flow, (_, document)) = after_password(&format!("consent = \"{policy}\""));
        assert_eq!(forms(&document), [name]);
        let scopes = document.pointer("/remediation/value/0/scopes").and_then(Value::as_array).unwrap();
        assert_eq!(scopes.iter().map(|scope| &scope["name"]).collect::<Vec<_>>(), ["openid", "profile"]);
        let (_, ended) = flow.post("consent", json!({"consent": false}));
        assert_eq!((forms(&ended).len(), first_key(&ended)), (0, "idx.operation.cancelled.by.user"));

        flow.restart();
        sign_in(&mut flow);
        assert_eq!(flow.goes("consent", json!({"consent": true})), ["success"]);
        flow.restart();
        assert_eq!(forms(&sign_in(&mut flow).1), ["success"]);
    }
}

#[test]
fn granular_consent_grants_the_allowed_scopes_and_those_that_cannot_be_refused() {
    let (mut flow, (_, document)) = after_password("consent = \"granular\"");
    assert_eq!(forms(&document), ["granular-consent"]);
    let asked = document.pointer("/remediation/value/0/value").unwrap();
    assert_eq!(asked.pointer("/0/visible"), Some(&json!(false)), "the page has buttons of its own: {asked}");
    let fields = asked.pointer("/1/form/value").unwrap();
    let seen: Vec<_> =
        fields.as_array().unwrap().iter().map(|field| (&field["name"], &field["mutable"])).collect();
    assert_eq!(seen, [(&json!("profile"), &json!(true)), (&json!("openid"), &json!(false))]);
    let opted = json!({"consent": true, "optedScopes": {"profile": false, "openid": true}});
    assert_eq!(flow.goes("consent", opted), ["success"]);
    assert_eq!(flow.transaction.request.scopes, ["openid"]);
    flow.restart();
    assert_eq!(forms(&sign_in(&mut flow).1), ["granular-consent"], "the other scope was not allowed");
}

#[test]
fn a_device_that_does_not_fulfil_the_policy_is_refused_with_what_to_do() {
    let (_, (status, document)) = after_password("device_assurance = {}");
    assert_eq!((status, document.get("remediation")), (403, None));
    let prefix = "idx.error.code.access_denied.device_assurance.remediation";
    let keys: Vec<_> = keys(&document).into_iter().map(|key| key.strip_prefix(prefix).unwrap()).collect();
    assert_eq!(
        keys,
        [
            ".title",
            ".explanation_multiple_rules",
            ".option_index",
            ".windows.upgrade_os_version",
            ".option_index",
            ".windows.use_biometric_lock_screen",
            ".additional_help_default"
        ]
    );
    let links = document.pointer("/messages/value/3/links/0/url").and_then(Value::as_str);
    assert!(links.is_some_and(|url| url.starts_with("https://")));
}

#[test]
fn an_app_on_the_device_may_be_asked_to_make_it_fulfil_the_policy() {
    let (mut flow, (_, document)) = after_password("device_assurance = { app_ports = [6511] }");
    let remediation = document.pointer("/messages/value/5/deviceRemediation/value").unwrap();
    assert_eq!(
        [&remediation["remediationType"], &remediation["ports"], &remediation["fallback"]["type"]],
        [&json!("LOOPBACK"), &json!(["6511"]), &json!("APP_LINK")]
    );
    let id = flow.transaction.user_id().unwrap().to_owned();
    flow.org.users.get_mut(&id).unwrap().device_is_compliant = true;
    flow.restart();
    assert_eq!(forms(&sign_in(&mut flow).1), ["success"]);
}

#[test]
fn a_device_that_has_to_be_enrolled_ends_the_flow_with_where() {
    for (what, says) in [("oda", "signInUrl"), ("mdm", "enrollmentLink"), ("ws1", "enrollmentLink")] {
        let (mut flow, (status, document)) = after_password(&format!("device_enrollment = \"{what}\""));
        assert_eq!((status, document.get("remediation"), document.get("messages")), (200, None, None));
        let demanded = document.pointer("/deviceEnrollment/value").unwrap();
        assert_eq!((&demanded["name"], demanded[says].is_string()), (&json!(what), true), "{demanded}");
        assert_eq!(flow.post("skip", json!({})).0, 400);
        let id = flow.transaction.user_id().unwrap().to_owned();
        flow.org.users.get_mut(&id).unwrap().device_is_compliant = true;
        flow.restart();
        assert_eq!(forms(&sign_in(&mut flow).1), ["success"]);
    }
}

#[test]
fn a_device_in_its_grace_period_is_warned_about_and_access_goes_on() {
    let (mut flow, (status, document)) = after_password("device_assurance = { grace_days = 7 }");
    assert_eq!((status, forms(&document)), (200, vec!["device-assurance-grace-period".to_owned()]));
    let first = document.pointer("/messages/value/0").unwrap();
    assert_eq!(
        [&first["class"], &first["i18n"]["key"], &first["i18n"]["params"][0]],
        [
            &json!("WARNING"),
            &json!("idx.device_assurance.grace_period.warning.title.due_by_date"),
            &json!("2030-01-08T00:00:00.000Z")
        ]
    );
    assert_eq!(flow.goes("skip", json!({})), ["success"]);
}

const GRACE: &str =
    "enrollment = { okta_password = \"REQUIRED\", okta_email = \"REQUIRED\" }\nenrollment_grace = ";

#[test]
fn a_required_authenticator_may_be_skipped_until_its_grace_period_ends() {
    let (mut flow, (_, document)) =
        after_password(&format!("{GRACE}{{ okta_email = {{ until = \"2030-02-01T00:00:00Z\" }} }}"));
    assert_eq!(forms(&document), ["select-authenticator-enroll", "skip"]);
    let grace = document.pointer("/authenticators/value/0/gracePeriod");
    assert_eq!(grace, Some(&json!({"type": "BY_DATE_TIME", "expiry": "2030-02-01T00:00:00.000Z"})));
    assert_eq!(flow.goes("skip", json!({})), ["success"]);
    flow.later(32 * 24 * 60 * 60);
    flow.restart();
    let (_, document) = sign_in(&mut flow);
    assert_eq!(forms(&document), ["select-authenticator-enroll"]);
    assert_eq!(document.pointer("/authenticators/value/0/gracePeriod"), None);
}

#[test]
fn a_required_authenticator_may_be_skipped_as_often_as_its_grace_period_says() {
    let (mut flow, (_, mut document)) = after_password(&format!("{GRACE}{{ okta_email = {{ skips = 2 }} }}"));
    for left in [2, 1] {
        let grace = document.pointer("/authenticators/value/0/gracePeriod");
        assert_eq!(grace, Some(&json!({"type": "BY_SKIP_COUNT", "remainingSkips": left})));
        assert_eq!(flow.goes("skip", json!({})), ["success"]);
        flow.restart();
        document = sign_in(&mut flow).1;
    }
    assert_eq!(forms(&document), ["select-authenticator-enroll"]);
    flow.goes("credential/enroll", json!({"authenticator": {"id": id("okta_email")}}));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

/// An app with a script, in which no client knows the step and the key of the message.
const SCRIPT: &str = "consent = \"user\"\nscripted_step = { name = \"accept-house-rules\", \
    attributes = [{ name = \"seat\", label = \"Seat\", required = true, pattern = \"[A-F][0-9]+\" }, \
    { name = \"quiet\", label = \"Quiet car\", type = \"boolean\" }], \
    messages = [{ key = \"shop.rules\", text = \"Shoes off, {0}.\", params = [\"Ada\"], class = \"WARNING\" }, \
    { key = \"idx.email.verification.required\", text = \"Look.\" }] }";

#[test]
fn a_scripted_step_has_any_name_any_fields_and_any_messages() {
    let (mut flow, (_, document)) = after_password(SCRIPT);
    assert_eq!(forms(&document), ["accept-house-rules"]);
    assert_eq!(keys(&document), ["shop.rules", "idx.email.verification.required"]);
    let first = document.pointer("/messages/value/0").unwrap();
    let member = |pointer: &str| first.pointer(pointer).cloned();
    assert_eq!(
        [member("/message"), member("/class"), member("/i18n/params/0")],
        [Some(json!("Shoes off, {0}.")), Some(json!("WARNING")), Some(json!("Ada"))]
    );
    let (status, refused) = flow.post("scripted", json!({"seat": "9", "quiet": true}));
    let field = refused.pointer("/remediation/value/0/value/0").unwrap();
    assert_eq!((status, first_key(field)), (400, "registration.error.doesNotMatchPattern"));
    assert_eq!(flow.goes("scripted", json!({"seat": "C12", "quiet": true})), ["consent"], "it is asked once");
    let unscripted = flow.post("scripted", json!({"seat": "C12"})).0;
    assert_eq!(unscripted, 400);
}

const DAY: u64 = 24 * 60 * 60;

#[test]
fn a_user_is_asked_last_whether_to_stay_signed_in_and_the_answer_lengthens_the_session() {
    for stays in [false, true] {
        let (mut flow, (_, document)) =
            after_password("consent = \"user\"\nglobal_session = { ask_after_sign_in = true }");
        assert_eq!(forms(&document), ["consent"]);
        assert_eq!(flow.goes("consent", json!({"consent": true})), ["keep-me-signed-in"]);
        assert_eq!(flow.goes("keep-me-signed-in", json!({"keepMeSignedIn": stays})), ["success"]);
        flow.return_with_session();
        assert_eq!(flow.goes("introspect", json!({})), ["success"], "it is not asked again");
        flow.later(DAY);
        flow.return_with_session();
        assert_eq!(flow.goes("introspect", json!({})) == ["success"], stays);
    }
}

#[test]
fn a_user_who_ticked_the_first_page_is_not_asked_again_whether_to_stay_signed_in() {
    let (mut flow, _) = after_password("global_session = { ask_after_sign_in = true }");
    flow.restart();
    let password =
        json!({"identifier": "l@example.com", "credentials": {"passcode": PASSWORD}, "rememberMe": true});
    assert_eq!(flow.goes("identify", password), ["success"]);
    assert_eq!(flow.post("keep-me-signed-in", json!({"keepMeSignedIn": true})).0, 400);
}
