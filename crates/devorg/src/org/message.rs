//! What the org says to people: the text, the key clients translate by, and how grave it is.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Class {
    Error,
    Info,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) key: String,
    pub(crate) params: Vec<String>,
    pub(crate) class: Class,
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// Above everything.
    Top,
    /// At a field of the first form, by its path: `credentials.passcode`.
    Field(String),
}

/// Why an answer was not taken. The transaction stands where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) messages: Vec<(Place, Message)>,
    /// Nothing can follow: the answer carries no form.
    pub(crate) terminal: bool,
}

impl Message {
    pub(crate) fn error(key: &str, text: impl Into<String>) -> Self {
        Self { text: text.into(), key: key.to_owned(), params: Vec::new(), class: Class::Error }
    }

    pub(crate) fn info(key: &str, text: impl Into<String>) -> Self {
        Self { class: Class::Info, ..Self::error(key, text) }
    }

    pub(crate) fn with(mut self, param: impl Into<String>) -> Self {
        self.params.push(param.into());
        self
    }

    /// As the wire has it.
    pub(crate) fn ion(&self) -> Value {
        json!({
            "message": self.text,
            "i18n": { "key": self.key, "params": self.params },
            "class": match self.class { Class::Error => "ERROR", Class::Info => "INFO" },
        })
    }

    /// Refuses, saying this above everything.
    pub(crate) fn at_top(self, status: u16) -> Refusal {
        Refusal { status, messages: vec![(Place::Top, self)], terminal: false }
    }

    /// Refuses, saying this at a field.
    pub(crate) fn at(self, field: &str, status: u16) -> Refusal {
        Refusal { status, messages: vec![(Place::Field(field.to_owned()), self)], terminal: false }
    }

    /// Ends everything, saying this.
    pub(crate) fn and_end(self, status: u16) -> Refusal {
        Refusal { status, messages: vec![(Place::Top, self)], terminal: true }
    }
}

pub(crate) fn session_expired() -> Refusal {
    let text = "You have been logged out due to inactivity. Refresh or return to the sign in screen.";
    Message::error("idx.session.expired", text).and_end(401)
}

pub(crate) fn bad_request() -> Refusal {
    Message::error("E0000020", "Bad request.").and_end(400)
}

pub(crate) fn authentication_failed() -> Refusal {
    Message::error("errors.E0000004", "Authentication failed").at_top(401)
}

pub(crate) fn incorrect_password() -> Refusal {
    Message::error("incorrectPassword", "Password is incorrect").at_top(401)
}

pub(crate) fn unknown_user(identifier: &str) -> Refusal {
    let text = format!("There is no account with the Username {identifier}.");
    Message::info("idx.unknown.user", text).with(identifier).at_top(400)
}

pub(crate) fn invalid_code() -> Refusal {
    Message::error("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again.")
        .at("credentials.passcode", 401)
}

pub(crate) fn required(field: &str, path: &str) -> Refusal {
    let message = Message::error("api.error.field_required", format!("'{field}' is required.")).with(field);
    if path.is_empty() { message.at_top(400) } else { message.at(path, 400) }
}

pub(crate) fn too_many_requests() -> Refusal {
    Message::error("tooManyRequests", "Too many requests").at_top(429)
}

pub(crate) fn not_assigned() -> Refusal {
    Message::error("idx.error.user.not.assigned.to.app", "User is not assigned to this application.")
        .at_top(400)
}
