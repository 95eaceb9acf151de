//! Property tests: any response and any answer lead to an error or a step, never to a panic.

use latchkey_idx::evaluation::{Evaluation, FlowStage, evaluate};
use latchkey_idx::{Answer, Intent, json_response};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::documents;

const INTENTS: [Intent; 6] = [
    Intent::Start,
    Intent::Authenticate,
    Intent::Register,
    Intent::RecoverPassword,
    Intent::UnlockAccount,
    Intent::ActivateDevice,
];
const STAGES: [FlowStage; 4] = [FlowStage::Begin, FlowStage::Resume, FlowStage::Submitted, FlowStage::Cancel];

/// Names of the protocol, so that random documents reach the code behind them.
const NAMES: [&str; 26] = [
    "version",
    "stateHandle",
    "remediation",
    "value",
    "name",
    "rel",
    "href",
    "form",
    "options",
    "label",
    "type",
    "relatesTo",
    "required",
    "visible",
    "mutable",
    "messages",
    "i18n",
    "key",
    "currentAuthenticator",
    "authenticators",
    "id",
    "authenticator",
    "credentials",
    "successWithInteractionCode",
    "cancel",
    "contextualData",
];

const TEXTS: [&str; 14] = [
    "1.0.0",
    "object",
    "array",
    "identify",
    "challenge-authenticator",
    "select-authenticator-authenticate",
    "skip",
    "$.currentAuthenticator",
    "$.authenticators.value[0]",
    "$",
    "",
    "okta_password",
    "webauthn",
    "interaction_code",
];

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        select(&TEXTS[..]).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let name = prop_oneof![8 => select(&NAMES[..]).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn answer() -> impl Strategy<Value = Answer> {
    let names = select(
        &[
            "username",
            "password",
            "credentials",
            "authenticator",
            "authenticators",
            "methodType",
            "phoneNumber",
            "skip",
            "resend",
            "step",
            "startPolling",
            "channel",
            "email",
            "verificationCode",
            "answer",
            "questionKey",
            "question",
            "newPassword",
            "firstName",
            "userProfile",
            "stateHandle",
            "consent",
        ][..],
    );
    let value = prop_oneof![
        Just(json!(true)),
        Just(json!("okta_email")),
        Just(json!("phone_number")),
        Just(json!("cancel")),
        Just(json!({"id": "aut-1", "methodType": "sms"})),
        Just(json!({"key": "okta_verify", "channel": "email"})),
        Just(json!(["okta_password", {"key": "phone_number", "methodType": "sms", "phoneNumber": "+1"}])),
        json_value(),
    ];
    prop::collection::vec((names, value), 0..6)
        .prop_map(|values| values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// One of the test documents with a few of its values removed or replaced.
fn mutated_document() -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), prop_oneof![Just(None), json_value().prop_map(Some)]);
    (select(documents::all()), prop::collection::vec(change, 1..6)).prop_map(|(mut document, changes)| {
        for (index, change) in changes {
            let count = count(&document);
            replace(&mut document, &mut index.index(count), &change);
        }
        document
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Replaces the value at this index (depth first), or empties it.
fn replace(value: &mut Value, index: &mut usize, change: &Option<Value>) -> bool {
    if *index == 0 {
        match (change, &mut *value) {
            (Some(change), _) => *value = change.clone(),
            (None, Value::Array(items)) => items.clear(),
            (None, Value::Object(members)) => members.clear(),
            (None, other) => *other = Value::Null,
        }
        return true;
    }
    *index -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, index, change)),
        Value::Object(members) => members.values_mut().any(|member| replace(member, index, change)),
        _ => false,
    }
}

/// Evaluates a response in every way, and uses everything in the result.
fn evaluate_all(status: u16, text: String, answer: &Answer) {
    let response = json_response(status, text);
    for intent in INTENTS {
        for turn in STAGES {
            match evaluate(&response, turn, intent, answer) {
                Ok(Evaluation::Present(presentation)) => {
                    let transaction = presentation.transaction();
                    assert!(!format!("{transaction:?}").is_empty());
                    assert!(presentation.to_json().is_object());
                }
                Ok(Evaluation::Submit(request)) => assert!(!format!("{request:?}").is_empty()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_json_is_an_error_or_a_step(value in json_value(), answer in answer(), status in select(&[200u16, 400, 401, 429, 500][..])) {
        evaluate_all(status, value.to_string(), &answer);
    }

    #[test]
    fn any_remediation_is_an_error_or_a_step(forms in prop::collection::vec(json_value(), 1..4), answer in answer()) {
        let document = json!({"version": "1.0.0", "stateHandle": "s", "remediation": {"type": "array", "value": forms}});
        evaluate_all(200, document.to_string(), &answer);
    }

    #[test]
    fn any_mutated_document_is_an_error_or_a_step(document in mutated_document(), answer in answer(), status in select(&[200u16, 400, 401][..])) {
        evaluate_all(status, document.to_string(), &answer);
    }

    #[test]
    fn any_truncated_document_is_an_error(document in select(documents::all()), cut in any::<prop::sample::Index>(), answer in answer()) {
        let text = document.to_string();
        let cut = cut.index(text.len());
        evaluate_all(200, String::from_utf8_lossy(&text.as_bytes()[..cut]).into_owned(), &answer);
    }

    #[test]
    fn any_bytes_are_an_error(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let response = json_response(200, body);
        prop_assert!(evaluate(&response, FlowStage::Begin, Intent::Authenticate, &Answer::default()).is_err());
    }

    #[test]
    fn a_fixed_value_is_submitted_unchanged(answer in answer(), document in select(documents::all())) {
        for intent in INTENTS {
            let evaluation = evaluate(&json_response(200, document.to_string()), FlowStage::Resume, intent, &answer);
            if let Ok(Evaluation::Submit(request)) = evaluation {
                prop_assert_eq!(&request.body["stateHandle"], "state-1");
            }
        }
    }
}
