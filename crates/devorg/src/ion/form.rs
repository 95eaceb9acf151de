//! Remediation forms.

use serde_json::{Value, json};

use super::builder::DocumentBuilder;
use super::field;

const PRODUCES: &str = "application/ion+json; okta-version=1.0.0";
const ACCEPTS: &str = "application/json; okta-version=1.0.0";

/// A form. The state handle is its last field.
pub(super) fn form(builder: &DocumentBuilder<'_>, name: &str, path: &str, mut fields: Vec<Value>) -> Value {
    fields.push(field::fixed_hidden("stateHandle", &builder.transaction.handle));
    json!({
        "rel": ["create-form"],
        "name": name,
        "href": format!("{}/idp/idx/{path}", builder.origin),
        "method": "POST",
        "produces": PRODUCES,
        "value": fields,
        "accepts": ACCEPTS,
    })
}

/// A form that relates to the current authenticator.
pub(super) fn related(
    builder: &DocumentBuilder<'_>,
    name: &str,
    path: &str,
    current: &str,
    fields: Vec<Value>,
) -> Value {
    let mut form = form(builder, name, path, fields);
    if let Some(form) = form.as_object_mut() {
        form.insert("relatesTo".to_owned(), json!([format!("$.{current}")]));
    }
    form
}

/// A polling form.
pub(super) fn polling(builder: &DocumentBuilder<'_>, mut form: Value) -> Value {
    if let Some(form) = form.as_object_mut() {
        form.insert("refresh".to_owned(), json!(builder.app.poll_milliseconds));
    }
    form
}
