//! A trace has nothing private, wherever the org or the person put it.

use super::recorder::RecordedCall;
use super::trace::FlowTrace;
use latchkey_idx::Intent;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const ISSUER: &str = "https://acme-canary.okta.example/oauth2/aus1canary";

/// Private texts of every kind; all of them have this word.
const CANARY: &str = "canary";
/// A code and a phone number, which have no letters.
const CODE: &str = "739154";
const PHONE: &str = "+15550104477";

fn trace(calls: &[RecordedCall]) -> String {
    FlowTrace::new(Intent::Authenticate, &ISSUER.parse().unwrap(), calls).text()
}

fn call(request: Value, response: Value) -> RecordedCall {
    RecordedCall { path: "/idp/idx/identify".to_owned(), request, status: 200, response: Some(response) }
}

/// What a person types: an e-mail address, a password, a code and a phone number.
fn typed() -> Value {
    json!({
        "identifier": "Canary.Person@example.test",
        "credentials": {"passcode": "Canary-Horse 9!", "code": CODE, "number": 739_154, "phoneNumber": PHONE},
    })
}

/// A text in which something private can be: as a token, a handle, an address, a message or a name.
fn private_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z]{0,6}".prop_map(|tail| format!("{CANARY}{tail}")),
        "[A-Za-z0-9_~.-]{4,24}".prop_map(|tail| format!("02.{CANARY}{tail}")),
        "[a-z]{2,8}".prop_map(|name| format!("{name}.{CANARY}@example.test")),
        "[a-z]{2,8}".prop_map(|path| format!(
            "https://acme-canary.okta.example/{path}/{CANARY}?token={CANARY}#{CANARY}"
        )),
        "[a-z]{2,8}".prop_map(|path| format!("com-okta-authenticator:/{path}?challenge={CANARY}")),
        Just(format!("We sent a code to {CANARY}@example.test, {PHONE}: {CODE}")),
        Just(format!("$.{CANARY}.value[0]")),
        Just(CODE.to_owned()),
        Just(PHONE.to_owned()),
    ]
}

/// Any JSON, with private texts as values, keys and numbers, below members that the protocol knows and others.
fn private_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        private_text().prop_map(Value::from),
        Just(json!(739_154)),
        Just(json!(15_550_104_477_u64)),
        any::<bool>().prop_map(Value::from),
    ];
    let known = prop::sample::select(vec![
        "name",
        "type",
        "value",
        "href",
        "rel",
        "key",
        "label",
        "message",
        "i18n",
        "params",
        "profile",
        "user",
        "form",
        "options",
        "relatesTo",
        "accepts",
        "version",
        "class",
        "method",
        "refresh",
        "minLength",
        "stateHandle",
        "id",
        "errorCode",
        "methodType",
        "contextualData",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let key = prop_oneof![known.clone().prop_map(str::to_owned), private_text()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A document with a private text at each place that the protocol has.
fn document(inside: &Value) -> Value {
    json!({
        "version": "1.0.0",
        "stateHandle": "02.canaryHandle~c",
        "expiresAt": "2030-01-01T00:00:00.000Z",
        "intent": "LOGIN",
        "remediation": {"type": "array", "value": [{
            "rel": ["create-form"],
            "name": "challenge-authenticator",
            "href": "https://acme-canary.okta.example/idp/idx/challenge/answer",
            "method": "POST",
            "relatesTo": ["$.currentAuthenticatorEnrollment"],
            "value": [
                {"name": "credentials", "type": "object", "required": true, "form": {"value": [
                    {"name": "passcode", "label": "Code for canary@example.test", "minLength": 6, "unknown": inside},
                ]}},
                {"name": "stateHandle", "value": "02.canaryHandle~c", "visible": false, "mutable": false},
            ],
        }]},
        "currentAuthenticatorEnrollment": {"type": "object", "value": {
            "type": "email", "key": "okta_email", "id": "canary1", "displayName": "Canary's mail",
            "profile": {"email": "c***y@canary.test"}, "methods": [{"type": "email"}],
        }},
        "user": {"type": "object", "value": {"id": "00ucanary", "identifier": "canary@example.test",
            "profile": {"firstName": "Canaryfirst", "lastName": "Canarylast"}}},
        "app": {"type": "object", "value": {"name": "canary_app", "label": "Canary app", "id": "0oacanary"}},
        "messages": {"type": "array", "value": [{
            "message": "Canary, try again.", "class": "ERROR",
            "i18n": {"key": "errors.E0000004", "params": ["canary"]},
        }]},
        "unknownMember": inside,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_trace_has_no_secret_and_no_personal_data(inside in private_json()) {
        let trace = trace(&[call(json!({"interactionHandle": "canaryhandle"}), document(&inside)), call(typed(), inside)]);
        for private in [CANARY, CODE, "0104477", "example.test", "Horse", "person"] {
            let found = trace.to_lowercase().find(&private.to_lowercase());
            let near = found.map(|at| trace.get(at.saturating_sub(80)..at + 40));
            prop_assert!(found.is_none(), "{private} is in the trace: {near:?}");
        }
    }
}

#[test]
fn a_trace_has_the_structure_and_the_words_of_the_protocol() {
    let trace = trace(&[call(typed(), document(&json!("canary")))]);
    let trace: Value = serde_json::from_str(&trace).unwrap();
    let call = &trace["calls"][0];
    assert_eq!(trace["format"], "latchkey-trace/1");
    assert_eq!((&call["path"], &call["status"]), (&json!("/idp/idx/identify"), &json!(200)));
    assert_eq!(
        call["inputs"],
        json!([
            "credentials.code",
            "credentials.number",
            "credentials.passcode",
            "credentials.phoneNumber",
            "identifier"
        ])
    );
    let form = &call["document"]["remediation"]["value"][0];
    assert_eq!(form["name"], "challenge-authenticator");
    assert_eq!(form["href"], "{org}/idp/idx/challenge/answer");
    assert_eq!(form["relatesTo"], json!(["$.currentAuthenticatorEnrollment"]));
    assert_eq!(form["value"][0]["form"]["value"][0]["minLength"], 6);
    assert_eq!(form["value"][1]["value"], "{stateHandle}");
    let authenticator = &call["document"]["currentAuthenticatorEnrollment"]["value"];
    assert_eq!((&authenticator["key"], &authenticator["type"]), (&json!("okta_email"), &json!("email")));
    assert_eq!(call["document"]["messages"]["value"][0]["i18n"]["key"], "errors.E0000004");
}

#[test]
fn an_unknown_step_and_its_inputs_keep_their_names() {
    let unknown = json!({"remediation": {"type": "array", "value": [{
        "name": "verify-by-carrier-pigeon", "href": "https://acme-canary.okta.example/idp/idx/pigeon/release",
        "value": [{"name": "pigeon", "form": {"value": [{"name": "ringColour2"}]}}],
    }]}});
    let trace = trace(&[call(json!({}), unknown)]);
    for name in ["verify-by-carrier-pigeon", "{org}/idp/idx/pigeon/release", "\"pigeon\"", "ringColour2"] {
        assert!(trace.contains(name), "{name} is not in {trace}");
    }
}

#[test]
fn a_text_that_is_no_name_is_replaced_at_a_place_for_names_too() {
    for text in
        ["02aBcD9eF0", "ann@example.org", "739154", "Ann Example", "a".repeat(40).as_str(), "+15550104477"]
    {
        for member in ["name", "type", "key", "rel", "method", "relatesTo", "version", "accepts"] {
            let trace =
                trace(&[call(json!({}), json!({"remediation": {"value": [{member: text}]}, text: true}))]);
            assert!(!trace.contains(text), "{text} as {member} is in {trace}");
        }
    }
}

#[test]
fn the_same_text_has_the_same_replacement() {
    let documents = json!([{"id": "aut1"}, {"value": "aut1"}, {"id": "aut2"}]);
    let trace: Value = serde_json::from_str(&trace(&[call(json!({}), documents)])).unwrap();
    let ids = &trace["calls"][0]["document"];
    assert_eq!(ids[0]["id"], ids[1]["value"]);
    assert_ne!(ids[0]["id"], ids[2]["id"]);
}

#[test]
fn polls_that_change_nothing_are_one_call() {
    let poll = || call(json!({"stateHandle": "02"}), json!({"version": "1.0.0"}));
    let trace: Value = serde_json::from_str(&trace(&[poll(), poll(), poll()])).unwrap();
    assert_eq!(trace["calls"].as_array().unwrap().len(), 1);
}
