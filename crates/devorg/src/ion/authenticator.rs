//! What forms relate to: authenticators, and what somebody has set up of them.

use serde_json::{Map, Value, json};

use super::Page;
use super::form::{form, polling};
use crate::org::authenticator::{Key, Method};
use crate::org::transaction::Who;
use crate::org::user::{Proof, User};

/// An action beside an authenticator.
pub(super) enum Action {
    Resend,
    /// Sending a push once more goes another way.
    ResendPush,
    Poll,
    Recover,
}

/// An authenticator, or an enrolment, with what belongs to it.
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// The authenticator itself.
    pub(super) fn authenticator(key: Key) -> Self {
        Self::new(key, Some(key.id()))
    }

    /// What somebody has set up of it. A stranger's has neither id nor profile, and so has that of
    /// somebody who has shown nothing yet.
    pub(super) fn enrolment(page: &Page<'_>, key: Key) -> Self {
        let user = page.user().filter(|_| !matches!(page.at.who, Who::Stranger(_)));
        let Some(user) = user else { return Self::new(key, None) };
        let mut object = Self::new(key, Some(enrolment_id(user, key)));
        match user.enrolment(key).map(|e| &e.proof) {
            _ if key == Key::OktaEmail => {
                object = object.with("profile", json!({ "email": masked_mail(&user.email) }));
            }
            Some(Proof::Phone { number, nickname }) => {
                let mut profile = json!({ "phoneNumber": masked_number(number) });
                if let (Some(name), Some(profile)) = (nickname, profile.as_object_mut()) {
                    object = object.with("nickname", json!(name));
                    profile.insert("nickname".to_owned(), json!(name));
                }
                object = object.with("profile", profile);
            }
            Some(Proof::Question { key, question, .. }) => {
                object = object.with("profile", json!({ "questionKey": key, "question": question }));
            }
            _ => {}
        }
        object
    }

    /// One passkey of several.
    pub(super) fn passkey(id: &str, credential: &str, name: &str) -> Self {
        Self::new(Key::Webauthn, Some(id.to_owned()))
            .with("displayName", json!(name))
            .with("credentialId", json!(credential))
    }

    fn new(key: Key, id: Option<String>) -> Self {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(key.kind_name()));
        members.insert("key".to_owned(), json!(key.name()));
        if let Some(id) = id {
            members.insert("id".to_owned(), json!(id));
        }
        members.insert("displayName".to_owned(), json!(key.label()));
        let object = Self(members).using(key.methods());
        object.with("allowedFor", json!("any"))
    }

    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Says which of its methods it is about.
    pub(super) fn using(self, methods: &[Method]) -> Self {
        let methods: Vec<Value> = methods.iter().map(|m| json!({ "type": m.name() })).collect();
        self.with("methods", json!(methods))
    }

    pub(super) fn acting(self, page: &Page<'_>, action: &Action) -> Self {
        let form = match action {
            Action::Resend => form(page, "resend", "challenge/resend", Vec::new()),
            Action::ResendPush => form(page, "resend", "challenge", vec![push()]),
            Action::Poll => polling(page, form(page, "poll", "challenge/poll", Vec::new())),
            Action::Recover => form(page, "recover", "recover", Vec::new()),
        };
        let name = match action {
            Action::Resend | Action::ResendPush => "resend",
            Action::Poll => "poll",
            Action::Recover => "recover",
        };
        self.with(name, form)
    }

    /// Alone.
    pub(super) fn value(self) -> Value {
        Value::Object(self.0)
    }

    /// In the container the wire puts it in.
    pub(super) fn contained(self) -> Value {
        json!({ "type": "object", "value": self.0 })
    }
}

/// The push authenticator as a fixed field.
pub(super) fn push() -> Value {
    json!({ "name": "authenticator", "required": true, "visible": false, "mutable": false,
        "value": { "methodType": "push", "id": Key::OktaVerify.id() } })
}

/// The id of what somebody has set up; the password and an address in the profile have theirs from the user's.
pub(super) fn enrolment_id(user: &User, key: Key) -> String {
    user.enrolment(key).map_or_else(
        || format!("{}{}", key.enrolment_prefix(), user.id.get(3..).unwrap_or_default()),
        |enrolment| enrolment.id.clone(),
    )
}

/// `j***8@example.com`.
pub(super) fn masked_mail(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    let last: String =
        if local.chars().count() > 1 { local.chars().last().into_iter().collect() } else { String::new() };
    format!("{first}***{last}@{domain}")
}

/// `+1 XXX-XXX-4567`.
pub(super) fn masked_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let tail: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    let country: String = digits.iter().take(digits.len().saturating_sub(10).max(1)).collect();
    format!("+{country} XXX-XXX-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_masked() {
        assert_eq!(masked_mail("johnny8@example.com"), "j***8@example.com");
        assert_eq!(masked_mail("j@example.com"), "j***@example.com");
        assert_eq!(masked_number("+15551230364"), "+1 XXX-XXX-0364");
        assert_eq!(masked_number("+447911123456"), "+44 XXX-XXX-3456");
    }
}
