//! Form fields in Ion.

use serde_json::{Value, json};

use crate::org::authenticator::{Authenticator, Method};
use crate::org::settings::codes::{CodeFormat, CodePolicy};
use crate::org::settings::profile::{Attribute, AttributeKind};

/// A text field.
pub(super) fn text(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label })
}

/// A required field.
pub(super) fn required(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label, "required": true })
}

/// A secret field.
pub(super) fn secret(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label, "secret": true })
}

/// A boolean field.
pub(super) fn boolean(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label, "type": "boolean" })
}

/// A required field that a program fills.
pub(super) fn hidden(name: &str) -> Value {
    json!({ "name": name, "required": true, "visible": false })
}

/// An immutable field.
pub(super) fn fixed(name: &str, value: &str) -> Value {
    json!({ "name": name, "required": true, "value": value, "mutable": false })
}

/// An immutable, invisible field.
pub(super) fn fixed_hidden(name: &str, value: &str) -> Value {
    json!({ "name": name, "required": true, "value": value, "visible": false, "mutable": false })
}

/// The `credentials` object.
pub(super) fn credentials(fields: Vec<Value>) -> Value {
    json!({ "name": "credentials", "type": "object", "form": { "value": fields }, "required": true })
}

/// A passcode field.
pub(super) fn passcode() -> Value {
    credentials(vec![text("passcode", "Enter code")])
}

/// The field for a mailed code. Only a code with letters states its format and length.
pub(super) fn email_passcode(policy: CodePolicy) -> Value {
    match policy.format {
        CodeFormat::Numeric => passcode(),
        CodeFormat::Alphanumeric => credentials(vec![json!({
            "name": "passcode",
            "label": "Enter code",
            "format": "alphanumeric",
            "minLength": policy.length,
            "maxLength": policy.length,
        })]),
    }
}

/// A choice of methods.
pub(super) fn methods(methods: &[Method], required: bool) -> Value {
    let options: Vec<Value> =
        methods.iter().map(|m| json!({ "label": m.label(), "value": m.name() })).collect();
    json!({ "name": "methodType", "type": "string", "required": required, "options": options })
}

/// The authenticator's default method, immutable.
pub(super) fn method(key: Authenticator) -> Value {
    let method = key.methods().first().map_or("", |m| m.name());
    json!({ "name": "methodType", "required": false, "value": method, "mutable": false })
}

/// A profile attribute with its previous value.
pub(super) fn attribute(attribute: &Attribute, typed: Option<&Value>) -> Value {
    let mut field =
        json!({ "name": attribute.name, "label": attribute.label, "required": attribute.required });
    let Some(members) = field.as_object_mut() else { return field };
    match attribute.kind {
        AttributeKind::String => {}
        AttributeKind::Boolean => drop(members.insert("type".to_owned(), json!("boolean"))),
        AttributeKind::Number => drop(members.insert("type".to_owned(), json!("number"))),
        // Okta's widget does not know a type `date` and would show no field.
        AttributeKind::Date => {
            members.insert("type".to_owned(), json!("string"));
            members.insert("format".to_owned(), json!("date"));
        }
    }
    if !attribute.options.is_empty() {
        let options: Vec<Value> =
            attribute.options.iter().map(|o| json!({ "label": o, "value": o })).collect();
        members.insert("type".to_owned(), json!("string"));
        members.insert("options".to_owned(), json!(options));
    }
    if let Some(min) = attribute.min_length {
        members.insert("minLength".to_owned(), json!(min));
    }
    if let Some(max) = attribute.max_length {
        members.insert("maxLength".to_owned(), json!(max));
    }
    if let Some(typed) = typed.filter(|value| !value.is_null()) {
        members.insert("value".to_owned(), typed.clone());
    }
    field
}
