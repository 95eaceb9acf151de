//! Writes a transaction as an Ion document: remediations and the objects they relate to.

mod authenticator;
mod builder;
mod captcha;
mod challenge;
mod consent;
mod device;
mod display_names;
mod enroll;
mod field;
mod form;
mod passkeys;
mod select;
mod step;
mod vendors;

use serde_json::{Map, Value, json};

use crate::org::message::{Message, MessageTarget, Refusal};
use crate::org::transaction::{LinkConsent, Purpose, Step, Subject};

pub(crate) use builder::DocumentBuilder;

/// The document of a transaction, with messages.
pub(crate) fn document(builder: &DocumentBuilder<'_>, messages: &[(MessageTarget, Message)]) -> Value {
    let mut document = builder.head();
    let parts = builder.parts();
    if !parts.forms.is_empty() {
        document.insert("remediation".to_owned(), json!({ "type": "array", "value": parts.forms }));
    }
    for (name, value) in parts.objects {
        document.insert(name.to_owned(), value);
    }
    let mut document = Value::Object(document);
    for (place, message) in builder.transaction.notices.iter().chain(messages) {
        add_message(&mut document, place, message);
    }
    if builder.app.fastpass.as_ref().is_some_and(|fastpass| fastpass.split) {
        device::split_okta_verify(&mut document);
    }
    if let Some(name) = &builder.app.passkeys.name {
        display_names::rename_passkeys(&mut document, name);
    }
    document
}

/// The document of a flow that has ended or does not exist.
pub(crate) fn ended(refusal: &Refusal) -> Value {
    let messages: Vec<Value> = refusal.messages.iter().map(|(_, message)| message.ion()).collect();
    json!({ "version": "1.0.0", "messages": { "type": "array", "value": messages } })
}

impl DocumentBuilder<'_> {
    fn head(&self) -> Map<String, Value> {
        let mut head = Map::new();
        let mut set = |name: &str, value: Value| head.insert(name.to_owned(), value);
        set("version", json!("1.0.0"));
        set("stateHandle", json!(self.transaction.handle));
        set("expiresAt", json!(self.transaction.expires_at.iso()));
        let step = &self.transaction.step;
        let intent = if matches!(step, Step::EmailConsent(_)) { "CONSENT" } else { "LOGIN" };
        set("intent", json!(intent));
        if let Some(user) = self.person() {
            set("user", json!({ "type": "object", "value": user }));
        }
        let is_on_page = matches!(step, Step::EmailConsent(LinkConsent::OnPage { .. }));
        if !is_on_page && !matches!(step, Step::Ended { cancel: false, .. }) {
            set("cancel", form::form(self, "cancel", "cancel", Vec::new()));
        }
        let app = json!({ "name": "oidc_client", "label": self.label(), "id": self.app.client_id });
        set("app", json!({ "type": "object", "value": app }));
        head
    }

    /// The `user` member. Before a factor is verified it holds the identifier only, whether or not the user exists.
    fn person(&self) -> Option<Value> {
        let is_proven = !self.transaction.verified.is_empty();
        match (&self.transaction.subject, self.user()) {
            (Subject::Unidentified, _) => None,
            (Subject::UnknownUser(identifier), _) | (Subject::User { identifier, .. }, None) => {
                Some(json!({ "identifier": identifier }))
            }
            (Subject::User { .. }, Some(user)) if self.transaction.purpose == Purpose::Register => {
                Some(json!({ "id": user.id }))
            }
            (Subject::User { identifier, .. }, Some(_)) if !is_proven => {
                Some(json!({ "identifier": identifier }))
            }
            (Subject::User { identifier, .. }, Some(user)) => Some(json!({
                "id": user.id,
                "identifier": identifier,
                "profile": {
                    "firstName": user.attribute("firstName"),
                    "lastName": user.attribute("lastName"),
                    "timeZone": "America/Los_Angeles",
                    "locale": "en_US",
                },
            })),
        }
    }
}

/// Adds a message at its field, or at the top if the field is missing.
fn add_message(document: &mut Value, place: &MessageTarget, message: &Message) {
    if let MessageTarget::Field(path) = place {
        let fields = document.pointer_mut("/remediation/value/0/value").and_then(Value::as_array_mut);
        if let Some(field) = fields.and_then(|fields| field_at(fields, path)) {
            return push_message(field, message);
        }
    }
    push_message(document, message);
}

fn push_message(holder: &mut Value, message: &Message) {
    let Some(holder) = holder.as_object_mut() else { return };
    let messages = holder.entry("messages").or_insert_with(|| json!({ "type": "array", "value": [] }));
    if let Some(list) = messages.get_mut("value").and_then(Value::as_array_mut) {
        list.push(message.ion());
    }
}

/// Finds a field by its path, also in the options of an object.
fn field_at<'a>(fields: &'a mut [Value], path: &str) -> Option<&'a mut Value> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = fields.iter_mut().find(|field| field.get("name").and_then(Value::as_str) == Some(name))?;
    let Some(rest) = rest else { return Some(field) };
    if field.get("form").is_some() {
        return field_at(field.pointer_mut("/form/value")?.as_array_mut()?, rest);
    }
    field
        .get_mut("options")?
        .as_array_mut()?
        .iter_mut()
        .find_map(|option| field_at(option.pointer_mut("/value/form/value")?.as_array_mut()?, rest))
}
