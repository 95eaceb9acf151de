//! A step and its inputs.

use crate::authenticator::{Authenticator, Enrollment, Profile};
use crate::consent::ConsentRequest;
use crate::message::Message;
use crate::value::Value;
use serde::{Deserialize, Serialize};

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
    /// The identity provider of a `redirect-idp` step, or the service of a `redirect-idverify` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<Idp>,
    /// What a consent step asks the person to allow. With `redirect-idverify`, `details` has the terms that the person agrees to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentRequest>,
    /// The address that the browser opens, with a step that is answered at another site such as `redirect-idp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Its inputs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
}

/// An identity provider, or a service that verifies identities.
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
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The kind of its value.
    #[serde(rename = "type")]
    pub kind: InputKind,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it is hidden while typed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub secret: bool,
    /// Whether a page asks for this new password once. Without it, pages ask twice.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub typed_once: bool,
    /// `false`: the page fills it, not the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<bool>,
    /// `false`: the org has fixed its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutable: Option<bool>,
    /// Its preset value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_types::SimpleValue>"))]
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
    /// A code of letters and digits.
    Alphanumeric,
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
#[serde(rename_all = "camelCase", default)]
pub struct Choice {
    /// Its label.
    pub label: String,
    /// The value that is sent when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ChoiceValue>,
    /// Its masked address or number, if it is an authenticator of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// For how long it may still be left out, if it is an authenticator that will be required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_period: Option<GracePeriod>,
    /// The methods of Okta Verify, if it has several. One of them may be chosen at once, as `methodType` in the same answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Choice>,
}

/// For how long an authenticator that will be required may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct GracePeriod {
    /// When the period ends, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// How many more sign-ins it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining_skips: Option<u32>,
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
    Plain(#[cfg_attr(feature = "schema", schemars(with = "crate::schema_types::SimpleValue"))] Value),
}
