//! The schemas describe the types: every member of a schema is in the example, and the example has no other.

#![cfg(feature = "schema")]

use std::collections::{BTreeMap, BTreeSet};

use latchkey_contract::{ProblemCode, Transaction, schema::schemas};
use serde_json::{Map, Value, json};

/// The transaction that the client program's reader is tested with.
const EXAMPLE: &str = include_str!("transaction.json");

/// Notes the members of each schema that the value has, and checks that it has all the required ones and no others.
fn walk(
    schema: &Value,
    value: &Value,
    schemas: &Map<String, Value>,
    seen: &mut BTreeMap<String, BTreeSet<String>>,
) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
        if let Some(object) = value.as_object() {
            seen.entry(name.to_owned()).or_default().extend(object.keys().cloned());
        }
        return walk(&schemas[name], value, schemas, seen);
    }
    if let Some(alternatives) = schema["anyOf"].as_array() {
        let is_object = |schema: &&Value| schema["type"] == "object";
        let of_kind = alternatives.iter().find(|one| is_object(one) == value.is_object());
        assert!(of_kind.is_some(), "{value} is none of {alternatives:?}");
        return of_kind.into_iter().for_each(|one| walk(one, value, schemas, seen));
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{value} is not one of {allowed:?}");
    }
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(required.as_str().unwrap_or_default()).is_some(), "{value} has no {required}");
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => walk(schema, member, schemas, seen),
            None => assert_ne!(schema["additionalProperties"], json!(false), "{name} is not described"),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        walk(&schema["items"], item, schemas, seen);
    }
}

#[test]
fn the_example_has_every_member_that_the_schemas_describe() {
    let (schemas, mut seen) = (schemas(), BTreeMap::new());
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    walk(&json!({"$ref": "#/components/schemas/Transaction"}), &example, &schemas, &mut seen);
    for name in [
        "Transaction",
        "Step",
        "Input",
        "Form",
        "Choice",
        "Message",
        "I18n",
        "Authenticator",
        "AuthenticatorMethod",
        "Profile",
        "Enrollment",
        "AuthenticatorSettings",
        "Complexity",
        "ContextualData",
        "QrCode",
        "Question",
        "Poll",
        "Idp",
        "Captcha",
        "IdentifiedUser",
    ] {
        let described: BTreeSet<_> =
            schemas[name]["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(seen.get(name), Some(&described), "{name}");
    }
}

#[test]
fn the_example_is_what_serde_reads_and_writes() {
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    let transaction: Transaction = serde_json::from_str(EXAMPLE).unwrap();
    assert_eq!(serde_json::to_value(transaction).unwrap(), example);
}

#[test]
fn closed_sets_are_enums() {
    let schemas = schemas();
    let codes: Vec<_> = ProblemCode::ALL.into_iter().map(|code| json!(code.name())).collect();
    assert_eq!(schemas["ProblemCode"]["enum"], Value::Array(codes));
    assert_eq!(schemas["Status"]["enum"], json!(["PENDING", "SUCCESS", "TERMINAL", "CANCELED"]));
    assert_eq!(schemas["MessageClass"]["enum"], json!(["ERROR", "WARNING", "INFO"]));
    assert_eq!(schemas["CaptchaMethod"]["enum"], json!(["ALTCHA", "HCAPTCHA", "RECAPTCHA_V2"]));
    let kinds = json!(["string", "boolean", "number", "integer", "date", "alphanumeric", "object"]);
    assert_eq!(schemas["InputKind"]["enum"], kinds);
}

#[test]
fn no_member_is_null_and_none_is_undescribed() {
    fn check(schema: &Value) {
        assert_ne!(schema["type"], "null");
        assert!(!schema["type"].as_array().is_some_and(|types| types.contains(&json!("null"))), "{schema}");
        if schema["properties"].is_object() {
            assert!(schema.get("additionalProperties").is_some(), "{schema}");
        }
        schema.as_object().into_iter().flat_map(Map::values).for_each(check);
        schema.as_array().into_iter().flatten().for_each(check);
    }
    schemas().values().for_each(check);
}
