//! A message of the org, and its links.

use super::authenticator::owned_text;
use super::scalar::Scalar;
use crate::protocol::ion::Ion;
use crate::protocol::names::Severity;

/// A message of the org.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its severity.
    pub severity: Option<Severity>,
    /// Its text.
    pub text: String,
    /// The key of its translations.
    pub key: Option<String>,
    /// The parameters of the translation.
    pub params: Vec<Scalar>,
    /// Its links, such as a page with help.
    pub links: Vec<HelpLink>,
}

/// A link of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLink {
    /// Its address.
    pub url: String,
    /// Its own text. Without one the whole message is the link.
    pub label: Option<String>,
}

impl Message {
    /// What an app on the device could do by itself is offered as the org wants it where no such app answers: as a link, or
    /// by a message that takes the place of this one.
    pub(crate) fn read(message: Ion<'_>) -> Self {
        let fallback = message
            .get("deviceRemediation")
            .and_then(|remediation| remediation.get("value")?.get("fallback"));
        match fallback.and_then(|fallback| fallback.get("message")) {
            Some(instead) => Self { severity: severity(message), ..Self::plain(instead) },
            None => {
                let link = fallback.and_then(|fallback| owned_text(fallback, "href"));
                let mut read = Self::plain(message);
                read.links.extend(link.map(|url| HelpLink { url, label: None }));
                read
            }
        }
    }

    fn plain(message: Ion<'_>) -> Self {
        let i18n = message.get("i18n");
        let params = i18n.into_iter().flat_map(|i18n| i18n.list("params"));
        Self {
            severity: severity(message),
            text: message.text("message").unwrap_or_default().to_owned(),
            key: i18n.and_then(|i18n| owned_text(i18n, "key")),
            params: params.filter_map(Scalar::read).collect(),
            links: message.list("links").filter_map(HelpLink::read).collect(),
        }
    }
}

fn severity(message: Ion<'_>) -> Option<Severity> {
    message.text("class").map(Severity::from)
}

impl HelpLink {
    fn read(link: Ion<'_>) -> Option<Self> {
        Some(Self { url: owned_text(link, "url")?, label: owned_text(link, "label") })
    }
}
