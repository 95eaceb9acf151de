//! Device challenges: what Okta Verify on the person's own device has to sign (FastPass), and how a flow leaves a challenge that the
//! page cannot pass on.

use serde_json::{Map, Value};
use url::{Host, Url, form_urlencoded};

use super::answer::Answer;
use super::device_set_up::set_up_link;
use crate::protocol::document::Document;
use crate::protocol::form_request::FormRequest;
use crate::protocol::ion::Ion;
use crate::protocol::names::DeviceChallengeMethod;
use crate::secret::Secret;

/// A challenge for Okta Verify on the device that the browser runs on.
///
/// Okta Verify sends its signature to the org; the page only passes the challenge on, and polls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceChallenge {
    /// How the page passes it on.
    pub method: DeviceChallengeMethod,
    /// What Okta Verify signs: a JWS of the org.
    pub challenge_request: Option<Secret>,
    /// Where Okta Verify may listen on this device, in the order in which to try.
    pub addresses: Vec<String>,
    /// How long to wait for an answer at one of the addresses, in milliseconds.
    pub probe_timeout: u64,
    /// The address that opens Okta Verify. The challenge is part of it.
    pub href: Option<Secret>,
    /// Where Okta Verify can be downloaded.
    pub download_href: Option<String>,
    /// Whether the browser's permission to reach this device should be checked before.
    pub needs_permission: bool,
    /// A page of help about that permission.
    pub permission_help: Option<String>,
}

/// The probe timeout if the org does not set one.
const DEFAULT_PROBE_TIMEOUT_MS: u64 = 100;
/// The domain of names that all resolve to the device itself, for which Okta Verify has certificates.
const LOCAL_DOMAIN: &str = ".authenticatorlocaldev.com";
/// The scheme of addresses that the operating system opens with Okta Verify.
const APP_SCHEME: &str = "com-okta-authenticator";

const UNREACHABLE: &str = "OV_UNREACHABLE_BY_LOOPBACK";
const CANCELLED: &str = "USER_CANCELED";

impl DeviceChallenge {
    fn read(object: Ion<'_>) -> Option<Self> {
        let permission = object.get("chromeLocalNetworkAccessDetails");
        let owned_text = |object: Ion<'_>, name| object.text(name).map(str::to_owned);
        Some(Self {
            method: DeviceChallengeMethod::from(object.text("challengeMethod")?),
            challenge_request: object.text("challengeRequest").map(Secret::from),
            addresses: addresses(object),
            probe_timeout: probe_timeout(object),
            href: object.text("href").map(Secret::from),
            download_href: owned_text(object, "downloadHref"),
            needs_permission: permission.is_some(),
            permission_help: permission.and_then(|details| owned_text(details, "chromeLNAHelpLink")),
        })
    }

    /// The challenge of an authenticator, or the one that stands where the authenticator would be.
    pub(crate) fn of_authenticator(object: Ion<'_>) -> Option<Self> {
        let in_context = || object.get("contextualData")?.get("challenge")?.get("value");
        Self::read(in_context().unwrap_or(object)).or_else(|| Self::of_set_up(object))
    }

    /// The app that is set up here, or that sets a card up.
    fn of_set_up(object: Ion<'_>) -> Option<Self> {
        let context = object.get("contextualData")?;
        let card = || Some((context.text("setupNfcUrl")?.to_owned(), None));
        let (href, download_href) = set_up_link(context).or_else(card)?;
        Some(Self {
            method: DeviceChallengeMethod::CustomUri,
            challenge_request: None,
            addresses: Vec::new(),
            probe_timeout: DEFAULT_PROBE_TIMEOUT_MS,
            href: Some(Secret::from(href)),
            download_href,
            needs_permission: false,
            permission_help: None,
        })
    }

    /// The challenge, if an address opens the app. Reading a card and setting an app up need no ports.
    pub(crate) fn opened_by_address(self) -> Option<Self> {
        let is_link = matches!(
            self.method,
            DeviceChallengeMethod::CustomUri
                | DeviceChallengeMethod::UniversalLink
                | DeviceChallengeMethod::AppLink
        );
        (is_link && self.href.as_ref().is_some_and(|href| opens_app(href.reveal()))).then_some(self)
    }

    /// The challenge with the addresses at these ports; none if the page cannot pass it on.
    pub(crate) fn reachable(mut self, ports: &[u16]) -> Option<Self> {
        self.addresses = with_ports(self.addresses, ports);
        match self.method {
            DeviceChallengeMethod::Loopback => {
                (self.challenge_request.is_some() && !self.addresses.is_empty()).then_some(self)
            }
            _ if ports.is_empty() => None,
            _ => self.opened_by_address(),
        }
    }

    /// The challenge with the username, by which Okta Verify selects the account.
    pub(crate) fn with_login_hint(mut self, identifier: Option<&str>) -> Self {
        if let (Some(href), Some(identifier)) = (&self.href, identifier) {
            let href = href.reveal();
            let separator = if href.contains('?') { '&' } else { '?' };
            let hint = form_urlencoded::Serializer::new(String::new())
                .append_pair("login_hint", identifier)
                .finish();
            self.href = Some(Secret::from(format!("{href}{separator}{hint}")));
        }
        self
    }

    /// The ports at which Okta Verify may listen.
    #[must_use]
    pub fn ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.addresses.iter().filter_map(|address| port(address)).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

/// The challenge that the document waits for, and the container that has its cancel form.
pub(crate) fn pending_challenge(document: &Document) -> Option<(DeviceChallenge, &'static str)> {
    [("device-challenge-poll", "authenticatorChallenge"), ("challenge-poll", "currentAuthenticator")]
        .into_iter()
        .filter(|(form, _)| document.find_form(form).is_some())
        .filter_map(|(_, group)| Some((document.container(group)?, group)))
        // A card is waited for, as the person can hold it to any reader.
        .filter(|(authenticator, _)| authenticator.text("key") != Some("nfc_pin"))
        .find_map(|(authenticator, group)| Some((DeviceChallenge::of_authenticator(authenticator)?, group)))
}

/// The request that leaves a challenge which the page cannot pass on to a device at these ports.
///
/// Apple's extension acts on requests of the browser to the org. Without one the org answers with a form that cancels.
pub(crate) fn leaving_request(document: &Document, ports: &[u16]) -> Option<FormRequest> {
    let form = |name| document.find_form(name).map(|(_, form)| FormRequest::new(form.ion, Map::new()));
    if let Some(request) = form("cancel-transaction").or_else(|| form("device-apple-sso-extension")) {
        return Some(request);
    }
    let (challenge, group) = pending_challenge(document)?;
    let is_loopback = challenge.method == DeviceChallengeMethod::Loopback;
    if challenge.reachable(ports).is_some() {
        return None;
    }
    let cancel = document.find_action(&format!("{group}-cancel"))?;
    let reason = if is_loopback { cancel_body(UNREACHABLE.into(), Value::Null) } else { Map::new() };
    Some(FormRequest::new(cancel.form, reason))
}

/// What the cancel form of a pending challenge is sent, if the action of this name is one: why the page gives up.
pub(crate) fn cancel_reason(document: &Document, action: &str, answer: &Answer) -> Map<String, Value> {
    match pending_challenge(document) {
        Some((challenge, group))
            if challenge.method == DeviceChallengeMethod::Loopback
                && action.strip_prefix(group) == Some("-cancel") =>
        {
            let reason = answer.get("reason").cloned().unwrap_or_else(|| CANCELLED.into());
            cancel_body(reason, answer.raw("statusCode").cloned().unwrap_or(Value::Null))
        }
        _ => Map::new(),
    }
}

fn cancel_body(reason: Value, status: Value) -> Map<String, Value> {
    Map::from_iter([("reason".to_owned(), reason), ("statusCode".to_owned(), status)])
}

/// How long to wait for an answer at one of the addresses, in milliseconds.
pub(super) fn probe_timeout(object: Ion<'_>) -> u64 {
    object.get("probeTimeoutMillis").and_then(Ion::as_u64).unwrap_or(DEFAULT_PROBE_TIMEOUT_MS)
}

/// The addresses at these ports.
pub(super) fn with_ports(mut addresses: Vec<String>, ports: &[u16]) -> Vec<String> {
    addresses.retain(|address| port(address).is_some_and(|port| ports.contains(&port)));
    addresses
}

/// Every port of the secure domain, then every port of the plain one.
pub(super) fn addresses(object: Ion<'_>) -> Vec<String> {
    let domains = ["httpsDomain", "domain"].into_iter().filter_map(|name| object.text(name));
    let port = |port: Ion<'_>| match port.as_text() {
        Some(text) => text.parse().ok(),
        None => port.as_u64()?.try_into().ok(),
    };
    let ports: Vec<u16> = object.list("ports").filter_map(port).collect();
    domains
        .filter(|domain| is_this_device(domain))
        .flat_map(|domain| ports.iter().map(move |port| format!("{}:{port}", domain.trim_end_matches('/'))))
        .collect()
}

/// Whether the domain is the device itself. A page sends a challenge nowhere else.
fn is_this_device(domain: &str) -> bool {
    let Ok(url) = Url::parse(domain) else { return false };
    let is_bare =
        url.path() == "/" && url.port().is_none() && url.query().is_none() && url.fragment().is_none();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    let is_local = match (url.scheme(), url.host()) {
        ("https", Some(Host::Domain(name))) => name.ends_with(LOCAL_DOMAIN),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    };
    is_bare && is_anonymous && is_local
}

/// Whether the address opens an app, or in a development org a stand-in for one. Other addresses are not followed.
fn opens_app(href: &str) -> bool {
    Url::parse(href).is_ok_and(|url| match url.scheme() {
        "https" | APP_SCHEME => true,
        "http" => is_loopback(&url),
        _ => false,
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn port(address: &str) -> Option<u16> {
    Url::parse(address).ok()?.port_or_known_default()
}
