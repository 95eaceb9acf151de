//! Registration and missing profile attributes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::enroll::is_email_address;
use super::request::CaptchaAnswer;
use super::{IdentityEngine, Outcome};
use crate::clock::is_date;
use crate::org::message::{self, Message, MessageTarget, Refusal};
use crate::org::new_user::NewUser;
use crate::org::settings::captcha::CaptchaPage;
use crate::org::settings::profile::{Attribute, AttributeKind};
use crate::org::transaction::{Purpose, Step, Subject};
use crate::org::user::Status;

impl IdentityEngine<'_> {
    /// The user wants to register.
    pub(super) fn select_enroll(&mut self) -> Outcome {
        if !self.app()?.profile.self_service_registration {
            let text = "Sign up is not enabled for this organization.";
            return Err(Message::error("idx.error.registration.unavailable", text).at_top(400));
        }
        self.restart(Purpose::Register);
        self.transaction.move_to(Step::EnrollProfile(BTreeMap::new()));
        Ok(())
    }

    /// The registration form, or the missing attributes.
    pub(super) fn take_profile(
        &mut self,
        given: BTreeMap<String, Value>,
        passcode: Option<String>,
        captcha: Option<&CaptchaAnswer>,
    ) -> Outcome {
        let attributes = self.app()?.profile.attributes.clone();
        match self.transaction.step.clone() {
            Step::EnrollProfile(_) => {
                self.transaction.step = Step::EnrollProfile(given.clone());
                self.check_captcha(CaptchaPage::Ssr, captcha)?;
                self.register(&attributes, given, passcode)
            }
            Step::UpdateProfile { missing, .. } => {
                let asked: Vec<Attribute> =
                    attributes.into_iter().filter(|a| missing.contains(&a.name)).collect();
                refuse(check(&asked, &given, PROFILE))?;
                let names: Vec<&str> = asked.iter().map(|a| a.name.as_str()).collect();
                let now = self.now;
                let user = self.require_user()?;
                user.profile.extend(given.into_iter().filter(|(name, _)| names.contains(&name.as_str())));
                user.updated_at = now;
                // Optional attributes left empty are not asked for again in this transaction.
                self.transaction.skipped.push(crate::org::transaction::Skipped::Profile);
                self.advance()
            }
            _ => Err(message::bad_request()),
        }
    }

    fn register(
        &mut self,
        attributes: &[Attribute],
        given: BTreeMap<String, Value>,
        passcode: Option<String>,
    ) -> Outcome {
        let mut messages = check(attributes, &given, PROFILE);
        let text =
            |name: &str| given.get(name).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
        let login = text("login").or_else(|| text("email")).unwrap_or_default().to_owned();
        let label =
            |name: &str| attributes.iter().find(|a| a.name == name).map_or("Email", |a| a.label.as_str());
        let name = if text("login").is_some() { "login" } else { "email" };
        // A registration that was not finished may start again.
        let taken = self.org.users.by_login(&login).filter(|user| user.login.eq_ignore_ascii_case(&login));
        let unfinished = taken.filter(|user| user.status == Status::Staged).map(|user| user.id.clone());
        if taken.is_some() && unfinished.is_none() {
            let label = label(name);
            let message = Message::error(
                "registration.error.notUniqueWithinOrg",
                format!("A user with this {label} already exists"),
            );
            messages.push((MessageTarget::Field(format!("userProfile.{name}")), message.with_param(label)));
        }
        refuse(messages)?;
        if login.is_empty() {
            return Err(message::required(label(name), &format!("userProfile.{name}")));
        }
        let known = |name: &str| attributes.iter().any(|a| a.name == name);
        let new = NewUser {
            more_phones: Vec::new(),
            login: login.clone(),
            email: text("email").map(str::to_owned),
            phone: None,
            profile: given
                .iter()
                .filter(|(n, _)| known(n) && *n != "email" && *n != "login")
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
            password: None,
            factors: Vec::new(),
            enroll: Vec::new(),
            status: Some(Status::Staged),
            groups: Vec::new(),
            password_age_days: None,
            answer: None,
        };
        let mut user = new.create(self.now, self.random);
        if let Some(id) = unfinished {
            user.id = id;
        }
        self.transaction.subject = Subject::User { id: user.id.clone(), identifier: login };
        self.org.users.put(user);
        if passcode.is_some() {
            self.set_new_password(passcode.as_deref(), "credentials.passcode")?;
        }
        self.advance()
    }
}

/// The object that the attributes of a profile are in.
const PROFILE: &str = "userProfile.";

pub(super) fn refuse(messages: Vec<(MessageTarget, Message)>) -> Outcome {
    if messages.is_empty() { Ok(()) } else { Err(Refusal { status: 400, messages, terminal: false }) }
}

/// Validates the values of these attributes, whose fields have this prefix.
pub(super) fn check(
    attributes: &[Attribute],
    given: &BTreeMap<String, Value>,
    prefix: &str,
) -> Vec<(MessageTarget, Message)> {
    let mut messages = Vec::new();
    for attribute in attributes {
        let Attribute { name, label, .. } = attribute;
        let mut say = |key: &str, text: String| {
            let message = Message::error(key, text).with_param(label.as_str());
            messages.push((MessageTarget::Field(format!("{prefix}{name}")), message));
        };
        let value = given.get(name).filter(|v| !v.is_null() && v.as_str() != Some(""));
        let Some(value) = value else {
            if attribute.required {
                say("registration.error.requiredAttribute", format!("'{label}' is required."));
            }
            continue;
        };
        let fits = attribute.kind.takes(value);
        let Some(text) = value.as_str().map(str::trim) else {
            if !fits {
                say("registration.error.typeMismatch", format!("'{label}' is of the wrong type"));
            }
            continue;
        };
        if name == "email" && !is_email_address(text) {
            say(
                "registration.error.invalidLoginEmail",
                format!("'{label}' must be in the form of an email address"),
            );
            let unlike = format!("Provided value for property '{label}' does not match required pattern");
            say("registration.error.doesNotMatchPattern", unlike);
        }
        let length = text.chars().count();
        if attribute.min_length.is_some_and(|min| length < min) {
            say("registration.error.minLength", format!("'{label}' is too short"));
        }
        if attribute.max_length.is_some_and(|max| length > max) {
            say("registration.error.maxLength", format!("'{label}' is too long"));
        }
        let is_listed = attribute.options.is_empty() || attribute.options.iter().any(|option| option == text);
        let is_alike = attribute.pattern.as_deref().is_none_or(|pattern| {
            regex_lite::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|pattern| pattern.is_match(text))
        });
        if !fits || !is_listed || !is_alike {
            let unlike = format!("Provided value for property '{label}' does not match required pattern");
            say("registration.error.doesNotMatchPattern", unlike);
        }
    }
    messages
}

impl AttributeKind {
    /// Whether a value has this type. A form may send any of them as text.
    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::String, Value::String(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_)) => true,
            (Self::Boolean, Value::String(text)) => matches!(text.trim(), "true" | "false"),
            (Self::Number, Value::String(text)) => text.trim().parse::<f64>().is_ok(),
            (Self::Date, Value::String(text)) => is_date(text.trim()),
            _ => false,
        }
    }
}
