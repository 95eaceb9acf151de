//! The schemas by name: the responses from the contract's types, the request bodies from the table of answers.

use crate::api::answer_check;
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
    let bodies = [
        ("Nothing", closed(&[], Map::new())),
        ("Authenticate", begin_body(Some("acrValues"))),
        // The org's profile may ask for more: the inputs of the next step describe it.
        ("Register", begin_body(Some("activationToken"))),
        ("RecoverPassword", begin_body(Some("recoveryToken"))),
        ("UnlockAccount", begin_body(None)),
        ("Activate", begin_body(Some("userCode"))),
        ("Callback", json!({"oneOf": callback})),
        // The next step may ask for more: its inputs describe it.
        ("Values", closed(&[], answer_check::schema(|_| true))),
    ];
    bodies.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// The values that a flow may begin with.
fn begin_body(option: Option<&str>) -> Value {
    let mut properties = answer_check::schema(|name| !matches!(name, "resend" | "skip" | "step"));
    properties.extend(option.map(|name| (name.to_owned(), text())));
    closed(&[], properties)
}

fn closed(required: &[&str], properties: Map<String, Value>) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn text() -> Value {
    json!({"type": "string", "maxLength": MAX_TEXT_CHARS})
}
