//! What the org asks, in types: the step a page shows.

use serde_json::{Number, Value};

use crate::ion::Ion;
use crate::secret::Secret;
use crate::sketch::{Asked, Beside, Offer, Sketch};
use crate::words::{Class, Key, Method, Name};

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

/// A means to prove who one is.
#[derive(Debug, Clone, PartialEq)]
pub struct Authenticator {
    /// Which one.
    pub key: Option<Key>,
    /// Its kind, such as `phone` or `app`.
    pub kind: Option<String>,
    /// Its name, for people.
    pub display_name: Option<String>,
    /// The name its owner gave it.
    pub nickname: Option<String>,
    /// The ways to use it.
    pub methods: Vec<Method>,
    /// Where it leads, masked by the org.
    pub profile: Profile,
    /// The rules for a password.
    pub settings: Option<PasswordRules>,
    /// What is needed to use it now.
    pub usage: Usage,
    /// The passkey's id.
    pub credential_id: Option<String>,
}

/// Where an authenticator leads, masked by the org.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
}

/// What a password must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasswordRules {
    /// The fewest characters.
    pub min_length: u64,
    /// The fewest small letters.
    pub min_lower_case: u64,
    /// The fewest capital letters.
    pub min_upper_case: u64,
    /// The fewest digits.
    pub min_number: u64,
    /// The fewest other signs.
    pub min_symbol: u64,
    /// Whether parts of the username are forbidden.
    pub exclude_username: bool,
    /// Attributes whose value is forbidden.
    pub exclude_attributes: Vec<String>,
    /// The most times a sign may be repeated at a stretch.
    pub max_consecutive_repeating_characters: Option<u64>,
    /// How long a password must be kept, in minutes.
    pub min_age_minutes: u64,
    /// How many former passwords are forbidden.
    pub history_count: u64,
    /// In how many days the present one expires.
    pub days_to_expiry: Option<u64>,
}

/// What is needed to use an authenticator now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// A picture to scan, as a `data:` address.
    pub qr_code: Option<Secret>,
    /// The same secret, to type in.
    pub shared_secret: Option<Secret>,
    /// The number to choose on the phone.
    pub correct_answer: Option<String>,
    /// Questions to choose from.
    pub questions: Vec<Question>,
    /// The question that was chosen.
    pub enrolled_question: Option<Question>,
    /// Whether the mail also carries a link.
    pub email_link: bool,
    /// A code to type where the flow was begun.
    pub otp: Option<Secret>,
    /// The way the set-up takes: `qrcode`, `email`, `sms`, `samedevice`.
    pub selected_channel: Option<String>,
    /// Where the set-up was mailed to.
    pub email: Option<String>,
    /// Where the set-up was texted to.
    pub phone_number: Option<String>,
    /// What to give to the browser to make a passkey.
    pub activation: Option<Value>,
    /// What to give to the browser to use a passkey.
    pub challenge: Option<Value>,
}

/// A security question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name it is answered by.
    pub key: String,
    /// The question itself.
    pub question: String,
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
        Self {
            name: field.text("name").unwrap_or_default().to_owned(),
            kind: Kind::from_word(field.text("type")),
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
            Some("number" | "integer") => Self::Number,
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

impl Authenticator {
    pub(crate) fn read(object: Ion<'_>) -> Self {
        let profile = object.get("profile");
        let profile_text = |name| profile.and_then(|profile| owned(profile, name));
        Self {
            key: object.text("key").map(Key::from),
            kind: owned(object, "type"),
            display_name: owned(object, "displayName"),
            nickname: owned(object, "nickname"),
            methods: object
                .list("methods")
                .filter_map(|method| method.text("type"))
                .map(Method::from)
                .collect(),
            profile: Profile { email: profile_text("email"), phone_number: profile_text("phoneNumber") },
            settings: object
                .get("settings")
                .filter(|settings| settings.is_members())
                .map(PasswordRules::read),
            usage: object.get("contextualData").map(Usage::read).unwrap_or_default(),
            credential_id: owned(object, "credentialId"),
        }
    }
}

impl PasswordRules {
    fn read(settings: Ion<'_>) -> Self {
        let complexity = settings.get("complexity");
        let age = settings.get("age");
        let count =
            |group: Option<Ion<'_>>, name| group.and_then(|group| group.get(name)).and_then(Ion::as_u64);
        let flag = |name| complexity.and_then(|complexity| complexity.get(name)).is_some_and(Ion::is_set);
        let listed = complexity.into_iter().flat_map(|complexity| complexity.list("excludeAttributes"));
        let mut exclude_attributes: Vec<String> =
            listed.filter_map(Ion::as_text).map(str::to_owned).collect();
        // Older orgs have a flag for each of the two attributes.
        for (name, attribute) in [("excludeFirstName", "firstName"), ("excludeLastName", "lastName")] {
            if flag(name) && !exclude_attributes.iter().any(|own| own == attribute) {
                exclude_attributes.push(attribute.to_owned());
            }
        }
        Self {
            min_length: count(complexity, "minLength").unwrap_or(0),
            min_lower_case: count(complexity, "minLowerCase").unwrap_or(0),
            min_upper_case: count(complexity, "minUpperCase").unwrap_or(0),
            min_number: count(complexity, "minNumber").unwrap_or(0),
            min_symbol: count(complexity, "minSymbol").unwrap_or(0),
            exclude_username: flag("excludeUsername"),
            exclude_attributes,
            max_consecutive_repeating_characters: count(complexity, "maxConsecutiveRepeatingCharacters"),
            min_age_minutes: count(age, "minAgeMinutes").unwrap_or(0),
            history_count: count(age, "historyCount").unwrap_or(0),
            days_to_expiry: count(Some(settings), "daysToExpiry"),
        }
    }
}

impl Usage {
    fn read(context: Ion<'_>) -> Self {
        let question = |object: Ion<'_>| {
            Some(Question { key: owned(object, "questionKey")?, question: owned(object, "question")? })
        };
        Self {
            qr_code: context.get("qrcode").and_then(|code| code.text("href")).map(Secret::from),
            shared_secret: context.text("sharedSecret").map(Secret::from),
            correct_answer: owned(context, "correctAnswer"),
            questions: context.list("questions").filter_map(question).collect(),
            enrolled_question: context.get("enrolledQuestion").and_then(question),
            email_link: context.get("useEmailMagicLink").is_some_and(Ion::is_set),
            otp: context.text("otp").map(Secret::from),
            selected_channel: owned(context, "selectedChannel"),
            email: owned(context, "email"),
            phone_number: owned(context, "phoneNumber"),
            activation: context.get("activationData").map(Ion::to_value),
            challenge: context.get("challengeData").map(Ion::to_value),
        }
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

fn owned(object: Ion<'_>, name: &str) -> Option<String> {
    object.text(name).map(str::to_owned)
}
