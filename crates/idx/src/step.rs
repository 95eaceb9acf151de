//! What the org asks, in types: the step a page shows.

use serde_json::Number;

use crate::authenticator::{Authenticator, owned};
use crate::ion::Ion;
use crate::sketch::{Asked, Beside, Offer, Sketch};
use crate::words::{Class, Name};

/// One thing the org asks for, or one of the ways on.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is.
    pub name: Name,
    /// The kind of authenticator, or of identity provider, it is about.
    pub kind: Option<String>,
    /// The authenticator it is about.
    pub authenticator: Option<Authenticator>,
    /// What the person has enrolled, where that helps to answer (passkeys).
    pub enrollments: Vec<Authenticator>,
    /// Whether it can be left out.
    pub can_skip: bool,
    /// Whether the challenge can be sent again.
    pub can_resend: bool,
    /// How to wait for it.
    pub poll: Option<Poll>,
    /// For an action that may be repeated: after how many milliseconds.
    pub refresh: Option<u64>,
    /// What to fill in.
    pub inputs: Vec<Input>,
    /// The identity provider it leads to.
    pub idp: Option<Idp>,
    /// Where the browser should go; only of [`Name::RedirectIdp`] and its like.
    pub href: Option<String>,
}

/// How to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Whether there is no other way on.
    pub required: bool,
    /// After how many milliseconds to ask again.
    pub refresh: Option<u64>,
}

/// Another identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idp {
    /// Its id.
    pub id: Option<String>,
    /// Its name, for a button.
    pub name: Option<String>,
}

/// One thing to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The name to answer by.
    pub name: String,
    /// What goes in.
    pub kind: Kind,
    /// What stands beside it.
    pub label: Option<String>,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it must not be read over a shoulder.
    pub secret: bool,
    /// Whether a person fills it. What is not visible the page fills.
    pub visible: bool,
    /// Whether it can be changed.
    pub mutable: bool,
    /// What is in it already.
    pub value: Option<Scalar>,
    /// What to choose from.
    pub options: Vec<Choice>,
    /// The inputs inside, if it is an object.
    pub inputs: Vec<Input>,
    /// What the org says about it.
    pub messages: Vec<Message>,
    /// The fewest characters it may have.
    pub min_length: Option<u64>,
    /// The most characters it may have.
    pub max_length: Option<u64>,
}

/// What goes into an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// Yes or no.
    Boolean,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A day, such as `2030-01-31`.
    Date,
    /// Several inputs under one name.
    Object,
}

/// A value that stands for itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(Number),
}

/// One of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What stands beside it.
    pub label: Option<String>,
    /// What choosing it means.
    pub value: Chosen,
}

/// What choosing means.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// This value.
    Value(Scalar),
    /// More to fill in.
    Inputs(Vec<Input>),
    /// Nothing that can be sent.
    Nothing,
}

/// What the org has to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// How serious it is.
    pub class: Option<Class>,
    /// The sentence.
    pub text: String,
    /// The key to translate it by.
    pub key: Option<String>,
    /// What to put into the translation.
    pub params: Vec<Scalar>,
}

impl Step {
    pub(crate) fn read(sketch: &Sketch<'_>) -> Self {
        let authenticator = sketch.authenticator.map(|whose| Authenticator::read(whose.object));
        let mut step = Self {
            name: Name::from(sketch.name),
            kind: authenticator.as_ref().and_then(|authenticator| authenticator.kind.clone()),
            authenticator,
            enrollments: sketch
                .enrollments
                .into_iter()
                .flat_map(Ion::items)
                .map(Authenticator::read)
                .collect(),
            can_skip: false,
            can_resend: false,
            poll: None,
            refresh: None,
            inputs: sketch.inputs.iter().map(Input::read).collect(),
            idp: None,
            href: None,
        };
        match &sketch.beside {
            Beside::Nothing | Beside::Action { form: None } => {}
            Beside::Poll { refresh } => {
                step.poll = Some(Poll { required: true, refresh: refresh.and_then(Ion::as_u64) });
            }
            Beside::Action { form: Some(form) } => step.refresh = form.get("refresh").and_then(Ion::as_u64),
            Beside::Redirect { form } => {
                step.kind = owned(*form, "type");
                step.href = owned(*form, "href");
                step.idp = form.get("idp").map(|idp| Idp { id: owned(idp, "id"), name: owned(idp, "name") });
            }
        }
        step
    }
}

impl Input {
    fn read(asked: &Asked<'_>) -> Self {
        let mut input = asked.field.map_or_else(Self::empty, Self::of_field);
        asked.name.clone_into(&mut input.name);
        input.required = asked.required.unwrap_or(false);
        if let Some(kind) = asked.kind {
            input.kind = Kind::from_word(Some(kind));
        }
        if let Some(label) = asked.label {
            input.label = Some(label.to_owned());
        }
        if asked.hidden {
            input.visible = false;
        }
        if let Some(offers) = &asked.options {
            input.options = offers.iter().map(Choice::of_offer).collect();
        }
        if let Some(messages) = asked.messages {
            input.messages = messages.list("value").map(Message::read).collect();
        }
        input
    }

    fn empty() -> Self {
        Self {
            name: String::new(),
            kind: Kind::Text,
            label: None,
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

    fn of_field(field: Ion<'_>) -> Self {
        let flag = |name, default| field.get(name).and_then(Ion::as_bool).unwrap_or(default);
        // One form keeps its fields where others keep a value.
        let in_value = field.get("value").into_iter().flat_map(Ion::form_fields);
        let nested = field.form_fields().chain(in_value);
        // A day is told as a text of this format.
        let day = field.text("format").filter(|format| *format == "date");
        Self {
            name: field.text("name").unwrap_or_default().to_owned(),
            kind: Kind::from_word(day.or(field.text("type"))),
            label: owned(field, "label"),
            required: flag("required", false),
            secret: flag("secret", false),
            visible: flag("visible", true),
            mutable: flag("mutable", true),
            value: field.get("value").and_then(Scalar::read),
            options: field.list("options").map(Choice::of_option).collect(),
            inputs: nested.map(Self::of_field).collect(),
            messages: field.list_in("messages", "value").map(Message::read).collect(),
            min_length: field.get("minLength").and_then(Ion::as_u64),
            max_length: field.get("maxLength").and_then(Ion::as_u64),
        }
    }
}

impl Kind {
    fn from_word(word: Option<&str>) -> Self {
        match word {
            Some("boolean") => Self::Boolean,
            Some("number") => Self::Number,
            Some("integer") => Self::Integer,
            Some("date") => Self::Date,
            Some("object") => Self::Object,
            _ => Self::Text,
        }
    }
}

impl Scalar {
    fn read(value: Ion<'_>) -> Option<Self> {
        let text = || value.as_text().map(|text| Self::Text(text.to_owned()));
        let number = || value.as_number().map(|number| Self::Number(number.clone()));
        value.as_bool().map(Self::Boolean).or_else(text).or_else(number)
    }
}

impl Choice {
    fn of_offer(offer: &Offer<'_>) -> Self {
        Self {
            label: offer.label.and_then(Ion::as_text).map(str::to_owned),
            value: offer.value.map_or(Chosen::Nothing, |value| Chosen::Value(Scalar::Text(value.to_owned()))),
        }
    }

    fn of_option(option: Ion<'_>) -> Self {
        let value = match option.get("value") {
            Some(object) if object.is_members() => {
                Chosen::Inputs(object.form_fields().map(Input::of_field).collect())
            }
            Some(value) => Scalar::read(value).map_or(Chosen::Nothing, Chosen::Value),
            None => Chosen::Nothing,
        };
        Self { label: owned(option, "label"), value }
    }
}

impl Message {
    pub(crate) fn read(message: Ion<'_>) -> Self {
        let i18n = message.get("i18n");
        let params = i18n.into_iter().flat_map(|i18n| i18n.list("params"));
        Self {
            class: message.text("class").map(Class::from),
            text: message.text("message").unwrap_or_default().to_owned(),
            key: i18n.and_then(|i18n| owned(i18n, "key")),
            params: params.filter_map(Scalar::read).collect(),
        }
    }
}
