//! A transaction: the status of a flow, its next step and the messages of the org.

use crate::Value;
#[cfg(feature = "schema")]
use crate::schema;
use serde::{Deserialize, Serialize};

/// The response to every request under `/api/idx`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// The flow and its current step. The next request sends it in `X-Transaction`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{24}\\.[0-9]{1,9}$")))]
    pub transaction: String,
    /// The status of the flow.
    pub status: Status,
    /// The step that waits for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<Step>,
    /// Every step that can be answered now, including the next step.
    #[serde(default)]
    pub available_steps: Vec<Step>,
    /// What the org offers besides signing in.
    #[serde(default)]
    pub enabled_features: Vec<Feature>,
    /// The org's messages about the page.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// The status of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The next step waits for an answer.
    Pending,
    /// The person is signed in.
    Success,
    /// The flow has ended; the messages say why.
    Terminal,
    /// The flow was cancelled.
    Canceled,
}

/// What the org offers besides signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// A forgotten password can be replaced.
    RecoverPassword,
    /// New people can sign up.
    EnrollProfile,
    /// Another identity provider can be used.
    RedirectIdp,
    /// A locked account can be unlocked.
    UnlockAccount,
}

/// A step: what the org asks now, or another way to continue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Step {
    /// Its name in the protocol, such as `challenge-authenticator`.
    #[cfg_attr(feature = "schema", schemars(example = &"challenge-authenticator"))]
    pub name: String,
    /// The type of its authenticator or identity provider.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its authenticator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticator: Option<Authenticator>,
    /// The person's enrolments, where the page needs them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authenticator_enrollments: Vec<Enrollment>,
    /// Whether it can be skipped with `{"skip": true}`.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub can_skip: bool,
    /// Whether the challenge can be resent with `{"resend": true}`.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub can_resend: bool,
    /// How to poll, if the step ends on another device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// The identity provider of a `redirect-idp` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<Idp>,
    /// The address that the browser opens with a `redirect-idp` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Its inputs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
}

/// An identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Idp {
    /// Its id at the org.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// How to poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Poll {
    /// Whether polling is the only way to continue.
    pub required: bool,
    /// The polling interval in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<u32>,
}

/// An input: one value of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Input {
    /// The name of its value in the answer.
    #[cfg_attr(feature = "schema", schemars(example = &"verificationCode"))]
    pub name: String,
    /// Its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The kind of its value.
    #[serde(rename = "type")]
    pub kind: InputKind,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it is hidden while typed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub secret: bool,
    /// `false`: the page fills it, not the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<bool>,
    /// `false`: the org has fixed its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutable: Option<bool>,
    /// Its preset value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::SimpleValue>"))]
    pub value: Option<Value>,
    /// The choices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The inputs inside, if it is an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Minimum number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Maximum number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The org's messages about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
}

impl Input {
    /// Whether the person fills it.
    pub fn is_shown(&self) -> bool {
        self.visible != Some(false) && self.mutable != Some(false)
    }
}

/// The kind of an input's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// Text.
    #[default]
    String,
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A date, such as `2030-01-31`.
    Date,
    /// An object with inputs of its own.
    Object,
    /// An unknown kind; treated as text.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

/// The inputs inside an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Form {
    /// The inputs, in the org's order.
    pub value: Vec<Input>,
}

/// One of the choices of an input.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Choice {
    /// Its label.
    pub label: String,
    /// The value that is sent when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ChoiceValue>,
}

/// The value of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ChoiceValue {
    /// More inputs to fill.
    Form {
        /// The inputs.
        form: Form,
    },
    /// A simple value.
    Plain(#[cfg_attr(feature = "schema", schemars(with = "schema::SimpleValue"))] Value),
}

/// An authenticator: a means to prove an identity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Authenticator {
    /// Its key, which answers use, such as `okta_email`.
    #[cfg_attr(feature = "schema", schemars(example = &"okta_email"))]
    pub key: String,
    /// Its type, such as `email`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(example = &"email"))]
    pub kind: String,
    /// Its name for people.
    #[cfg_attr(feature = "schema", schemars(example = &"Email"))]
    pub display_name: String,
    /// The methods it offers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// Its masked address or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The password policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// The data needed to use it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contextual_data: Option<ContextualData>,
}

/// A method of an authenticator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Method {
    /// Such as `sms`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(example = &"sms"))]
    pub kind: String,
}

/// Where an authenticator reaches the person, masked by the org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"m***y@example.com"))]
    pub email: Option<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"+1 XXX-XXX-4567"))]
    pub phone_number: Option<String>,
}

/// An authenticator that the person has enrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Enrollment {
    /// The authenticator's key.
    pub key: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name for people.
    pub display_name: String,
    /// Its masked address or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The credential id of a passkey or security key, so that the device finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
}

/// The policy of an authenticator; only passwords have one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The characters that a new password must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// Number of former passwords that may not be used again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_count: Option<u32>,
    /// Days until the current password expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_to_expiry: Option<u32>,
}

/// The characters that a new password must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Complexity {
    /// Minimum number of characters.
    pub min_length: u32,
    /// Minimum number of lower-case letters.
    pub min_lower_case: u32,
    /// Minimum number of upper-case letters.
    pub min_upper_case: u32,
    /// Minimum number of digits.
    pub min_number: u32,
    /// Minimum number of symbols.
    pub min_symbol: u32,
    /// Whether the password may not contain parts of the username.
    pub exclude_username: bool,
    /// Attributes whose value the password may not contain, such as `firstName`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_attributes: Vec<String>,
    /// Maximum number of equal characters in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_consecutive_repeating_characters: Option<u32>,
}

/// The data needed to use an authenticator now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ContextualData {
    /// A QR code to scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<QrCode>,
    /// The secret in the QR code, to type in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_secret: Option<String>,
    /// The number to choose on the phone (number challenge).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"63"))]
    pub correct_answer: Option<String>,
    /// How the set-up reaches the device, such as `qrcode`, `email` or `sms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"qrcode"))]
    pub selected_channel: Option<String>,
    /// The e-mail address the set-up was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number the set-up was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether the e-mail also contains a link (magic link).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_email_magic_link: Option<bool>,
    /// The security questions to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The security question to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_question: Option<Question>,
    /// The options with which the browser creates a passkey; binary values in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::PasskeyCreation>"))]
    pub activation_data: Option<Value>,
    /// The options with which the browser uses a passkey; binary values in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::PasskeyRequest>"))]
    pub challenge_data: Option<Value>,
}

/// A QR code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QrCode {
    /// The picture, as a `data:` address.
    pub href: String,
}

/// A security question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Question {
    /// Its key at the org.
    pub question_key: String,
    /// Its text.
    pub question: String,
}

/// A message of the org.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Message {
    /// Its severity.
    pub class: MessageClass,
    /// Its text, in the org's language.
    #[cfg_attr(
        feature = "schema",
        schemars(example = &"Your code doesn't match our records. Please try again.")
    )]
    pub message: String,
    /// The key of its translations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i18n: Option<I18n>,
}

/// The severity of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum MessageClass {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// Information.
    #[default]
    Info,
}

/// The key of a message's translations, and their parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct I18n {
    /// The key, such as `api.authn.error.PASSCODE_INVALID`.
    #[cfg_attr(feature = "schema", schemars(example = &"api.authn.error.PASSCODE_INVALID"))]
    pub key: String,
    /// The parameters of the translation.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<schema::SimpleValue>"))]
    pub params: Vec<Value>,
}
