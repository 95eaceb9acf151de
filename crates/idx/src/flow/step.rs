//! A step in types: its inputs, choices and messages, ready for a page.

use super::authenticator::{Authenticator, Profile, owned_text};
use super::consent::ConsentForm;
use super::message::Message;
use super::scalar::Scalar;
use super::step_draft::{AuthenticatorOption, InputDraft, StepDraft, StepExtra};
use crate::protocol::ion::Ion;
use crate::protocol::names::StepName;

/// A step: what the org asks now, or another way to continue.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: StepName,
    /// The type of its authenticator or identity provider.
    pub kind: Option<String>,
    /// Its authenticator.
    pub authenticator: Option<Authenticator>,
    /// The person's enrolments, where the page needs them (passkeys).
    pub enrollments: Vec<Authenticator>,
    /// Whether it can be skipped.
    pub can_skip: bool,
    /// Whether the challenge can be resent.
    pub can_resend: bool,
    /// How to poll, if it ends on another device.
    pub poll: Option<Poll>,
    /// For an action that may be repeated: the interval in milliseconds.
    pub refresh: Option<u64>,
    /// Its inputs.
    pub inputs: Vec<Input>,
    /// Its identity provider.
    pub idp: Option<Idp>,
    /// What it asks the person to allow.
    pub consent: Option<ConsentForm>,
    /// The address that the browser should open, with [`StepName::RedirectIdp`] and similar steps.
    pub href: Option<String>,
}

/// How to poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Whether polling is the only way to continue.
    pub required: bool,
    /// The polling interval in milliseconds.
    pub refresh: Option<u64>,
}

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idp {
    /// Its id.
    pub id: Option<String>,
    /// Its name, for a button.
    pub name: Option<String>,
    /// The terms of use of a service that verifies an identity.
    pub terms_of_use: Option<String>,
    /// Its privacy policy.
    pub privacy_policy: Option<String>,
}

/// An input: one value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The name of its value in an answer.
    pub name: String,
    /// The type of its value.
    pub kind: InputType,
    /// Its label.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it is hidden while typed.
    pub secret: bool,
    /// Whether the person fills it; otherwise the page does.
    pub visible: bool,
    /// Whether it can be changed.
    pub mutable: bool,
    /// Its preset value.
    pub value: Option<Scalar>,
    /// The choices.
    pub options: Vec<Choice>,
    /// The inputs inside, if it is an object.
    pub inputs: Vec<Input>,
    /// The org's messages about it.
    pub messages: Vec<Message>,
    /// Minimum number of characters.
    pub min_length: Option<u64>,
    /// Maximum number of characters.
    pub max_length: Option<u64>,
}

/// The type of an input's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputType {
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A date, such as `2030-01-31`.
    Date,
    /// A code of letters and digits; without it a code is digits alone.
    Alphanumeric,
    /// Several inputs under one name.
    Object,
}

/// One of the choices of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Its label.
    pub label: Option<String>,
    /// Its value.
    pub value: OptionValue,
    /// Its masked address or number, if it is an authenticator of the person.
    pub profile: Profile,
    /// For how long it may still be left out, if it is an authenticator that will be required.
    pub grace_period: Option<EnrollmentGracePeriod>,
    /// The authenticator's id, which an answer may have in place of its key. Where several enrolments are of one authenticator, the
    /// enrolment's.
    pub id: Option<String>,
    /// The methods of the authenticator. An answer may choose one at once, as `methodType`.
    pub methods: Vec<Choice>,
}

/// For how long an authenticator that will be required may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrollmentGracePeriod {
    /// When the period ends, in RFC 3339.
    pub expiry: Option<String>,
    /// How many more sign-ins it lasts.
    pub remaining_skips: Option<u64>,
}

/// The value of a choice.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// This value.
    Value(Scalar),
    /// More inputs to fill.
    Inputs(Vec<Input>),
    /// No value.
    Nothing,
}

impl Step {
    pub(crate) fn read(draft: &StepDraft<'_>) -> Self {
        let authenticator = draft.authenticator.map(|related| Authenticator::read(related.object));
        let mut step = Self {
            name: StepName::from(draft.name),
            kind: authenticator.as_ref().and_then(|authenticator| authenticator.kind.clone()),
            authenticator,
            enrollments: draft
                .enrollments
                .into_iter()
                .flat_map(Ion::items)
                .map(Authenticator::read)
                .collect(),
            can_skip: false,
            can_resend: false,
            poll: None,
            refresh: None,
            inputs: draft.inputs.iter().map(Input::read).collect(),
            idp: None,
            consent: None,
            href: None,
        };
        match &draft.extra {
            StepExtra::None | StepExtra::Action { form: None } => {}
            StepExtra::Poll { refresh } => {
                step.poll = Some(Poll { required: true, refresh: refresh.and_then(Ion::as_u64) });
            }
            StepExtra::Action { form: Some(form) } => {
                step.refresh = form.get("refresh").and_then(Ion::as_u64);
            }
            StepExtra::Redirect { form } => {
                step.kind = owned_text(*form, "type");
                step.href = owned_text(*form, "href");
                step.idp = form.get("idp").map(|idp| Idp::read(idp, form.get("idvMetadata")));
            }
        }
        step
    }
}

impl Idp {
    fn read(idp: Ion<'_>, verification: Option<Ion<'_>>) -> Self {
        let page = |name| {
            let page = verification?.get(name)?;
            page.as_text().map(str::to_owned).or_else(|| owned_text(page, "href"))
        };
        Self {
            id: owned_text(idp, "id"),
            name: owned_text(idp, "name"),
            terms_of_use: page("termsOfUse"),
            privacy_policy: page("privacyPolicy"),
        }
    }
}

impl Input {
    fn read(draft: &InputDraft<'_>) -> Self {
        let mut input = draft.field.map_or_else(Self::empty, Self::from_field);
        draft.name.clone_into(&mut input.name);
        input.required = draft.required.unwrap_or(false);
        if let Some(kind) = draft.kind
            && input.kind != InputType::Alphanumeric
        {
            input.kind = InputType::from_wire(Some(kind));
        }
        if let Some(label) = draft.label {
            input.label = Some(label.to_owned());
        }
        if draft.hidden {
            input.visible = false;
        }
        if draft.secret {
            input.secret = true;
        }
        if let Some(options) = &draft.options {
            input.options = options.iter().map(Choice::from_authenticator).collect();
        }
        if let Some(messages) = draft.messages {
            input.messages = messages.list("value").map(Message::read).collect();
        }
        input
    }

    fn empty() -> Self {
        Self {
            name: String::new(),
            kind: InputType::Text,
            label: None,
            description: None,
            required: false,
            secret: false,
            visible: true,
            mutable: true,
            value: None,
            options: Vec::new(),
            inputs: Vec::new(),
            messages: Vec::new(),
            min_length: None,
            max_length: None,
        }
    }

    fn from_field(field: Ion<'_>) -> Self {
        let flag = |name, default| field.get(name).and_then(Ion::as_bool).unwrap_or(default);
        // `select-enrollment-channel` has its nested form inside `value`.
        let in_value = field.get("value").into_iter().flat_map(Ion::form_fields);
        let nested = field.form_fields().chain(in_value);
        // A date and a code with letters are texts with these formats.
        let format = field.text("format").filter(|format| matches!(*format, "date" | "alphanumeric"));
        Self {
            name: field.text("name").unwrap_or_default().to_owned(),
            kind: InputType::from_wire(format.or(field.text("type"))),
            label: owned_text(field, "label"),
            description: owned_text(field, "desc"),
            required: flag("required", false),
            secret: flag("secret", false),
            visible: flag("visible", true),
            mutable: flag("mutable", true),
            value: field.get("value").and_then(Scalar::read),
            options: field.list("options").map(Choice::from_option).collect(),
            inputs: nested.map(Self::from_field).collect(),
            messages: field.list_in("messages", "value").map(Message::read).collect(),
            min_length: field.get("minLength").and_then(Ion::as_u64),
            max_length: field.get("maxLength").and_then(Ion::as_u64),
        }
    }
}

impl InputType {
    fn from_wire(name: Option<&str>) -> Self {
        match name {
            Some("boolean") => Self::Boolean,
            Some("number") => Self::Number,
            Some("integer") => Self::Integer,
            Some("date") => Self::Date,
            Some("alphanumeric") => Self::Alphanumeric,
            Some("object") => Self::Object,
            _ => Self::Text,
        }
    }
}

impl Choice {
    fn from_authenticator(option: &AuthenticatorOption<'_>) -> Self {
        Self {
            id: option.id.map(str::to_owned),
            label: option.label.and_then(Ion::as_text).map(str::to_owned),
            value: option
                .value
                .map_or(OptionValue::Nothing, |value| OptionValue::Value(Scalar::Text(value.to_owned()))),
            profile: option.profile.map(Profile::read).unwrap_or_default(),
            grace_period: option.grace_period.map(|period| EnrollmentGracePeriod {
                expiry: owned_text(period, "expiry"),
                remaining_skips: period.get("remainingSkips").and_then(Ion::as_u64),
            }),
            methods: option
                .method
                .into_iter()
                .flat_map(|method| method.list("options"))
                .map(Self::from_option)
                .collect(),
        }
    }

    fn from_option(option: Ion<'_>) -> Self {
        let value = match option.get("value") {
            Some(object) if object.is_object() => {
                OptionValue::Inputs(object.form_fields().map(Input::from_field).collect())
            }
            Some(value) => Scalar::read(value).map_or(OptionValue::Nothing, OptionValue::Value),
            None => OptionValue::Nothing,
        };
        Self {
            label: owned_text(option, "label"),
            value,
            profile: Profile::default(),
            grace_period: None,
            id: None,
            methods: Vec::new(),
        }
    }
}
