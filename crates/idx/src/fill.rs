//! Fills a form from an answer, by the tables: what goes into each field, and whether it is enough.

use serde_json::{Map, Value};

use crate::answer::{Values, described_by, same_authenticator, says_something};
use crate::credentials::{Credential, Source, credential};
use crate::document::{Form, relation};
use crate::intent::Intent;
use crate::ion::Ion;
use crate::rules::{Choosing, Filling, RAW, Ready, Rule};

/// A form and what there is to fill it with.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'d, 'v> {
    pub(crate) form: Form<'d>,
    pub(crate) rule: &'static Rule,
    pub(crate) values: &'v Values,
    pub(crate) intent: Intent,
    /// Whether the form was asked for by its name.
    pub(crate) called: bool,
}

/// Whether an authenticator that is already being challenged may be chosen once more.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Again {
    Yes,
    No,
}

impl<'d> Candidate<'d, '_> {
    /// Whether the form can be sent with what there is.
    pub(crate) fn is_ready(&self, again: Again) -> bool {
        match self.rule.ready {
            Ready::Always => true,
            Ready::Never => false,
            Ready::Said(word) => self.called || self.values.given.get(word).is_some(),
            Ready::AnyOf(names) => self.values.given.first(names).is_some(),
            Ready::Required => {
                let mut required =
                    self.form.fields().filter(|field| field.get("required").is_some_and(Ion::is_set));
                required.all(|field| is_preset(field) || self.is_filled(field, again))
            }
            Ready::Filled(names) => {
                let mut present = names.iter().filter_map(|name| self.form.field(name)).peekable();
                present.peek().is_some() && present.all(|field| self.is_filled(field, again))
            }
        }
    }

    /// What is sent: every field of the form that there is something for.
    pub(crate) fn parameters(&self) -> Map<String, Value> {
        let named = self.form.fields().filter_map(|field| Some((field, field.text("name")?)));
        let asked = named.filter_map(|(field, name)| Some((name.to_owned(), self.value(field, name)?)));
        let answered = match self.rule.ready {
            // What makes the form ready is sent, even if the form asks for another of these.
            Ready::AnyOf(names) => names,
            _ => &[],
        };
        let said = answered
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), self.values.given.get(name)?.clone())));
        asked.chain(said).collect()
    }

    /// What is left of the answer once this form has been sent.
    pub(crate) fn left_over(&self) -> Values {
        let mut left = self.values.clone();
        match self.filling_of("authenticator") {
            Some(Filling::Choice(_)) => {
                if let Some(chosen) = self.chosen() {
                    left.wanted.retain(|wanted| !same_authenticator(wanted, &chosen));
                }
            }
            Some(Filling::Method | Filling::MethodAndNumber) => {
                let own = self.own_authenticator();
                left.details.retain(|detail| !same_authenticator(detail, &own));
            }
            // Or else the same authenticator would be chosen over and over.
            Some(Filling::Channel) => left.wanted.clear(),
            _ => {}
        }
        for field in self.form.fields() {
            left.given.forget(field.text("name").unwrap_or_default());
            if let Some(credential) = self.credential_of(field) {
                credential.needs.iter().copied().flatten().for_each(|name| left.given.forget(name));
            }
            match field.text("name").and_then(|name| self.rule.filling(name)) {
                Some(Filling::As(alias)) => left.given.forget(alias),
                Some(Filling::Attributes) => attributes(field).for_each(|name| left.given.forget(name)),
                _ => {}
            }
        }
        self.rule.spends.iter().for_each(|name| left.given.forget(name));
        left
    }

    fn value(&self, field: Ion<'d>, name: &str) -> Option<Value> {
        let given = &self.values.given;
        if name == "stateHandle" && !std::ptr::eq(self.rule, &raw const RAW) {
            return self.form.document.state_handle().map(Value::from);
        }
        let filled = match self.rule.filling(name) {
            None | Some(Filling::Asked { .. }) => None,
            Some(Filling::As(alias)) => given.get(alias).cloned(),
            Some(Filling::OfAuthenticator | Filling::Credential(_) | Filling::Renewal(..)) => {
                self.credential_of(field).and_then(|credential| self.build(credential))
            }
            Some(Filling::Attributes) => {
                let provided: Map<_, _> = attributes(field)
                    .filter_map(|name| Some((name.to_owned(), given.get(name)?.clone())))
                    .collect();
                (!provided.is_empty()).then_some(Value::Object(provided))
            }
            Some(Filling::Choice(choosing)) => return self.choice(field, choosing),
            Some(Filling::Method | Filling::MethodAndNumber) => return self.method(),
            Some(Filling::Channel) => return self.channel(field),
        };
        filled.or_else(|| given.raw(name).cloned())
    }

    fn is_filled(&self, field: Ion<'d>, again: Again) -> bool {
        let name = field.text("name").unwrap_or_default();
        match self.rule.filling(name) {
            Some(Filling::OfAuthenticator | Filling::Credential(_)) => {
                self.credential_of(field).is_some_and(|credential| self.is_proof(credential))
            }
            Some(Filling::Attributes) => {
                let value = self.value(field, name);
                let has = |attribute: &str| {
                    value.as_ref().and_then(|value| value.get(attribute)).is_some_and(says_something)
                };
                let mut required =
                    field.form_fields().filter(|nested| nested.get("required").is_some_and(Ion::is_set));
                value.is_some() && required.all(|nested| nested.text("name").is_some_and(has))
            }
            Some(Filling::Choice(_)) => self.can_choose(field, again),
            _ => self.value(field, name).as_ref().is_some_and(says_something),
        }
    }

    fn filling_of(&self, name: &str) -> Option<&'static Filling> {
        self.form.field(name).and_then(|_| self.rule.filling(name))
    }

    fn credential_of(&self, field: Ion<'_>) -> Option<&'static Credential> {
        match self.rule.filling(field.text("name")?)? {
            Filling::OfAuthenticator => Some(credential(self.form.authenticator())),
            Filling::Credential(credential) => Some(credential),
            Filling::Renewal(password, code) => Some(renewal(self.form, password, code)),
            _ => None,
        }
    }

    fn is_proof(&self, credential: &Credential) -> bool {
        let given = &self.values.given;
        match given.get("credentials") {
            Some(whole) => {
                credential.whole_needs.iter().all(|name| whole.get(name).is_some_and(says_something))
            }
            None => credential.needs.iter().any(|names| names.iter().all(|name| given.get(name).is_some())),
        }
    }

    fn build(&self, credential: &Credential) -> Option<Value> {
        let given = &self.values.given;
        if given.get("credentials").is_some() || !self.is_proof(credential) {
            return None;
        }
        let member = |source: &Source| match source {
            Source::First(names) => {
                given.first(names).or_else(|| names.iter().find_map(|name| given.raw(name))).cloned()
            }
            Source::QuestionKey if given.get("question").is_some() => Some("custom".into()),
            Source::QuestionKey => given.get("questionKey").cloned(),
            Source::EnrolledQuestion => {
                let context = self.form.authenticator()?.object.get("contextualData")?;
                Some(context.get("enrolledQuestion")?.get("questionKey")?.to_value())
            }
        };
        let members =
            credential.body.iter().filter_map(|(name, source)| Some(((*name).to_owned(), member(source)?)));
        Some(Value::Object(members.collect()))
    }

    /// The authenticators to choose, in order. Where a password is to be recovered, or was given, it comes last.
    fn wanted(&self, field: Ion<'_>, choosing: &Choosing) -> Vec<Map<String, Value>> {
        let mut wanted = self.values.wanted.clone();
        let prefers = *choosing == Choosing::PrefersPassword
            && (self.intent == Intent::RecoverPassword || self.values.given.get("password").is_some());
        if prefers && field.list("options").any(|option| self.key_of(option) == Some("okta_password")) {
            wanted.push(described_by(None, Some("okta_password")));
        }
        wanted
    }

    fn can_choose(&self, field: Ion<'d>, again: Again) -> bool {
        let Some(Filling::Choice(choosing)) = self.rule.filling("authenticator") else { return false };
        let wanted = self.wanted(field, choosing);
        if wanted.is_empty() {
            return false;
        }
        if self.values.authenticator_by_id().is_some() {
            return true;
        }
        let Some(option) = self.matching_option(field, &wanted) else { return false };
        let id = relation(self.form.document, option).and_then(|related| related.get("id"));
        let is_current = |name| {
            let current = self.form.document.context(name);
            current.is_some_and(|current| current.get("id") == id)
        };
        again == Again::Yes
            || !(is_current("currentAuthenticator") || is_current("currentAuthenticatorEnrollment"))
    }

    fn choice(&self, field: Ion<'d>, choosing: &Choosing) -> Option<Value> {
        let explicit = self.values.authenticator_by_id();
        let option = match explicit {
            Some(_) => None,
            None => Some(self.matching_option(field, &self.wanted(field, choosing))?),
        };
        let mut chosen = match (explicit, option) {
            (Some(explicit), _) => explicit.clone(),
            (None, option) => {
                let id = option_field(option?, "id")?.get("value")?;
                Map::from_iter([("id".to_owned(), id.to_value())])
            }
        };
        if *choosing == Choosing::WithMethod {
            let offered = option.and_then(|option| option_field(option, "methodType"));
            let fixed = offered.and_then(|field| field.get("value")).filter(|value| value.is_set());
            let first = || offered?.list("options").next()?.get("value");
            let method = self
                .values
                .given
                .get("methodType")
                .cloned()
                .or_else(|| fixed.or_else(first).map(Ion::to_value));
            chosen.extend(method.map(|method| ("methodType".to_owned(), method)));
        }
        Some(Value::Object(chosen))
    }

    /// What the choice amounts to, to strike it off the list.
    fn chosen(&self) -> Option<Map<String, Value>> {
        let field = self.form.field("authenticator")?;
        let Some(Filling::Choice(choosing)) = self.rule.filling("authenticator") else { return None };
        if let Some(explicit) = self.values.authenticator_by_id() {
            return Some(explicit.clone());
        }
        let option = self.matching_option(field, &self.wanted(field, choosing))?;
        let related = relation(self.form.document, option);
        Some(described_by(related.and_then(|related| related.get("id")), self.key_of(option)))
    }

    /// The first wanted authenticator that is offered, by key; an offer without a key by its id.
    fn matching_option(&self, field: Ion<'d>, wanted: &[Map<String, Value>]) -> Option<Ion<'d>> {
        let options = field.list("options");
        wanted.iter().filter_map(|wanted| wanted.get("key").and_then(Value::as_str)).find_map(|key| {
            options.clone().find(|option| match self.key_of(*option) {
                Some(own) => own == key,
                None => option_id(*option) == Some(key),
            })
        })
    }

    fn key_of(&self, option: Ion<'d>) -> Option<&'d str> {
        relation(self.form.document, option)?.text("key").filter(|key| !key.is_empty())
    }

    fn own_authenticator(&self) -> Map<String, Value> {
        match self.form.authenticator() {
            Some(whose) => described_by(whose.id(), whose.key()),
            None => {
                let mut nested = self.form.field("authenticator").into_iter().flat_map(Ion::form_fields);
                let id = nested.find(|nested| nested.text("name") == Some("id"));
                described_by(id.and_then(|id| id.get("value")), None)
            }
        }
    }

    /// The authenticator of the form with the method (and number) that was answered for it.
    fn method(&self) -> Option<Value> {
        let given = &self.values.given;
        let own = self.own_authenticator();
        let known = self.values.details.iter().find(|detail| same_authenticator(detail, &own));
        let explicit = self.values.explicit_authenticator().and_then(|explicit| explicit.get("methodType"));
        let known_method = known.and_then(|known| known.get("methodType"));
        let method =
            given.get("methodType").or(explicit).or(known_method).filter(|method| says_something(method))?;
        let mut body = Map::new();
        body.extend(own.get("id").map(|id| ("id".to_owned(), id.clone())));
        match self.filling_of("authenticator") {
            Some(Filling::MethodAndNumber) => {
                let number = given.get("phoneNumber").or_else(|| known?.get("phoneNumber"));
                body.extend(number.map(|number| ("phoneNumber".to_owned(), number.clone())));
            }
            _ => {
                let enrollment = self.form.authenticator().and_then(|whose| whose.enrollment_id());
                body.extend(enrollment.map(|id| ("enrollmentId".to_owned(), id.to_value())));
                body.extend(known.cloned().into_iter().flatten());
            }
        }
        body.insert("methodType".to_owned(), method.clone());
        Some(Value::Object(body))
    }

    fn channel(&self, field: Ion<'_>) -> Option<Value> {
        let explicit = self.values.authenticator_by_id();
        let channel = explicit
            .and_then(|explicit| explicit.get("channel"))
            .or_else(|| self.values.given.get("channel"))?;
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
    form: Form<'_>,
    password: &'static Credential,
    code: &'static Credential,
) -> &'static Credential {
    match form.authenticator().and_then(|whose| whose.object.text("type")) {
        None | Some("password") => password,
        Some(_) => code,
    }
}

/// A field of the form an option stands for.
pub(crate) fn option_field<'o>(option: Ion<'o>, name: &str) -> Option<Ion<'o>> {
    option.get("value")?.form_fields().find(|field| field.text("name") == Some(name))
}

pub(crate) fn option_id<'o>(option: Ion<'o>) -> Option<&'o str> {
    option_field(option, "id")?.text("value")
}

/// The org has filled it already: the state handle, and whatever else cannot be changed.
fn is_preset(field: Ion<'_>) -> bool {
    field.get("mutable").and_then(Ion::as_bool) == Some(false) || field.get("value").is_some_and(Ion::is_set)
}

fn attributes<'f>(field: Ion<'f>) -> impl Iterator<Item = &'f str> {
    field.form_fields().filter_map(|nested| nested.text("name"))
}
