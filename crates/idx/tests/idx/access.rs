//! Consent, grace periods, links of messages, and codes with letters.

use latchkey_idx::{Input, InputType, Intent, OptionValue};
use serde_json::{Value, json};

use crate::steps::{SIGN_IN, names, request_to, submitted, transaction};
use crate::{documents, fake_org};

#[test]
fn a_code_with_letters_has_a_kind_of_its_own() {
    let kind = |format: Value| {
        let mut page = documents::email_challenge();
        let passcode = page.pointer_mut("/remediation/value/0/value/0/form/value/0").expect("a field");
        passcode.as_object_mut().expect("members").extend(format.as_object().expect("members").clone());
        let step = transaction(&page, SIGN_IN).next_step.expect("a step");
        (step.inputs[0].name.clone(), step.inputs[0].kind, step.inputs[0].max_length)
    };
    let ten_letters = json!({"format": "alphanumeric", "minLength": 10, "maxLength": 10});
    assert_eq!(kind(ten_letters), ("verificationCode".into(), InputType::Alphanumeric, Some(10)));
    assert_eq!(kind(json!({})), ("verificationCode".into(), InputType::Text, None));
}

#[test]
fn a_consent_names_the_app_and_its_scopes() {
    let options = json!([{"label": "Allow", "value": true}, {"label": "Deny", "value": false}]);
    let fields = json!([{"name": "consent", "type": "boolean", "required": true, "options": options}]);
    let mut form = fake_org::form("consent", "consent", fields);
    form["scopes"] =
        json!([{"name": "profile", "label": "Profile", "value": "profile", "desc": "Your name"}]);
    let mut page = fake_org::page(json!([form]));
    page["app"] = json!({"type": "object", "value": {"label": "Shop"}});
    let asked = transaction(&page, Intent::Start).available_steps.swap_remove(0);
    let consent = asked.consent.as_ref().expect("a consent");
    assert_eq!((consent.app.as_deref(), consent.scopes.len()), (Some("Shop"), 1));
    assert_eq!(consent.scopes[0].description.as_deref(), Some("Your name"));
    for allow in [true, false] {
        let values = json!({"step": "consent", "consent": allow});
        assert_eq!(submitted(&page, SIGN_IN, values), request_to("consent", json!({"consent": allow})));
    }
}

#[test]
fn scopes_that_are_allowed_one_by_one_are_all_sent_under_their_own_names() {
    let opted = json!({"value": [
        {"name": "a", "type": "boolean", "desc": "All of a", "value": true},
        {"name": "a.b", "type": "boolean", "value": true},
        {"name": "openid", "type": "boolean", "value": true, "mutable": false},
    ]});
    let fields = json!([
        {"name": "optedScopes", "type": "object", "required": true, "form": opted},
        {"name": "consent", "type": "boolean", "required": true},
    ]);
    let page = fake_org::page(json!([fake_org::form("granular-consent", "consent", fields)]));
    let asked = transaction(&page, Intent::Start).available_steps.swap_remove(0);
    assert_eq!(names(&asked.inputs[0].inputs), ["a", "a.b", "openid"]);
    assert_eq!(asked.inputs[0].inputs[0].description.as_deref(), Some("All of a"));
    let body = json!({"consent": true, "optedScopes": {"a": true, "a.b": false, "openid": true}});
    let mut values = body.clone();
    values["step"] = json!("granular-consent");
    assert_eq!(submitted(&page, SIGN_IN, values), request_to("consent", body));
}

#[test]
fn a_grace_period_belongs_to_its_authenticator_and_a_link_to_its_message() {
    let mut page = fake_org::page(json!([
        fake_org::form(
            "select-authenticator-enroll",
            "credential/enroll",
            json!([{
                "name": "authenticator", "type": "object",
                "options": [{"label": "Email", "value": {"form": {"value": []}}, "relatesTo": "$.authenticators.value[0]"}],
            }])
        ),
        fake_org::form("skip", "skip", json!([])),
    ]));
    page["authenticators"] = json!({"type": "array", "value": [{
        "key": "okta_email", "type": "email", "displayName": "Email",
        "gracePeriod": {"type": "BY_SKIP_COUNT", "remainingSkips": 3},
    }]});
    page["messages"] = json!({"type": "array", "value": [
        {"message": "Read this", "class": "ERROR", "links": [{"url": "https://help.example.com"}, {"label": "nowhere"}]},
    ]});
    let transaction = transaction(&page, SIGN_IN);
    let options = &transaction.next_step.expect("a step").inputs[0].options;
    let grace = options[0].grace_period.as_ref().map(|period| period.remaining_skips);
    assert_eq!(grace, Some(Some(3)));
    let links: Vec<_> = transaction.messages[0].links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(links, ["https://help.example.com"]);
}

#[test]
fn what_an_app_could_do_is_offered_by_a_link_or_by_another_message() {
    let remediation = |text: &str, fallback: Value| {
        json!({
            "message": text, "class": "ERROR", "i18n": {"key": text},
            "deviceRemediation": {"type": "object", "value": {"remediationType": "LOOPBACK", "action": "install",
                "domain": "https://x.authenticatorlocaldev.com", "ports": ["6511"], "fallback": fallback}},
        })
    };
    let instead = json!({"message": "Open the settings", "i18n": {"key": "by-hand"}});
    let mut page = fake_org::page(json!([]));
    page["messages"] = json!({"type": "array", "value": [
        remediation("Install", json!({"type": "APP_LINK", "href": "https://app.example.com/install"})),
        remediation("Set up", json!({"type": "MESSAGE", "message": instead})),
        remediation("Update", Value::Null),
    ]});
    let messages = transaction(&page, SIGN_IN).messages;
    let shown: Vec<_> = messages
        .iter()
        .map(|one| (one.text.as_str(), one.links.first().map(|link| link.url.as_str())))
        .collect();
    let link = Some("https://app.example.com/install");
    assert_eq!(shown, [("Install", link), ("Open the settings", None), ("Update", None)]);
    assert!(messages.iter().all(|message| message.severity == Some(latchkey_idx::Severity::Error)));
}

#[test]
fn a_message_stays_with_its_field_inside_groups_and_choices() {
    let said = |name: &str| json!({"name": name, "messages": fake_org::messages("some.key", name)});
    let choice = json!({"label": "One", "value": {"form": {"value": [said("answer")]}}});
    let fields = json!([
        {"name": "userProfile", "type": "object", "form": {"value": [said("email")]}},
        {"name": "proof", "type": "object", "options": [choice]},
    ]);
    let page = fake_org::page(json!([fake_org::form("a-step-of-next-year", "next", fields)]));
    let asked = transaction(&page, Intent::Start).available_steps.swap_remove(0);
    let texts = |input: &Input| input.messages.iter().map(|message| message.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&asked.inputs[0].inputs[0]), ["email"]);
    let OptionValue::Inputs(inside) = &asked.inputs[1].options[0].value else { panic!("{asked:?}") };
    assert_eq!(texts(&inside[0]), ["answer"]);
}

#[test]
fn a_choice_has_the_masked_target_and_the_transaction_the_account_and_the_app() {
    let mut page = crate::documents::select("select-authenticator-authenticate", "challenge");
    page["authenticators"]["value"][1]["profile"] = json!({"email": "m***y@example.com"});
    page["authenticators"]["value"][2]["profile"] = json!({"phoneNumber": "+1 XXX-XXX-4567"});
    page["app"] = json!({"type": "object", "value": {"name": "oidc_client", "label": "Shop", "id": "0oa1"}});
    page["user"] = json!({"type": "object", "value": {"id": "00u1", "identifier": "mary@example.com",
        "profile": {"firstName": "Mary", "lastName": null}}});
    let known = transaction(&page, SIGN_IN);
    let user = known.user.expect("an account");
    assert_eq!(
        (&*user.identifier, user.first_name.as_deref(), user.last_name),
        ("mary@example.com", Some("Mary"), None)
    );
    assert_eq!(known.app.as_deref(), Some("Shop"));
    let options = &known.next_step.expect("a step").inputs[0].options;
    let targets: Vec<_> =
        options.iter().map(|option| (&option.profile.email, &option.profile.phone_number)).collect();
    let (email, phone) = (Some("m***y@example.com".to_owned()), Some("+1 XXX-XXX-4567".to_owned()));
    assert_eq!(targets, [(&None, &None), (&email, &None), (&None, &phone)]);
    // A sign-up has an account that has no username yet.
    page["user"] = json!({"type": "object", "value": {"id": "00u1"}});
    assert_eq!(transaction(&page, SIGN_IN).user, None);
}

#[test]
fn a_mailed_link_that_asks_is_allowed_or_refused() {
    let options =
        json!([{"label": "Yes, it's me", "value": true}, {"label": "No, it's not me", "value": false}]);
    let consent = json!([{"name": "consent", "type": "boolean", "required": true, "options": options}]);
    let page = fake_org::page(json!([fake_org::form("email-challenge-consent", "consent", consent)]));
    for is_allowed in [true, false] {
        let values = json!({"step": "email-challenge-consent", "consent": is_allowed});
        let request = request_to("consent", json!({"consent": is_allowed}));
        assert_eq!(submitted(&page, SIGN_IN, values), request);
    }
}
