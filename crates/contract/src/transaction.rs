//! Where a flow stands, and what comes next.

use crate::Value;
use serde::{Deserialize, Serialize};

/// The answer of every call under `/api/idx`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Names this flow and the step it stands at; goes back in `X-Transaction`.
    pub transaction: String,
    /// Whether something is still asked.
    pub status: Status,
    /// What is asked now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<Step>,
    /// Everything that may be done here, the next step included.
    #[serde(default)]
    pub available_steps: Vec<Step>,
    /// What the org allows besides signing in.
    #[serde(default)]
    pub enabled_features: Vec<Feature>,
    /// What the org has to say.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// How far a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The next step waits for an answer.
    Pending,
    /// Signed in.
    Success,
    /// Nothing more can be answered; the messages say why.
    Terminal,
    /// Given up by the person.
    Canceled,
}

/// What the org allows besides signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// A forgotten password can be replaced.
    RecoverPassword,
    /// New people can sign up.
    EnrollProfile,
    /// Other identity providers can be used.
    RedirectIdp,
    /// A locked account can be unlocked.
    UnlockAccount,
}

/// One question of the org.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Step {
    /// The protocol's name for it, such as `challenge-authenticator`.
    pub name: String,
    /// The type of authenticator or identity provider it is about.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The authenticator it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticator: Option<Authenticator>,
    /// What the person has enrolled, where the step needs to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authenticator_enrollments: Vec<Enrollment>,
    /// The person may go on without it: `{"skip": true}`.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub can_skip: bool,
    /// A new code can be had: `{"resend": true}`.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub can_resend: bool,
    /// The answer comes from elsewhere; ask again now and then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// The identity provider behind a `redirect-idp` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<Idp>,
    /// Where the browser goes with a `redirect-idp` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// What is to be filled in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
}

/// An identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idp {
    /// Its id at the org.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// That, and how often, to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Polling is the way this step ends.
    pub required: bool,
    /// Milliseconds between two polls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<u32>,
}

/// One thing to fill in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Input {
    /// The key of the answer.
    pub name: String,
    /// What the org calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What kind of value is wanted.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// It must be answered.
    pub required: bool,
    /// It is not shown while typed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub secret: bool,
    /// `false`: it is filled by the page and not by the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<bool>,
    /// `false`: the org's own choice, which the person cannot change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutable: Option<bool>,
    /// What stands there before the person types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What there is to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The parts of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// The shortest text that is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The longest text that is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// What is wrong with the last answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
}

impl Input {
    /// Whether the person fills it.
    pub fn is_shown(&self) -> bool {
        self.visible != Some(false) && self.mutable != Some(false)
    }
}

/// What kind of value an input takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    #[default]
    String,
    /// Yes or no.
    Boolean,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// An object with inputs of its own.
    Object,
    /// Something nobody has coded for; shown as text.
    #[serde(untagged)]
    Other(String),
}

/// The inputs inside an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The inputs, in the org's order.
    pub value: Vec<Input>,
}

/// One of several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// What the org calls it.
    pub label: String,
    /// What is sent when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ChoiceValue>,
}

/// What stands behind a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ChoiceValue {
    /// More inputs, filled when it is chosen.
    Form {
        /// The inputs.
        form: Form,
    },
    /// A value.
    Plain(Value),
}

/// A way to prove who one is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Authenticator {
    /// The name that answers use, such as `okta_email`.
    pub key: String,
    /// Its family, such as `email`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name for people.
    pub display_name: String,
    /// The ways it can be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// Where it reaches the person, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The rules for a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// What the page must show or hand to the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contextual_data: Option<ContextualData>,
}

/// One way to use an authenticator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Method {
    /// Such as `sms`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Where an authenticator reaches the person, masked by the org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

/// Something a person has enrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Enrollment {
    /// The authenticator.
    pub key: String,
    /// Its family.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name for people.
    pub display_name: String,
    /// Where it reaches the person, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The key of a passkey or security key, so that the device finds its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
}

/// The rules for an authenticator; today only a password has any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// What a new password must be made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// How many old passwords may not come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_count: Option<u32>,
    /// The password ends in so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_to_expiry: Option<u32>,
}

/// What a new password must be made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Complexity {
    /// So many characters.
    pub min_length: u32,
    /// So many small letters.
    pub min_lower_case: u32,
    /// So many capital letters.
    pub min_upper_case: u32,
    /// So many digits.
    pub min_number: u32,
    /// So many other characters.
    pub min_symbol: u32,
    /// No part of the username.
    pub exclude_username: bool,
    /// No value of these attributes, such as `firstName`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_attributes: Vec<String>,
    /// No character more often than this in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_consecutive_repeating_characters: Option<u32>,
}

/// What the page must show or hand to the device for one authenticator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContextualData {
    /// A picture to scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<QrCode>,
    /// The same, for those who type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_secret: Option<String>,
    /// The number to press on the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_answer: Option<String>,
    /// How an app is being enrolled: `qrcode`, `email` or `sms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_channel: Option<String>,
    /// Where its link was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where its link was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// The mail holds a link besides the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_email_magic_link: Option<bool>,
    /// The security questions there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The security question to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_question: Option<Question>,
    /// What a new passkey is made from, as the browser's API takes it, binary values in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation_data: Option<Value>,
    /// What a passkey signs, as the browser's API takes it, binary values in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_data: Option<Value>,
}

/// A picture to scan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// A `data:` address, or one of the org's.
    pub href: String,
}

/// A security question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Question {
    /// Its name at the org.
    pub question_key: String,
    /// Its words.
    pub question: String,
}

/// Something the org has to say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// How it is meant.
    pub class: MessageClass,
    /// The org's own words.
    pub message: String,
    /// The name of the words, for other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i18n: Option<I18n>,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MessageClass {
    /// Something is wrong.
    Error,
    /// Something may go wrong.
    Warning,
    /// Something to know.
    #[default]
    Info,
}

/// The name of a message and what is put into it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct I18n {
    /// Such as `api.authn.error.PASSCODE_INVALID`.
    pub key: String,
    /// What stands in its gaps.
    pub params: Vec<Value>,
}
