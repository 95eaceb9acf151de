//! A message of the org, with the key of its translations.

use crate::value::Value;
use serde::{Deserialize, Serialize};

/// A message of the org.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
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
    /// Its links, such as a page with help. Their addresses begin with `https://`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<MessageLink>,
    /// How the page has an app on the device do what the message asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_types::DeviceCallData>"))]
    pub device_call: Option<Value>,
}

/// A link of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MessageLink {
    /// Its address.
    pub url: String,
    /// Its own text. Without one the whole message is the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
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
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::schema_types::SimpleValue>"))]
    pub params: Vec<Value>,
}
