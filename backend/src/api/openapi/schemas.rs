//! The schemas by name: the responses from the contract's types, the request bodies from the table of answers.

use crate::api::{
    answer_check,
    begin_options::{RETURN_TO, SIGN_IN_OPTIONS},
};
use latchkey_contract::schema;
use serde_json::{Map, Value, json};

/// The maximum length of a text in the description. The server may accept longer ones.
const MAX_TEXT_CHARS: usize = 1024;

/// Every schema by name.
pub(super) fn all() -> Value {
    let mut schemas = schema::schemas();
    schemas.extend(request_bodies());
    Value::Object(schemas)
}

fn request_bodies() -> Map<String, Value> {
    let callback = ["otp", "interactionCode", "error"].map(|name| {
        closed(&["state", name], Map::from_iter([("state".to_owned(), text()), (name.to_owned(), text())]))
    });
    let names = ["state", "code", "iss"].map(|name| (name.to_owned(), text()));
    let at_org = closed(&["state", "code"], Map::from_iter(names));
    let callback: Vec<Value> = callback.into_iter().chain([at_org]).collect();
    let bodies = [
        ("Nothing", closed(&[], Map::new())),
        ("Authenticate", sign_in_body()),
        // The org's profile may ask for more: the inputs of the next step describe it.
        ("Register", begin_body(&["activationToken", RETURN_TO])),
        ("RecoverPassword", begin_body(&["recoveryToken", RETURN_TO])),
        ("UnlockAccount", begin_body(&[RETURN_TO])),
        ("Activate", begin_body(&["userCode"])),
        ("Callback", json!({"oneOf": callback})),
        ("NewPassword", texts(&["password"], &["currentPassword"])),
        ("NewEmail", new_email()),
        ("EmailCode", texts(&["challenge", "verificationCode"], &[])),
        ("NewPhone", with_method(texts(&["phoneNumber", "methodType"], &[]))),
        ("PhoneMethod", with_method(texts(&["methodType"], &[]))),
        ("PhoneCode", texts(&["verificationCode"], &[])),
        ("NewPasskey", texts(&["clientData", "attestation"], &["transports", "clientExtensions"])),
        ("Nickname", texts(&["nickname"], &[])),
        // The next step may ask for more: its inputs describe it.
        ("Values", closed(&[], answer_check::schema(|_| true))),
    ];
    bodies.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// The values that a sign-in may begin with.
fn sign_in_body() -> Value {
    let mut body = begin_body(&SIGN_IN_OPTIONS);
    if let Some(max_age) = body.pointer_mut("/properties/maxAge") {
        *max_age = json!({"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,10}$"});
    }
    body
}

/// The values that a flow may begin with, and its options.
fn begin_body(options: &[&str]) -> Value {
    let mut properties = answer_check::schema(|name| !matches!(name, "resend" | "skip" | "step"));
    properties.extend(options.iter().map(|name| ((*name).to_owned(), text())));
    closed(&[], properties)
}

/// Texts that must and that may be there.
fn texts(required: &[&str], optional: &[&str]) -> Value {
    let names = required.iter().chain(optional);
    closed(required, names.map(|name| ((*name).to_owned(), filled_text())).collect())
}

fn new_email() -> Value {
    let mut body = texts(&["email"], &[]);
    if let Some(properties) = body.pointer_mut("/properties").and_then(Value::as_object_mut) {
        properties.insert("isPrimary".to_owned(), json!({"type": "boolean"}));
    }
    body
}

fn with_method(mut body: Value) -> Value {
    if let Some(method) = body.pointer_mut("/properties/methodType") {
        *method = json!({"type": "string", "enum": ["sms", "voice"]});
    }
    body
}

fn filled_text() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": MAX_TEXT_CHARS})
}

fn closed(required: &[&str], properties: Map<String, Value>) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn text() -> Value {
    json!({"type": "string", "maxLength": MAX_TEXT_CHARS})
}
