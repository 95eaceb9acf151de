//! A transaction: the status of a flow, its next step and the messages of the org.

use crate::captcha::Captcha;
use crate::message::Message;
use crate::step::Step;
use crate::step_up::StepUp;
use serde::{Deserialize, Serialize};

/// The response to every request under `/api/idx`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The CAPTCHA of the page, if a step asks for its token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captcha: Option<Captcha>,
    /// The account, from the moment that the org knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<IdentifiedUser>,
    /// The account that is signed in with this session already, until the org knows the account of this flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<IdentifiedUser>,
    /// The newer or stronger sign-in that this flow is for, while an account is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUp>,
    /// The app's name for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(example = &"My App"))]
    pub app: String,
    /// What the org offers besides signing in.
    #[serde(default)]
    pub enabled_features: Vec<Feature>,
    /// The org's messages about the page.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// The account of a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct IdentifiedUser {
    /// The username.
    #[cfg_attr(feature = "schema", schemars(example = &"mary@example.com"))]
    pub identifier: String,
    /// The first name, once the person has proved who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
}

/// The status of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The next step waits for an answer.
    #[default]
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
