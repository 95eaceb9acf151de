//! The names that an org gives its authenticators.

use serde_json::{Value, json};

use crate::org::authenticator::Authenticator;

/// Calls the WebAuthn authenticator by the org's own name, wherever the document names it.
pub(super) fn rename_passkeys(document: &mut Value, name: &str) {
    match document {
        Value::Object(members) => members.iter_mut().for_each(|(member, value)| {
            let names = matches!(member.as_str(), "displayName" | "label");
            if names && value.as_str() == Some(Authenticator::Webauthn.label()) {
                *value = json!(name);
            } else {
                rename_passkeys(value, name);
            }
        }),
        Value::Array(items) => items.iter_mut().for_each(|item| rename_passkeys(item, name)),
        _ => {}
    }
}
