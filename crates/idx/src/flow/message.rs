//! A message of the org, its links, and what an app on the device can do about it.

use super::authenticator::owned_text;
use super::device_challenge::{addresses, probe_timeout, with_ports};
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
    /// How the page has an app on the device do what the message asks for.
    pub device_call: Option<DeviceCall>,
}

/// A call of the page to an app on the person's device, which then makes the device fulfil a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceCall {
    /// Where the app may listen on this device, in the order in which to try.
    pub addresses: Vec<String>,
    /// The path of the call, below the address.
    pub path: String,
    /// How long to wait for an answer at one of the addresses, in milliseconds.
    pub probe_timeout: u64,
    /// What to say if no app answers. Without it the message may have a link.
    pub fallback: Option<Box<Message>>,
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
    /// The message for a page that calls no app on the device.
    pub(crate) fn read(message: Ion<'_>) -> Self {
        Self::read_with_ports(message, &[])
    }

    /// The message for a page that can call apps at these ports. Without a call, what an app could do is offered as the org wants it
    /// where no app answers: as a link, or by a message that takes the place of this one.
    pub(crate) fn read_with_ports(message: Ion<'_>, ports: &[u16]) -> Self {
        let remediation = message.get("deviceRemediation").and_then(|remediation| remediation.get("value"));
        let fallback = remediation.and_then(|remediation| remediation.get("fallback"));
        let instead = fallback.and_then(|fallback| fallback.get("message"));
        let instead = instead.map(|instead| Self { severity: severity(message), ..Self::plain(instead) });
        let call = remediation.and_then(|remediation| DeviceCall::read(remediation, ports));
        match (call, instead) {
            (None, Some(instead)) => instead,
            (call, instead) => {
                let link = fallback.and_then(|fallback| owned_text(fallback, "href"));
                let mut read = Self::plain(message);
                read.links.extend(link.map(|url| HelpLink { url, label: None }));
                read.device_call = call.map(|call| DeviceCall { fallback: instead.map(Box::new), ..call });
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
            device_call: None,
        }
    }
}

impl DeviceCall {
    fn read(remediation: Ion<'_>, ports: &[u16]) -> Option<Self> {
        let addresses = with_ports(addresses(remediation), ports);
        let segment = |name| remediation.text(name).filter(|text| is_segment(text));
        let path = format!("{}/{}", segment("remediationPath")?, segment("action")?);
        let is_call = remediation.text("remediationType") == Some("LOOPBACK") && !addresses.is_empty();
        let probe_timeout = probe_timeout(remediation);
        is_call.then_some(Self { addresses, path, probe_timeout, fallback: None })
    }
}

/// Whether the text is one plain segment of a path.
fn is_segment(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.chars().all(is_plain)
}

fn severity(message: Ion<'_>) -> Option<Severity> {
    message.text("class").map(Severity::from)
}

impl HelpLink {
    fn read(link: Ion<'_>) -> Option<Self> {
        Some(Self { url: owned_text(link, "url")?, label: owned_text(link, "label") })
    }
}
