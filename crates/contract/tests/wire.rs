//! The JSON of the API, as Okta's guides have it.

use latchkey_contract::{
    Choice, ChoiceValue, Form, Input, InputKind, ProblemCode, Status, Step, Transaction, Value, Values,
};
use serde_json::{from_value, json, to_value};

#[test]
fn a_pending_transaction_has_the_members_of_the_guides() {
    let transaction = Transaction {
        transaction: "t".into(),
        status: Status::Pending,
        next_step: Some(Step {
            name: "select-authenticator-enroll".into(),
            can_skip: true,
            inputs: vec![Input {
                name: "authenticator".into(),
                required: true,
                options: vec![Choice {
                    label: "Phone".into(),
                    value: Some(ChoiceValue::Plain("phone_number".into())),
                    ..Choice::default()
                }],
                ..Input::default()
            }],
            ..Step::default()
        }),
        ..Transaction::default()
    };
    let json = json!({
        "transaction": "t", "status": "PENDING",
        "nextStep": {
            "name": "select-authenticator-enroll", "canSkip": true,
            "inputs": [{ "name": "authenticator", "type": "string", "required": true,
                         "options": [{ "label": "Phone", "value": "phone_number" }] }]
        },
        "availableSteps": [], "enabledFeatures": [], "messages": []
    });
    assert_eq!(to_value(&transaction).unwrap(), json);
    assert_eq!(from_value::<Transaction>(json).unwrap(), transaction);
}

#[test]
fn a_choice_may_hold_a_form() {
    let choice = Choice {
        label: "Own question".into(),
        value: Some(ChoiceValue::Form { form: Form { value: vec![Input::default()] } }),
        ..Choice::default()
    };
    let json = to_value(&choice).unwrap();
    assert!(json["value"]["form"]["value"].is_array());
    assert_eq!(from_value::<Choice>(json).unwrap(), choice);
}

#[test]
fn an_unknown_kind_is_kept() {
    assert_eq!(from_value::<InputKind>(json!("colour")).unwrap(), InputKind::Other("colour".into()));
    assert_eq!(to_value(InputKind::Other("colour".into())).unwrap(), json!("colour"));
    assert_eq!(from_value::<InputKind>(json!("boolean")).unwrap(), InputKind::Boolean);
}

#[test]
fn every_code_has_one_name() {
    for code in ProblemCode::ALL {
        assert_eq!(to_value(code).unwrap(), json!(code.name()));
        assert_eq!(ProblemCode::from_name(code.name()), Some(code));
    }
}

#[test]
fn values_do_not_print() {
    let values: Values = from_value(json!({"password": "hunter2", "skip": true})).unwrap();
    assert_eq!(values.get("password").and_then(Value::text), Some("hunter2"));
    assert!(!format!("{values:?}").contains("hunter2"));
}
