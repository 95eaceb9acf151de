//! Messages of the Identity Engine: text, i18n key and class.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The class of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Class {
    Error,
    Warning,
    Info,
}

/// A link of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoticeLink {
    pub(crate) url: String,
    /// Its own text. Without one the whole message is the link.
    pub(crate) label: Option<String>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) key: String,
    pub(crate) params: Vec<String>,
    pub(crate) class: Class,
    #[serde(default)]
    pub(crate) links: Vec<NoticeLink>,
    /// What an app on the device can do about it.
    #[serde(default)]
    pub(crate) device_remediation: Option<Value>,
}

/// Where a message is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MessageTarget {
    /// At the top of the document.
    Top,
    /// At a field of the first form, by path, such as `credentials.passcode`.
    Field(String),
}

/// Why a request was refused. The transaction stays at its step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) messages: Vec<(MessageTarget, Message)>,
    /// Whether the flow ends: the response carries no form.
    pub(crate) terminal: bool,
}

impl Message {
    pub(crate) fn error(key: &str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            key: key.to_owned(),
            params: Vec::new(),
            class: Class::Error,
            links: Vec::new(),
            device_remediation: None,
        }
    }

    pub(crate) fn info(key: &str, text: impl Into<String>) -> Self {
        Self { class: Class::Info, ..Self::error(key, text) }
    }

    pub(crate) fn warning(key: &str, text: impl Into<String>) -> Self {
        Self { class: Class::Warning, ..Self::error(key, text) }
    }

    pub(crate) fn with_link(mut self, url: &str) -> Self {
        self.links.push(NoticeLink { url: url.to_owned(), label: None });
        self
    }

    pub(crate) fn with_param(mut self, param: impl Into<String>) -> Self {
        self.params.push(param.into());
        self
    }

    /// The Ion form.
    pub(crate) fn ion(&self) -> Value {
        let mut message = json!({
            "message": self.text,
            "i18n": { "key": self.key, "params": self.params },
            "class": self.class,
        });
        let link = |link: &NoticeLink| match &link.label {
            Some(label) => json!({ "url": link.url, "label": label }),
            None => json!({ "url": link.url }),
        };
        if let (false, Some(members)) = (self.links.is_empty(), message.as_object_mut()) {
            members.insert("links".to_owned(), self.links.iter().map(link).collect());
        }
        if let (Some(remediation), Some(members)) = (&self.device_remediation, message.as_object_mut()) {
            let container = json!({ "type": "object", "value": remediation });
            members.insert("deviceRemediation".to_owned(), container);
        }
        message
    }

    /// A refusal with this message at the top.
    pub(crate) fn at_top(self, status: u16) -> Refusal {
        Refusal { status, messages: vec![(MessageTarget::Top, self)], terminal: false }
    }

    /// A refusal with this message at a field.
    pub(crate) fn at_field(self, field: &str, status: u16) -> Refusal {
        Refusal { status, messages: vec![(MessageTarget::Field(field.to_owned()), self)], terminal: false }
    }

    /// A refusal with this message that ends the flow.
    pub(crate) fn terminal(self, status: u16) -> Refusal {
        Refusal { status, messages: vec![(MessageTarget::Top, self)], terminal: true }
    }
}

pub(crate) fn session_expired() -> Refusal {
    let text = "You have been logged out due to inactivity. Refresh or return to the sign in screen.";
    Message::error("idx.session.expired", text).terminal(401)
}

pub(crate) fn bad_request() -> Refusal {
    Message::error("E0000020", "Bad request.").terminal(400)
}

pub(crate) fn authentication_failed() -> Refusal {
    Message::error("errors.E0000004", "Authentication failed").at_top(401)
}

pub(crate) fn incorrect_password() -> Refusal {
    Message::error("incorrectPassword", "Password is incorrect").at_top(401)
}

pub(crate) fn unknown_user(identifier: &str) -> Refusal {
    let text = format!("There is no account with the Username {identifier}.");
    Message::info("idx.unknown.user", text).with_param(identifier).at_top(400)
}

pub(crate) fn invalid_code() -> Refusal {
    Message::error("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again.")
        .at_field("credentials.passcode", 401)
}

pub(crate) fn required(field: &str, path: &str) -> Refusal {
    let message =
        Message::error("api.error.field_required", format!("'{field}' is required.")).with_param(field);
    if path.is_empty() { message.at_top(400) } else { message.at_field(path, 400) }
}

pub(crate) fn too_many_requests() -> Refusal {
    Message::error("tooManyRequests", "Too many requests").at_top(429)
}

pub(crate) fn unsatisfiable(app: &str) -> Refusal {
    let text = format!(
        "Unable to login to \"{app}\" at this time. Please contact your administrator for assistance."
    );
    Message::error("oie.assurance.unsatisfiable", text).with_param(app).terminal(400)
}

pub(crate) fn access_denied() -> Refusal {
    let text = "You do not have permission to perform the requested action.";
    Message::error("security.access_denied", text).terminal(403)
}

pub(crate) fn not_assigned() -> Refusal {
    Message::error("idx.error.user.not.assigned.to.app", "User is not assigned to this application.")
        .at_top(400)
}
