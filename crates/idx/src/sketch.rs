//! What a form asks of a person, by the tables and still in the document's own pieces.

use crate::credentials::{Ask, Asks, Credential, LaidOver, Required, credential};
use crate::document::{Action, Document, Form, Whose, relation};
use crate::fill::{option_field, option_id, renewal};
use crate::ion::Ion;
use crate::rules::{Filling, Rule, Shows};

/// A step before it is given a type or written as JSON.
#[derive(Debug)]
pub(crate) struct Sketch<'d> {
    pub(crate) name: &'d str,
    pub(crate) inputs: Vec<Asked<'d>>,
    pub(crate) authenticator: Option<Whose<'d>>,
    pub(crate) enrollments: Option<Ion<'d>>,
    pub(crate) beside: Beside<'d>,
}

/// What goes with a step and is neither input nor authenticator.
#[derive(Debug)]
pub(crate) enum Beside<'d> {
    Nothing,
    Poll { refresh: Option<Ion<'d>> },
    Redirect { form: Ion<'d> },
    Action { form: Option<Ion<'d>> },
}

/// One input: a field of the document with what we say differently.
#[derive(Debug)]
pub(crate) struct Asked<'d> {
    pub(crate) name: &'d str,
    pub(crate) field: Option<Ion<'d>>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) label: Option<&'static str>,
    pub(crate) required: Option<bool>,
    pub(crate) hidden: bool,
    pub(crate) options: Option<Vec<Offer<'d>>>,
    pub(crate) messages: Option<Ion<'d>>,
}

/// One authenticator to choose from.
#[derive(Debug)]
pub(crate) struct Offer<'d> {
    pub(crate) label: Option<Ion<'d>>,
    pub(crate) value: Option<&'d str>,
}

/// What a form asks.
pub(crate) fn sketch<'d>(form: Form<'d>, rule: &'static Rule) -> Sketch<'d> {
    let document = form.document;
    let current = || document.context("currentAuthenticator").map(|object| Whose { object, ids: None });
    let (authenticator, enrollments, beside) = match rule.shows {
        Shows::Authenticator => (form.authenticator(), None, Beside::Nothing),
        Shows::Enrollments => {
            (form.authenticator(), document.context("authenticatorEnrollments"), Beside::Nothing)
        }
        Shows::Poll => {
            let beside = Beside::Poll { refresh: form.ion.get("refresh") };
            (form.authenticator().or_else(current), None, beside)
        }
        Shows::Current => (current(), None, Beside::Nothing),
        Shows::Redirect => (None, None, Beside::Redirect { form: form.ion }),
    };
    let inputs = match rule.shows {
        Shows::Redirect => Vec::new(),
        _ => inputs(form, rule),
    };
    Sketch { name: form.name(), inputs, authenticator, enrollments, beside }
}

/// What an action is. Those of the current authenticator show what they carry.
pub(crate) fn action<'d>(action: Action<'d>, name: &'d str) -> Sketch<'d> {
    let shown = name.starts_with("currentAuthenticator").then_some(action.form);
    let beside = Beside::Action { form: shown };
    Sketch { name, inputs: Vec::new(), authenticator: None, enrollments: None, beside }
}

impl<'d> Asked<'d> {
    fn plain(field: Ion<'d>) -> Self {
        Self {
            name: field.text("name").unwrap_or_default(),
            field: Some(field),
            kind: None,
            label: None,
            required: field.get("required").and_then(Ion::as_bool),
            hidden: false,
            options: None,
            messages: None,
        }
    }
}

fn inputs<'d>(form: Form<'d>, rule: &'static Rule) -> Vec<Asked<'d>> {
    let mut inputs = Vec::new();
    let visible = form.fields().filter(|field| field.get("visible").and_then(Ion::as_bool) != Some(false));
    for field in visible {
        let filling = field.text("name").and_then(|name| rule.filling(name));
        let is_object = field.text("type") == Some("object");
        match filling {
            None | Some(Filling::Channel) => inputs.push(Asked::plain(field)),
            Some(Filling::As(_)) if is_object => inputs.push(Asked::plain(field)),
            Some(Filling::As(alias)) => inputs.push(Asked { name: alias, ..Asked::plain(field) }),
            Some(Filling::Asked { label }) => inputs.push(Asked {
                kind: Some("string"),
                label: Some(label),
                required: Some(true),
                ..Asked::plain(field)
            }),
            Some(Filling::OfAuthenticator) => ask(credential(form.authenticator()), field, &mut inputs),
            Some(Filling::Credential(credential)) => ask(credential, field, &mut inputs),
            Some(Filling::Renewal(password, code)) => ask(renewal(form, password, code), field, &mut inputs),
            Some(Filling::Attributes) => inputs.extend(field.form_fields().map(Asked::plain)),
            Some(Filling::Choice(_)) => inputs.push(choice(form.document, field)),
            Some(Filling::Method) => methods(field, &mut inputs),
            Some(Filling::MethodAndNumber) => {
                for (name, label) in [("methodType", None), ("phoneNumber", Some("Phone Number"))] {
                    let nested = field.form_fields().find(|nested| nested.text("name") == Some(name));
                    let required = nested.and_then(|nested| nested.get("required")).and_then(Ion::as_bool);
                    inputs.push(Asked { kind: Some("string"), label, required, ..bare(name, nested) });
                }
            }
        }
    }
    inputs
}

fn ask<'d>(credential: &'static Credential, field: Ion<'d>, inputs: &mut Vec<Asked<'d>>) {
    let asks = match credential.asks {
        Asks::These(asks) => asks,
        Asks::Fields => return inputs.extend(field.form_fields().map(Asked::plain)),
    };
    let mut messages = field.get("messages");
    for Ask { name, over, kind, label, required, hidden } in asks {
        let nested = match over {
            LaidOver::First => field.form_fields().next(),
            LaidOver::SameName | LaidOver::OnlySameName => named(field, name),
        };
        if matches!(over, LaidOver::OnlySameName) && nested.is_none() {
            continue;
        }
        let required = match required {
            Required::AsField => nested.and_then(|nested| nested.get("required")).and_then(Ion::as_bool),
            Required::AsCredential => field.get("required").and_then(Ion::as_bool),
            Required::Yes => Some(true),
            Required::No => nested.and(Some(false)),
        };
        let asked = bare(name, nested);
        // What is said about the credential as a whole stands beside its first input.
        let messages = messages.take();
        inputs.push(Asked { kind: *kind, label: *label, required, hidden: *hidden, messages, ..asked });
    }
}

fn choice<'d>(document: &'d Document, field: Ion<'d>) -> Asked<'d> {
    let offers = field.list("options").map(|option| {
        let key = relation(document, option).and_then(|authenticator| authenticator.text("key"));
        Offer { label: option.get("label"), value: key.or_else(|| option_id(option)) }
    });
    Asked {
        kind: Some("string"),
        required: Some(true),
        options: Some(offers.collect()),
        messages: field.get("messages"),
        ..bare("authenticator", None)
    }
}

/// The method, if there is one to choose, or else the fields as they are.
fn methods<'d>(field: Ion<'d>, inputs: &mut Vec<Asked<'d>>) {
    let nested = field.form_fields();
    let method = nested.clone().find(|nested| nested.text("name") == Some("methodType"));
    match method.filter(|method| method.get("options").is_some_and(Ion::is_set)) {
        Some(method) => inputs.push(Asked {
            kind: Some("string"),
            required: Some(true),
            messages: field.get("messages"),
            ..bare("methodType", Some(method))
        }),
        None => inputs.extend(nested.map(Asked::plain)),
    }
}

fn bare<'d>(name: &'static str, field: Option<Ion<'d>>) -> Asked<'d> {
    Asked {
        name,
        field,
        kind: None,
        label: None,
        required: None,
        hidden: false,
        options: None,
        messages: None,
    }
}

/// The field of that name inside a credential, in its form or in one of its variants; not one the org has filled.
fn named<'d>(field: Ion<'d>, name: &str) -> Option<Ion<'d>> {
    let is_open = |nested: &Ion<'_>| nested.get("mutable").and_then(Ion::as_bool) != Some(false);
    let own = field.form_fields().find(|nested| nested.text("name") == Some(name));
    let variants = || field.list("options").filter_map(|option| option_field(option, name));
    own.into_iter().chain(variants()).find(is_open)
}
