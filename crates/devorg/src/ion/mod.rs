//! A transaction as the wire has it: the forms of its stage and everything they relate to.

mod authenticator;
mod challenge;
mod enroll;
mod field;
mod form;
mod select;
mod step;

use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::org::message::{Message, Place, Refusal};
use crate::org::settings::app::App;
use crate::org::state::World;
use crate::org::transaction::{Purpose, Stage, Transaction, Who};
use crate::org::user::User;

/// What a document is written from.
pub(crate) struct Page<'a> {
    pub(crate) world: &'a World,
    pub(crate) app: &'a App,
    pub(crate) at: &'a Transaction,
    pub(crate) origin: &'a str,
    pub(crate) now: Moment,
}

/// What a stage adds to a document.
#[derive(Default)]
struct Parts {
    forms: Vec<Value>,
    objects: Vec<(&'static str, Value)>,
}

/// The authenticator that is current.
const CURRENT: &str = "currentAuthenticator";
/// The same, where it is about what somebody has set up.
const ENROLLED: &str = "currentAuthenticatorEnrollment";

/// The document of where a transaction stands, with what is said about it.
pub(crate) fn document(page: &Page<'_>, said: &[(Place, Message)]) -> Value {
    let mut document = page.head();
    let parts = page.parts();
    if !parts.forms.is_empty() {
        document.insert("remediation".to_owned(), json!({ "type": "array", "value": parts.forms }));
    }
    for (name, value) in parts.objects {
        document.insert(name.to_owned(), value);
    }
    let mut document = Value::Object(document);
    for (place, message) in page.at.notices.iter().chain(said) {
        say(&mut document, place, message);
    }
    document
}

/// The document of a transaction that nothing can follow, or that nobody knows.
pub(crate) fn ended(refusal: &Refusal) -> Value {
    let messages: Vec<Value> = refusal.messages.iter().map(|(_, message)| message.ion()).collect();
    json!({ "version": "1.0.0", "messages": { "type": "array", "value": messages } })
}

impl Page<'_> {
    fn head(&self) -> Map<String, Value> {
        let mut head = Map::new();
        let mut set = |name: &str, value: Value| head.insert(name.to_owned(), value);
        set("version", json!("1.0.0"));
        set("stateHandle", json!(self.at.handle));
        set("expiresAt", json!(self.at.expires_at.iso()));
        set("intent", json!("LOGIN"));
        if let Some(user) = self.person() {
            set("user", json!({ "type": "object", "value": user }));
        }
        if !matches!(self.at.stage, Stage::Ended { cancel: false, .. }) {
            set("cancel", form::form(self, "cancel", "cancel", Vec::new()));
        }
        let app = json!({ "name": "oidc_client", "label": self.label(), "id": self.app.client_id });
        set("app", json!({ "type": "object", "value": app }));
        head
    }

    fn label(&self) -> &str {
        if self.app.label.is_empty() { &self.app.client_id } else { &self.app.label }
    }

    /// The user of the transaction.
    fn user(&self) -> Option<&User> {
        self.world.users.get(self.at.user_id()?)
    }

    /// What is told of them. Who only gave a name is told nothing but that name, whether or not they exist.
    fn person(&self) -> Option<Value> {
        let is_proven = !self.at.shown.is_empty();
        match (&self.at.who, self.user()) {
            (Who::Nobody, _) => None,
            (Who::Stranger(identifier), _) | (Who::User { identifier, .. }, None) => {
                Some(json!({ "identifier": identifier }))
            }
            (Who::User { .. }, Some(user)) if self.at.purpose == Purpose::Register => {
                Some(json!({ "id": user.id }))
            }
            (Who::User { identifier, .. }, Some(_)) if !is_proven => {
                Some(json!({ "identifier": identifier }))
            }
            (Who::User { identifier, .. }, Some(user)) => Some(json!({
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

/// Puts a message where it belongs; above everything, if its field is not there.
fn say(document: &mut Value, place: &Place, message: &Message) {
    if let Place::Field(path) = place {
        let fields = document.pointer_mut("/remediation/value/0/value").and_then(Value::as_array_mut);
        if let Some(field) = fields.and_then(|fields| field_at(fields, path)) {
            return add(field, message);
        }
    }
    add(document, message);
}

fn add(holder: &mut Value, message: &Message) {
    let Some(holder) = holder.as_object_mut() else { return };
    let messages = holder.entry("messages").or_insert_with(|| json!({ "type": "array", "value": [] }));
    if let Some(list) = messages.get_mut("value").and_then(Value::as_array_mut) {
        list.push(message.ion());
    }
}

/// Finds a field by its path, looking into the variants of an object as well.
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

fn list(values: Vec<Value>) -> Value {
    json!({ "type": "array", "value": values })
}
