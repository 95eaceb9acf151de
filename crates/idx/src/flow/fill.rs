//! Fills a form from an answer by the two tables, and decides whether it can be submitted.

use serde_json::{Map, Value};

use super::answer::is_truthy;
use super::credentials::{Credential, ValueSource, credential};
use super::form_table::form_table;
use super::remaining_answer::{RemainingAnswer, describe, is_same_authenticator};
use super::rules::{ChoiceRule, Filling, FormRule, Ready};
use crate::intent::Intent;
use crate::protocol::document::{Remediation, relation};
use crate::protocol::ion::Ion;

/// A form, and the answer to fill it with.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'d, 'v> {
    pub(crate) form: Remediation<'d>,
    pub(crate) rule: &'static FormRule,
    pub(crate) answer: &'v RemainingAnswer,
    pub(crate) intent: Intent,
    /// Whether the answer chose the form by its name.
    pub(crate) is_chosen_by_name: bool,
}

/// Whether an authenticator that is already being challenged may be chosen again.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ChooseCurrent {
    Allowed,
    Denied,
}

impl<'d> Candidate<'d, '_> {
    /// Whether the form can be submitted with this answer.
    pub(crate) fn is_ready(&self, choose_current: ChooseCurrent) -> bool {
        match self.rule.ready {
            Ready::Always => true,
            Ready::Never => false,
            Ready::Commanded(command) => self.is_chosen_by_name || self.answer.given.get(command).is_some(),
            Ready::AnyOf(names) => self.answer.given.first(names).is_some(),
            Ready::Required => {
                let mut required =
                    self.form.fields().filter(|field| field.get("required").is_some_and(Ion::is_truthy));
                required.all(|field| is_preset(field) || self.is_filled(field, choose_current))
            }
            Ready::Filled(names) => {
                let mut present = names.iter().filter_map(|name| self.form.field(name)).peekable();
                present.peek().is_some() && present.all(|field| self.is_filled(field, choose_current))
            }
        }
    }

    /// Whether the answer has a value for a field of the form, under the name that the step has for it or under its own.
    pub(crate) fn is_answered(&self) -> bool {
        let names = || self.form.fields().filter_map(|field| field.text("name"));
        let without_answer = Candidate { answer: &RemainingAnswer::default(), ..*self };
        names().any(|name| self.answer.given.raw(name).is_some())
            || self.parameters() != without_answer.parameters()
    }

    /// The parameters to submit: every field of the form that can be filled.
    pub(crate) fn parameters(&self) -> Map<String, Value> {
        let named = self.form.fields().filter_map(|field| Some((field, field.text("name")?)));
        let filled = named.filter_map(|(field, name)| Some((name.to_owned(), self.value(field, name)?)));
        let alternatives = match self.rule.ready {
            // The value that makes the form ready is submitted, even if the form has the field of another one.
            Ready::AnyOf(names) => names,
            _ => &[],
        };
        let given = alternatives
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), self.answer.given.get(name)?.clone())));
        filled.chain(given).collect()
    }

    /// The answer without the values that this form uses up.
    pub(crate) fn remaining_answer(&self) -> RemainingAnswer {
        let mut remaining = self.answer.clone();
        match self.filling_of("authenticator") {
            Some(Filling::Choice(_)) => {
                if let Some(chosen) = self.chosen() {
                    let by_id = |wanted: &Map<String, Value>| {
                        wanted.get("key").is_some_and(|key| Some(key) == chosen.get("id"))
                    };
                    remaining
                        .wanted
                        .retain(|wanted| !is_same_authenticator(wanted, &chosen) && !by_id(wanted));
                }
            }
            Some(Filling::Method | Filling::MethodAndNumber) => {
                let form_authenticator = self.form_authenticator();
                remaining.details.retain(|detail| !is_same_authenticator(detail, &form_authenticator));
            }
            // Otherwise the same authenticator would be chosen again and again.
            Some(Filling::Channel) => remaining.wanted.clear(),
            _ => {}
        }
        for field in self.form.fields() {
            remaining.given.forget(field.text("name").unwrap_or_default());
            if let Some(credential) = self.credential_of(field) {
                credential.needs.iter().copied().flatten().for_each(|name| remaining.given.forget(name));
                credential
                    .body
                    .iter()
                    .flat_map(|(_, source)| source.names())
                    .for_each(|name| remaining.given.forget(name));
            }
            match field.text("name").and_then(|name| self.rule.filling(name)) {
                Some(Filling::Alias(alias)) => remaining.given.forget(alias),
                Some(Filling::Attributes) => attributes(field).for_each(|name| remaining.given.forget(name)),
                _ => {}
            }
        }
        self.rule.consumes.iter().for_each(|name| remaining.given.forget(name));
        remaining
    }

    fn value(&self, field: Ion<'d>, name: &str) -> Option<Value> {
        let given = &self.answer.given;
        if name == "stateHandle" && form_table(self.intent).forms.contains(&self.form.name()) {
            return self.form.document.state_handle().map(Value::from);
        }
        let filled = match self.rule.filling(name) {
            None | Some(Filling::Labelled { .. }) => None,
            Some(Filling::Alias(alias)) => given.get(alias).cloned(),
            Some(Filling::AuthenticatorCredential | Filling::Credential(_) | Filling::Renewal(..)) => {
                self.credential_of(field).and_then(|credential| self.build(credential))
            }
            Some(Filling::Attributes) => {
                let provided: Map<_, _> = attributes(field)
                    .filter_map(|name| Some((name.to_owned(), given.get(name)?.clone())))
                    .collect();
                (!provided.is_empty()).then_some(Value::Object(provided))
            }
            Some(Filling::Choice(choice_rule)) => return self.choice(field, choice_rule),
            Some(Filling::Method | Filling::MethodAndNumber) => return self.method(),
            Some(Filling::Channel) => return self.channel(field),
        };
        filled.or_else(|| given.raw(name).cloned())
    }

    fn is_filled(&self, field: Ion<'d>, choose_current: ChooseCurrent) -> bool {
        let name = field.text("name").unwrap_or_default();
        match self.rule.filling(name) {
            Some(Filling::AuthenticatorCredential | Filling::Credential(_)) => {
                self.credential_of(field).is_some_and(|credential| self.is_complete(credential))
            }
            Some(Filling::Attributes) => {
                let value = self.value(field, name);
                let has = |attribute: &str| {
                    value.as_ref().and_then(|value| value.get(attribute)).is_some_and(is_truthy)
                };
                let mut required =
                    field.form_fields().filter(|nested| nested.get("required").is_some_and(Ion::is_truthy));
                value.is_some() && required.all(|nested| nested.text("name").is_some_and(has))
            }
            Some(Filling::Choice(_)) => self.can_choose(field, choose_current),
            // To refuse something is an answer, too.
            _ => self.value(field, name).is_some_and(|value| is_truthy(&value) || value.is_boolean()),
        }
    }

    fn filling_of(&self, name: &str) -> Option<&'static Filling> {
        self.form.field(name).and_then(|_| self.rule.filling(name))
    }

    fn credential_of(&self, field: Ion<'_>) -> Option<&'static Credential> {
        match self.rule.filling(field.text("name")?)? {
            Filling::AuthenticatorCredential => Some(credential(self.form.authenticator())),
            Filling::Credential(credential) => Some(credential),
            Filling::Renewal(password, code) => Some(renewal(self.form, password, code)),
            _ => None,
        }
    }

    fn is_complete(&self, credential: &Credential) -> bool {
        let given = &self.answer.given;
        match given.get("credentials") {
            Some(object) => {
                credential.object_needs.iter().all(|name| object.get(name).is_some_and(is_truthy))
            }
            None => credential.needs.iter().any(|names| names.iter().all(|name| given.get(name).is_some())),
        }
    }

    fn build(&self, credential: &Credential) -> Option<Value> {
        let given = &self.answer.given;
        if given.get("credentials").is_some() || !self.is_complete(credential) {
            return None;
        }
        let member = |source: &ValueSource| match source {
            ValueSource::First(names) => {
                given.first(names).or_else(|| names.iter().find_map(|name| given.raw(name))).cloned()
            }
            ValueSource::QuestionKey if given.get("question").is_some() => Some("custom".into()),
            ValueSource::QuestionKey => given.get("questionKey").cloned(),
            ValueSource::EnrolledQuestion => {
                let context = self.form.authenticator()?.object.get("contextualData")?;
                Some(context.get("enrolledQuestion")?.get("questionKey")?.to_value())
            }
        };
        let members =
            credential.body.iter().filter_map(|(name, source)| Some(((*name).to_owned(), member(source)?)));
        Some(Value::Object(members.collect()))
    }

    /// The authenticators to choose, in order. A password that is being recovered, or was given, comes last.
    fn wanted(&self, field: Ion<'_>, choice_rule: &ChoiceRule) -> Vec<Map<String, Value>> {
        let mut wanted = self.answer.wanted.clone();
        let prefers_password = *choice_rule == ChoiceRule::PrefersPassword
            && (self.intent == Intent::RecoverPassword || self.answer.given.get("password").is_some());
        if prefers_password
            && field.list("options").any(|option| self.key_of(option) == Some("okta_password"))
        {
            wanted.push(describe(None, Some("okta_password")));
        }
        wanted
    }

    fn can_choose(&self, field: Ion<'d>, choose_current: ChooseCurrent) -> bool {
        let Some(Filling::Choice(choice_rule)) = self.rule.filling("authenticator") else { return false };
        let wanted = self.wanted(field, choice_rule);
        if wanted.is_empty() {
            return false;
        }
        if self.answer.authenticator_by_id().is_some() {
            return true;
        }
        let Some(option) = self.matching_option(field, &wanted) else { return false };
        let id = relation(self.form.document, option).and_then(|related| related.get("id"));
        let is_current = |name| {
            let current = self.form.document.container(name);
            current.is_some_and(|current| current.get("id") == id)
        };
        choose_current == ChooseCurrent::Allowed
            || !(is_current("currentAuthenticator") || is_current("currentAuthenticatorEnrollment"))
    }

    fn choice(&self, field: Ion<'d>, choice_rule: &ChoiceRule) -> Option<Value> {
        let explicit = self.answer.authenticator_by_id();
        let option = match explicit {
            Some(_) => None,
            None => Some(self.matching_option(field, &self.wanted(field, choice_rule))?),
        };
        let mut chosen = match (explicit, option) {
            (Some(explicit), _) => explicit.clone(),
            (None, option) => {
                let option = option?;
                let id = option_field(option, "id")?.get("value")?;
                let enrollment = enrollment_id(option).filter(|id| self.is_wanted(id));
                let enrollment = enrollment.map(|id| ("enrollmentId".to_owned(), id.into()));
                Map::from_iter([("id".to_owned(), id.to_value())].into_iter().chain(enrollment))
            }
        };
        if *choice_rule == ChoiceRule::WithMethod {
            let offered = option.and_then(|option| option_field(option, "methodType"));
            let fixed = offered.and_then(|field| field.get("value")).filter(|value| value.is_truthy());
            let first = || offered?.list("options").next()?.get("value");
            let method = self
                .answer
                .given
                .get("methodType")
                .cloned()
                .or_else(|| fixed.or_else(first).map(Ion::to_value));
            chosen.extend(method.map(|method| ("methodType".to_owned(), method)));
        }
        Some(Value::Object(chosen))
    }

    /// The authenticator that the choice selects, to remove it from the wanted ones.
    fn chosen(&self) -> Option<Map<String, Value>> {
        let field = self.form.field("authenticator")?;
        let Some(Filling::Choice(choice_rule)) = self.rule.filling("authenticator") else { return None };
        if let Some(explicit) = self.answer.authenticator_by_id() {
            return Some(explicit.clone());
        }
        let option = self.matching_option(field, &self.wanted(field, choice_rule))?;
        let related = relation(self.form.document, option);
        Some(describe(related.and_then(|related| related.get("id")), self.key_of(option)))
    }

    /// Whether the answer names this key or id.
    fn is_wanted(&self, name: &str) -> bool {
        let names = |wanted: &Map<String, Value>| wanted.get("key").and_then(Value::as_str) == Some(name);
        self.answer.wanted.iter().any(names)
    }

    /// The option of the first wanted authenticator that is offered, by key or, where several have one key or none, by id. Several
    /// enrolments of one authenticator have ids of their own.
    fn matching_option(&self, field: Ion<'d>, wanted: &[Map<String, Value>]) -> Option<Ion<'d>> {
        let options = field.list("options");
        wanted.iter().filter_map(|wanted| wanted.get("key").and_then(Value::as_str)).find_map(|key| {
            options.clone().find(|option| {
                [self.key_of(*option), option_id(*option), enrollment_id(*option)].contains(&Some(key))
            })
        })
    }

    fn key_of(&self, option: Ion<'d>) -> Option<&'d str> {
        relation(self.form.document, option)?.text("key").filter(|key| !key.is_empty())
    }

    fn form_authenticator(&self) -> Map<String, Value> {
        match self.form.authenticator() {
            Some(authenticator) => describe(authenticator.id(), authenticator.key()),
            None => {
                let mut nested = self.form.field("authenticator").into_iter().flat_map(Ion::form_fields);
                let id = nested.find(|nested| nested.text("name") == Some("id"));
                describe(id.and_then(|id| id.get("value")), None)
            }
        }
    }

    /// The form's authenticator with the method (and number) that the answer has for it.
    fn method(&self) -> Option<Value> {
        let given = &self.answer.given;
        let form_authenticator = self.form_authenticator();
        let known =
            self.answer.details.iter().find(|detail| is_same_authenticator(detail, &form_authenticator));
        let explicit = self.answer.explicit_authenticator().and_then(|explicit| explicit.get("methodType"));
        let known_method = known.and_then(|known| known.get("methodType"));
        let method =
            given.get("methodType").or(explicit).or(known_method).filter(|method| is_truthy(method))?;
        let mut body = Map::new();
        body.extend(form_authenticator.get("id").map(|id| ("id".to_owned(), id.clone())));
        match self.filling_of("authenticator") {
            Some(Filling::MethodAndNumber) => {
                let number = given.get("phoneNumber").or_else(|| known?.get("phoneNumber"));
                body.extend(number.map(|number| ("phoneNumber".to_owned(), number.clone())));
            }
            _ => {
                let enrollment =
                    self.form.authenticator().and_then(|authenticator| authenticator.enrollment_id());
                body.extend(enrollment.map(|id| ("enrollmentId".to_owned(), id.to_value())));
                body.extend(known.cloned().into_iter().flatten());
            }
        }
        body.insert("methodType".to_owned(), method.clone());
        Some(Value::Object(body))
    }

    fn channel(&self, field: Ion<'_>) -> Option<Value> {
        let explicit = self.answer.authenticator_by_id();
        let channel = explicit
            .and_then(|explicit| explicit.get("channel"))
            .or_else(|| self.answer.given.get("channel"))?;
        let mut nested = field.get("value").into_iter().flat_map(Ion::form_fields);
        let id = nested.find(|nested| nested.text("name") == Some("id"))?.get("value")?;
        Some(Value::Object(Map::from_iter([
            ("id".to_owned(), id.to_value()),
            ("channel".to_owned(), channel.clone()),
        ])))
    }
}

/// The credential that replaces an expired one.
pub(crate) fn renewal(
    form: Remediation<'_>,
    password: &'static Credential,
    code: &'static Credential,
) -> &'static Credential {
    match form.authenticator().and_then(|authenticator| authenticator.object.text("type")) {
        None | Some("password") => password,
        Some(_) => code,
    }
}

/// A field of the form inside an option.
pub(crate) fn option_field<'o>(option: Ion<'o>, name: &str) -> Option<Ion<'o>> {
    option.get("value")?.form_fields().find(|field| field.text("name") == Some(name))
}

pub(crate) fn option_id<'o>(option: Ion<'o>) -> Option<&'o str> {
    option_field(option, "id")?.text("value")
}

/// The id of the enrolment that an option stands for, if the org names it.
pub(crate) fn enrollment_id<'o>(option: Ion<'o>) -> Option<&'o str> {
    option_field(option, "enrollmentId")?.text("value")
}

/// Whether the org has filled the field: the state handle and other fixed values.
fn is_preset(field: Ion<'_>) -> bool {
    field.get("mutable").and_then(Ion::as_bool) == Some(false)
        || field.get("value").is_some_and(Ion::is_truthy)
}

fn attributes<'f>(field: Ion<'f>) -> impl Iterator<Item = &'f str> {
    field.form_fields().filter_map(|nested| nested.text("name"))
}
