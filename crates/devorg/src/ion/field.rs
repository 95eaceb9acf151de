//! The fields of forms.

use serde_json::{Value, json};

use crate::org::authenticator::{Key, Method};
use crate::org::settings::app::{Attribute, AttributeKind};

/// A field for text.
pub(super) fn text(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label })
}

/// A field that must be filled.
pub(super) fn required(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label, "required": true })
}

/// A field whose text is not shown.
pub(super) fn secret(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label, "secret": true })
}

/// A field for yes or no.
pub(super) fn boolean(name: &str, label: &str) -> Value {
    json!({ "name": name, "label": label, "type": "boolean" })
}

/// A field a program fills, not a person.
pub(super) fn hidden(name: &str) -> Value {
    json!({ "name": name, "required": true, "visible": false })
}

/// A field that goes back as it came.
pub(super) fn fixed(name: &str, value: &str) -> Value {
    json!({ "name": name, "required": true, "value": value, "mutable": false })
}

/// The same, never shown.
pub(super) fn fixed_hidden(name: &str, value: &str) -> Value {
    json!({ "name": name, "required": true, "value": value, "visible": false, "mutable": false })
}

/// What somebody proves themselves with.
pub(super) fn credentials(fields: Vec<Value>) -> Value {
    json!({ "name": "credentials", "type": "object", "form": { "value": fields }, "required": true })
}

/// A code to type in.
pub(super) fn passcode() -> Value {
    credentials(vec![text("passcode", "Enter code")])
}

/// A choice of methods.
pub(super) fn methods(methods: &[Method], required: bool) -> Value {
    let options: Vec<Value> =
        methods.iter().map(|m| json!({ "label": m.label(), "value": m.name() })).collect();
    json!({ "name": "methodType", "type": "string", "required": required, "options": options })
}

/// The one method there is.
pub(super) fn method(key: Key) -> Value {
    let method = key.methods().first().map_or("", |m| m.name());
    json!({ "name": "methodType", "required": false, "value": method, "mutable": false })
}

/// A profile attribute, with what was typed before.
pub(super) fn attribute(attribute: &Attribute, typed: Option<&Value>) -> Value {
    let mut field =
        json!({ "name": attribute.name, "label": attribute.label, "required": attribute.required });
    let Some(members) = field.as_object_mut() else { return field };
    match attribute.kind {
        AttributeKind::String => {}
        AttributeKind::Boolean => drop(members.insert("type".to_owned(), json!("boolean"))),
        AttributeKind::Number => drop(members.insert("type".to_owned(), json!("number"))),
        // Okta's widget knows no type of this name, and would show nothing at all.
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
