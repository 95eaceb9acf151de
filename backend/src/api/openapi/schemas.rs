//! The shapes of what goes in and out.

use super::reference;
use crate::api::answer_check;
use latchkey_contract::Code;
use serde_json::{Map, Value, json};

/// The longest text that a description promises to take. Longer ones may be taken as well.
const TEXT: usize = 1024;

/// Every schema by name.
pub(super) fn all() -> Value {
    let codes: Vec<_> = Code::ALL.into_iter().map(Code::name).collect();
    let mut schemas = Map::new();
    let mut add = |name: &str, schema: Value| schemas.insert(name.to_owned(), schema);

    add("Nothing", closed(&[], json!({})));
    add("Authenticate", beginning(Some("acrValues")));
    // Besides these, whatever the org's profile asks for: the inputs of the next step say it.
    add("Register", beginning(Some("activationToken")));
    add("RecoverPassword", beginning(Some("recoveryToken")));
    add("UnlockAccount", beginning(None));
    let came = |what: &str| {
        let mut properties = json!({"state": text()});
        if let Some(properties) = properties.as_object_mut() {
            properties.insert(what.to_owned(), text());
        }
        closed(&["state", what], properties)
    };
    add("Callback", json!({"oneOf": [came("otp"), came("interactionCode"), came("error")]}));
    // Besides these, whatever the next step asks for by name.
    add("Values", closed(&[], Value::Object(answer_check::schema(|_| true))));
    add(
        "Problem",
        open(
            &["code", "status", "title"],
            json!({
                "code": {"type": "string", "enum": codes},
                "status": {"type": "integer"},
                "title": plain(),
                "detail": plain(),
                "retryAfter": {"type": "integer"},
                "transaction": reference("Transaction")
            }),
        ),
    );
    add(
        "Session",
        closed(
            &["authenticated"],
            json!({"authenticated": {"type": "boolean"}, "user": {"type": "object"}, "expiresAt": {"type": "integer"}}),
        ),
    );
    add("OwnSessions", closed(&["sessions"], json!({"sessions": list("OwnSession")})));
    add(
        "OwnSession",
        closed(
            &["id", "current", "since"],
            json!({
                "id": plain(), "current": {"type": "boolean"}, "since": {"type": "integer"},
                "address": plain(), "userAgent": plain()
            }),
        ),
    );
    transaction(&mut add);
    authenticator(&mut add);
    Value::Object(schemas)
}

fn transaction(add: &mut impl FnMut(&str, Value) -> Option<Value>) {
    add(
        "Transaction",
        closed(
            &["transaction", "status", "availableSteps", "enabledFeatures", "messages"],
            json!({
                "transaction": plain(),
                "status": {"type": "string", "enum": ["PENDING", "SUCCESS", "TERMINAL", "CANCELED"]},
                "nextStep": reference("Step"),
                "availableSteps": list("Step"),
                "enabledFeatures": {"type": "array", "items": {
                    "type": "string", "enum": ["recover-password", "enroll-profile", "redirect-idp", "unlock-account"]
                }},
                "messages": list("Message")
            }),
        ),
    );
    add(
        "Step",
        closed(
            &["name"],
            json!({
                "name": plain(), "type": plain(), "authenticator": reference("Authenticator"),
                "authenticatorEnrollments": list("Enrollment"), "canSkip": flag(), "canResend": flag(),
                "poll": closed(&["required"], json!({"required": flag(), "refresh": {"type": "integer"}})),
                "idp": closed(&["id", "name"], json!({"id": plain(), "name": plain()})),
                "href": plain(), "inputs": list("Input")
            }),
        ),
    );
    add(
        "Input",
        closed(
            &["name", "type", "required"],
            json!({
                "name": plain(), "label": plain(), "type": plain(), "required": flag(), "secret": flag(),
                "visible": flag(), "mutable": flag(), "value": {}, "options": list("Choice"),
                "form": reference("Form"), "minLength": {"type": "integer"}, "maxLength": {"type": "integer"},
                "messages": list("Message")
            }),
        ),
    );
    add("Form", closed(&["value"], json!({"value": list("Input")})));
    add("Choice", closed(&["label"], json!({"label": plain(), "value": {}})));
    add(
        "Message",
        closed(
            &["class", "message"],
            json!({
                "class": {"type": "string", "enum": ["ERROR", "WARNING", "INFO"]}, "message": plain(),
                "i18n": closed(&["key", "params"], json!({"key": plain(), "params": {"type": "array"}}))
            }),
        ),
    );
}

fn authenticator(add: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let profile = || closed(&[], json!({"email": plain(), "phoneNumber": plain()}));
    add(
        "Authenticator",
        closed(
            &["key", "type", "displayName"],
            json!({
                "key": plain(), "type": plain(), "displayName": plain(),
                "methods": {"type": "array", "items": closed(&["type"], json!({"type": plain()}))},
                "profile": profile(), "settings": reference("Settings"),
                "contextualData": reference("ContextualData")
            }),
        ),
    );
    add(
        "Enrollment",
        closed(
            &["key", "type", "displayName"],
            json!({
                "key": plain(), "type": plain(), "displayName": plain(), "profile": profile(), "credentialId": plain()
            }),
        ),
    );
    let count = || json!({"type": "integer"});
    let complexity = closed(
        &[],
        json!({
            "minLength": count(), "minLowerCase": count(), "minUpperCase": count(), "minNumber": count(),
            "minSymbol": count(), "excludeUsername": flag(),
            "excludeAttributes": {"type": "array", "items": plain()},
            "maxConsecutiveRepeatingCharacters": count()
        }),
    );
    let settings = json!({"complexity": complexity, "historyCount": count(), "daysToExpiry": count()});
    add("Settings", closed(&[], settings));
    let question =
        || closed(&["questionKey", "question"], json!({"questionKey": plain(), "question": plain()}));
    add(
        "ContextualData",
        closed(
            &[],
            json!({
                "qrcode": closed(&["href"], json!({"href": plain()})), "sharedSecret": plain(),
                "correctAnswer": plain(), "selectedChannel": plain(), "email": plain(), "phoneNumber": plain(),
                "useEmailMagicLink": flag(), "questions": {"type": "array", "items": question()},
                "enrolledQuestion": question(), "activationData": {}, "challengeData": {}
            }),
        ),
    );
}

/// What a flow may begin with.
fn beginning(besides: Option<&str>) -> Value {
    let mut properties = answer_check::schema(|word| !matches!(word, "resend" | "skip" | "step"));
    properties.extend(besides.map(|word| (word.to_owned(), text())));
    closed(&[], Value::Object(properties))
}

fn closed(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn open(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn list(schema: &str) -> Value {
    json!({"type": "array", "items": reference(schema)})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

fn plain() -> Value {
    json!({"type": "string"})
}

/// A text that goes in.
fn text() -> Value {
    json!({"type": "string", "maxLength": TEXT})
}
