//! Forms: what can be sent, and where to.

use serde_json::{Value, json};

use super::Page;
use super::field;

const PRODUCES: &str = "application/ion+json; okta-version=1.0.0";
const ACCEPTS: &str = "application/json; okta-version=1.0.0";

/// A form. The state handle is always its last field.
pub(super) fn form(page: &Page<'_>, name: &str, path: &str, mut fields: Vec<Value>) -> Value {
    fields.push(field::fixed_hidden("stateHandle", &page.at.handle));
    json!({
        "rel": ["create-form"],
        "name": name,
        "href": format!("{}/idp/idx/{path}", page.origin),
        "method": "POST",
        "produces": PRODUCES,
        "value": fields,
        "accepts": ACCEPTS,
    })
}

/// A form about the authenticator that is current.
pub(super) fn about(page: &Page<'_>, name: &str, path: &str, current: &str, fields: Vec<Value>) -> Value {
    let mut form = form(page, name, path, fields);
    if let Some(form) = form.as_object_mut() {
        form.insert("relatesTo".to_owned(), json!([format!("$.{current}")]));
    }
    form
}

/// A form that is sent again and again.
pub(super) fn polling(page: &Page<'_>, mut form: Value) -> Value {
    if let Some(form) = form.as_object_mut() {
        form.insert("refresh".to_owned(), json!(page.app.poll_milliseconds));
    }
    form
}
