//! A step before it has types: its inputs by the two tables, as references into the document.

use super::credentials::{BaseField, Credential, CredentialInputs, InputRule, Required, credential};
use super::fill::{enrollment_id, option_field, option_id, renewal};
use super::rules::{Filling, FormRule, StepContent};
use crate::protocol::document::{Document, DocumentAction, RelatedAuthenticator, Remediation, relation};
use crate::protocol::ion::Ion;

/// A step that is not yet typed or written as JSON.
#[derive(Debug)]
pub(crate) struct StepDraft<'d> {
    pub(crate) name: &'d str,
    pub(crate) inputs: Vec<InputDraft<'d>>,
    pub(crate) authenticator: Option<RelatedAuthenticator<'d>>,
    pub(crate) enrollments: Option<Ion<'d>>,
    pub(crate) extra: StepExtra<'d>,
}

/// The part of a step that is neither an input nor an authenticator.
#[derive(Debug)]
pub(crate) enum StepExtra<'d> {
    None,
    Poll { refresh: Option<Ion<'d>> },
    Redirect { form: Ion<'d> },
    Action { form: Option<Ion<'d>> },
}

/// One input: a field of the document, and what the tables change in it.
#[derive(Debug)]
pub(crate) struct InputDraft<'d> {
    pub(crate) name: &'d str,
    pub(crate) field: Option<Ion<'d>>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) label: Option<&'static str>,
    pub(crate) required: Option<bool>,
    pub(crate) hidden: bool,
    pub(crate) secret: bool,
    pub(crate) options: Option<Vec<AuthenticatorOption<'d>>>,
    pub(crate) messages: Option<Ion<'d>>,
}

/// One authenticator to choose from.
#[derive(Debug)]
pub(crate) struct AuthenticatorOption<'d> {
    pub(crate) label: Option<Ion<'d>>,
    pub(crate) value: Option<&'d str>,
    pub(crate) id: Option<&'d str>,
    pub(crate) profile: Option<Ion<'d>>,
    pub(crate) grace_period: Option<Ion<'d>>,
    /// The choice of a method, if the org lists the methods with the authenticator.
    pub(crate) method: Option<Ion<'d>>,
}

/// Which inputs a credential has.
type InputsOf = fn(&'static Credential) -> &'static CredentialInputs;

/// The step of a form, with an input for each part of its credential.
pub(crate) fn draft_step<'d>(form: Remediation<'d>, rule: &'static FormRule) -> StepDraft<'d> {
    draft(form, rule, Credential::all_inputs)
}

/// The step of a form as Okta's SDK has it.
pub(crate) fn draft_step_of_sdk<'d>(form: Remediation<'d>, rule: &'static FormRule) -> StepDraft<'d> {
    draft(form, rule, Credential::inputs)
}

fn draft<'d>(form: Remediation<'d>, rule: &'static FormRule, inputs_of: InputsOf) -> StepDraft<'d> {
    let document = form.document;
    let current = || {
        document.container("currentAuthenticator").map(|object| RelatedAuthenticator { object, ids: None })
    };
    let (authenticator, enrollments, extra) = match rule.content {
        StepContent::Authenticator => (form.authenticator(), None, StepExtra::None),
        StepContent::Enrollments => {
            (form.authenticator(), document.container("authenticatorEnrollments"), StepExtra::None)
        }
        StepContent::Poll => {
            let extra = StepExtra::Poll { refresh: form.ion.get("refresh") };
            (form.authenticator().or_else(current), None, extra)
        }
        StepContent::CurrentAuthenticator => (current(), None, StepExtra::None),
        StepContent::Redirect => (form.authenticator(), None, StepExtra::Redirect { form: form.ion }),
    };
    let inputs = match rule.content {
        StepContent::Redirect => Vec::new(),
        _ => inputs(form, rule, inputs_of),
    };
    StepDraft { name: form.name(), inputs, authenticator, enrollments, extra }
}

/// The step of an action. Those of the current authenticator carry their form.
pub(crate) fn draft_action<'d>(action: DocumentAction<'d>, name: &'d str) -> StepDraft<'d> {
    let form = name.starts_with("currentAuthenticator").then_some(action.form);
    let extra = StepExtra::Action { form };
    StepDraft { name, inputs: Vec::new(), authenticator: None, enrollments: None, extra }
}

impl<'d> InputDraft<'d> {
    fn from_field(field: Ion<'d>) -> Self {
        let required = field.get("required").and_then(Ion::as_bool);
        Self { required, ..Self::named(field.text("name").unwrap_or_default(), Some(field)) }
    }

    fn named(name: &'d str, field: Option<Ion<'d>>) -> Self {
        Self {
            name,
            field,
            kind: None,
            label: None,
            required: None,
            hidden: false,
            secret: false,
            options: None,
            messages: None,
        }
    }
}

fn inputs<'d>(form: Remediation<'d>, rule: &'static FormRule, inputs_of: InputsOf) -> Vec<InputDraft<'d>> {
    let mut inputs = Vec::new();
    let visible = form.fields().filter(|field| field.get("visible").and_then(Ion::as_bool) != Some(false));
    for field in visible {
        let filling = field.text("name").and_then(|name| rule.filling(name));
        let is_object = field.text("type") == Some("object");
        match filling {
            None | Some(Filling::Channel) => inputs.push(InputDraft::from_field(field)),
            Some(Filling::Alias(_)) if is_object => inputs.push(InputDraft::from_field(field)),
            Some(Filling::Alias(alias)) => {
                inputs.push(InputDraft { name: alias, ..InputDraft::from_field(field) });
            }
            Some(Filling::Labelled { label }) => inputs.push(InputDraft {
                kind: Some("string"),
                label: Some(label),
                required: Some(true),
                ..InputDraft::from_field(field)
            }),
            Some(Filling::AuthenticatorCredential) => {
                let rules = inputs_of(credential(form.authenticator()));
                add_credential_inputs(rules, field, &mut inputs);
            }
            Some(Filling::Credential(credential)) => {
                add_credential_inputs(inputs_of(credential), field, &mut inputs);
            }
            Some(Filling::Renewal(password, code)) => {
                add_credential_inputs(inputs_of(renewal(form, password, code)), field, &mut inputs);
            }
            Some(Filling::Attributes) => inputs.extend(field.form_fields().map(InputDraft::from_field)),
            Some(Filling::Choice(_)) => inputs.push(authenticator_choice(form.document, field)),
            Some(Filling::Method) => add_method_inputs(field, &mut inputs),
            Some(Filling::MethodAndNumber) => {
                for (name, label) in [("methodType", None), ("phoneNumber", Some("Phone Number"))] {
                    let nested = field.form_fields().find(|nested| nested.text("name") == Some(name));
                    let required = nested.and_then(|nested| nested.get("required")).and_then(Ion::as_bool);
                    inputs.push(InputDraft {
                        kind: Some("string"),
                        label,
                        required,
                        ..InputDraft::named(name, nested)
                    });
                }
            }
        }
    }
    inputs
}

fn add_credential_inputs<'d>(
    rules: &'static CredentialInputs,
    field: Ion<'d>,
    inputs: &mut Vec<InputDraft<'d>>,
) {
    let rules = match rules {
        CredentialInputs::Listed(rules) => rules,
        CredentialInputs::FormFields => {
            return inputs.extend(field.form_fields().map(InputDraft::from_field));
        }
    };
    let mut messages = field.get("messages");
    for InputRule { name, field: base, kind, label, required, hidden, secret } in *rules {
        let nested = match base {
            BaseField::First => field.form_fields().next(),
            BaseField::SameName => credential_field(field, name),
            BaseField::Present(name) => credential_field(field, name),
        };
        if matches!(base, BaseField::Present(_)) && nested.is_none() {
            continue;
        }
        let required = match required {
            Required::AsField => nested.and_then(|nested| nested.get("required")).and_then(Ion::as_bool),
            Required::AsCredential => field.get("required").and_then(Ion::as_bool),
            Required::Yes => Some(true),
            Required::No => nested.and(Some(false)),
        };
        // The messages about the credential as a whole belong to its first input.
        let messages = messages.take();
        let draft = InputDraft::named(name, nested);
        inputs.push(InputDraft {
            kind: *kind,
            label: *label,
            required,
            hidden: *hidden,
            secret: *secret,
            messages,
            ..draft
        });
    }
}

fn authenticator_choice<'d>(document: &'d Document, field: Ion<'d>) -> InputDraft<'d> {
    let has_id_of =
        |option| field.list("options").filter(move |other| option_id(*other) == option_id(option));
    let options = field.list("options").map(|option| {
        // Several enrolments of one authenticator, such as two phones, have their own ids.
        let enrollment = enrollment_id(option).filter(|_| has_id_of(option).nth(1).is_some());
        let related = relation(document, option);
        let key = related.and_then(|authenticator| authenticator.text("key"));
        AuthenticatorOption {
            label: option.get("label"),
            value: key.or_else(|| option_id(option)),
            id: enrollment.or_else(|| option_id(option)),
            profile: related.and_then(|authenticator| authenticator.get("profile")),
            grace_period: related.and_then(|authenticator| authenticator.get("gracePeriod")),
            method: option_field(option, "methodType"),
        }
    });
    InputDraft {
        kind: Some("string"),
        required: Some(true),
        options: Some(options.collect()),
        messages: field.get("messages"),
        ..InputDraft::named("authenticator", None)
    }
}

/// Adds the method if there are several to choose from, or else every field.
fn add_method_inputs<'d>(field: Ion<'d>, inputs: &mut Vec<InputDraft<'d>>) {
    let nested = field.form_fields();
    let method = nested.clone().find(|nested| nested.text("name") == Some("methodType"));
    match method.filter(|method| method.get("options").is_some_and(Ion::is_truthy)) {
        Some(method) => inputs.push(InputDraft {
            kind: Some("string"),
            required: Some(true),
            messages: field.get("messages"),
            ..InputDraft::named("methodType", Some(method))
        }),
        None => inputs.extend(nested.map(InputDraft::from_field)),
    }
}

/// The field of that name in the form of a credential or in one of its options, unless the org has fixed its value.
fn credential_field<'d>(field: Ion<'d>, name: &str) -> Option<Ion<'d>> {
    let is_mutable = |nested: &Ion<'_>| nested.get("mutable").and_then(Ion::as_bool) != Some(false);
    let in_form = field.form_fields().find(|nested| nested.text("name") == Some(name));
    let in_options = || field.list("options").filter_map(|option| option_field(option, name));
    in_form.into_iter().chain(in_options()).find(is_mutable)
}
