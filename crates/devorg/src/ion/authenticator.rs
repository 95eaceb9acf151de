//! Authenticators and enrolments in Ion.

use serde_json::{Map, Value, json};

use super::builder::DocumentBuilder;
use super::form::{form, polling};
use crate::clock::Timestamp;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::settings::access::EnrollmentGrace;
use crate::org::transaction::Subject;
use crate::org::user::{Enrolment, Factor, OrgUser};

/// An action of an authenticator.
pub(super) enum Action {
    Resend,
    /// A push of this authenticator is sent again by a new challenge.
    ResendPush(Authenticator),
    Poll,
    Recover,
}

/// An authenticator or enrolment object.
pub(super) struct AuthenticatorObject(Map<String, Value>);

impl AuthenticatorObject {
    /// An authenticator.
    pub(super) fn authenticator(key: Authenticator) -> Self {
        Self::new(key, Some(key.id()))
    }

    /// A user's enrolment, or the one among several that the user chose. For an unknown user it has neither id nor profile.
    pub(super) fn enrolment(builder: &DocumentBuilder<'_>, key: Authenticator) -> Self {
        let user = builder.user().filter(|_| !matches!(builder.transaction.subject, Subject::UnknownUser(_)));
        let Some(user) = user else { return Self::new(key, None) };
        let chosen = builder.transaction.enrolment.as_deref();
        Self::of_enrolment(user, key, user.chosen_enrolment(key, chosen))
    }

    /// This enrolment of a user.
    pub(super) fn of_enrolment(user: &OrgUser, key: Authenticator, enrolment: Option<&Enrolment>) -> Self {
        let mut object = Self::new(key, Some(enrolment_id(user, key, enrolment)));
        match enrolment.map(|e| &e.factor) {
            _ if key == Authenticator::OktaEmail => {
                object = object.with("profile", json!({ "email": masked_email(&user.email) }));
            }
            Some(Factor::Phone { number, nickname }) => {
                let mut profile = json!({ "phoneNumber": masked_number(number) });
                if let (Some(name), Some(profile)) = (nickname, profile.as_object_mut()) {
                    object = object.with("nickname", json!(name));
                    profile.insert("nickname".to_owned(), json!(name));
                }
                object = object.with("profile", profile);
            }
            Some(Factor::Question { key, question, .. }) => {
                object = object.with("profile", json!({ "questionKey": key, "question": question }));
            }
            _ => {}
        }
        object
    }

    /// One of the user's passkeys.
    pub(super) fn passkey(id: &str, credential: &str, name: &str) -> Self {
        Self::new(Authenticator::Webauthn, Some(id.to_owned()))
            .with("displayName", json!(name))
            .with("credentialId", json!(credential))
    }

    fn new(key: Authenticator, id: Option<String>) -> Self {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(key.type_name()));
        members.insert("key".to_owned(), json!(key.name()));
        if let Some(id) = id {
            members.insert("id".to_owned(), json!(id));
        }
        members.insert("displayName".to_owned(), json!(key.label()));
        let object = Self(members).with_methods(key.methods());
        object.with("allowedFor", json!("any"))
    }

    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Sets the methods.
    pub(super) fn with_methods(self, methods: &[Method]) -> Self {
        let methods: Vec<Value> = methods.iter().map(|m| json!({ "type": m.name() })).collect();
        self.with("methods", json!(methods))
    }

    pub(super) fn with_action(self, builder: &DocumentBuilder<'_>, action: &Action) -> Self {
        let form = match action {
            Action::Resend => form(builder, "resend", "challenge/resend", Vec::new()),
            Action::ResendPush(key) => form(builder, "resend", "challenge", vec![push(*key)]),
            Action::Poll => polling(builder, form(builder, "poll", "challenge/poll", Vec::new())),
            Action::Recover => form(builder, "recover", "recover", Vec::new()),
        };
        let name = match action {
            Action::Resend | Action::ResendPush(_) => "resend",
            Action::Poll => "poll",
            Action::Recover => "recover",
        };
        self.with(name, form)
    }

    /// Adds the grace period of a required authenticator, while it lasts.
    pub(super) fn with_grace(self, builder: &DocumentBuilder<'_>, key: Authenticator) -> Self {
        let skips = builder.user().and_then(|user| user.grace_skips.get(&key)).copied().unwrap_or_default();
        let grace =
            builder.app.enrollment_grace.get(&key).filter(|grace| grace.is_active(builder.now, skips));
        match grace {
            None => self,
            Some(EnrollmentGrace::Until(time)) => {
                let expiry =
                    grace.and_then(EnrollmentGrace::expiry).map_or_else(|| time.clone(), Timestamp::iso);
                self.with("gracePeriod", json!({ "type": "BY_DATE_TIME", "expiry": expiry }))
            }
            Some(EnrollmentGrace::Skips(allowed)) => {
                let left = allowed.saturating_sub(skips);
                self.with("gracePeriod", json!({ "type": "BY_SKIP_COUNT", "remainingSkips": left }))
            }
        }
    }

    /// The bare object.
    pub(super) fn value(self) -> Value {
        Value::Object(self.0)
    }

    /// The object in its Ion container.
    pub(super) fn wrapped(self) -> Value {
        json!({ "type": "object", "value": self.0 })
    }
}

/// An authenticator with push, as an immutable field.
pub(super) fn push(key: Authenticator) -> Value {
    json!({ "name": "authenticator", "required": true, "visible": false, "mutable": false,
        "value": { "methodType": "push", "id": key.id() } })
}

/// The enrolment id. The password and an e-mail address that is not enrolled derive theirs from the user id.
pub(super) fn enrolment_id(user: &OrgUser, key: Authenticator, enrolment: Option<&Enrolment>) -> String {
    enrolment.map_or_else(
        || format!("{}{}", key.enrolment_prefix(), user.id.get(3..).unwrap_or_default()),
        |enrolment| enrolment.id.clone(),
    )
}

/// `j***8@example.com`.
pub(super) fn masked_email(address: &str) -> String {
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
        assert_eq!(masked_email("johnny8@example.com"), "j***8@example.com");
        assert_eq!(masked_email("j@example.com"), "j***@example.com");
        assert_eq!(masked_number("+15551230364"), "+1 XXX-XXX-0364");
        assert_eq!(masked_number("+447911123456"), "+44 XXX-XXX-3456");
    }
}
