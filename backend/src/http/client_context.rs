//! Who is at the other end: the person's address, through the proxies that are trusted, and nothing a browser claims.

use crate::{app::App, session::Device};
use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use ipnet::IpNet;
use latchkey_idx::CallContext;
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

/// The longest header of the browser that goes on to the org.
const MAX_HEADER_CHARS: usize = 512;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// What is known of the person who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientContext {
    /// Where the call comes from.
    pub address: Option<IpAddr>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
    /// The languages it prefers.
    pub accept_language: Option<String>,
    /// The device, by the name we gave it.
    pub device: Option<String>,
}

impl FromRequestParts<App> for ClientContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        Ok(Self {
            address: peer.map(|peer| app.proxies.person(peer, &parts.headers)),
            user_agent: printable(&parts.headers, &header::USER_AGENT),
            accept_language: printable(&parts.headers, &header::ACCEPT_LANGUAGE),
            device: parts.extensions.get::<Device>().map(|device| device.0.clone()),
        })
    }
}

impl From<ClientContext> for CallContext {
    fn from(person: ClientContext) -> Self {
        let ClientContext { address, user_agent, accept_language, device } = person;
        Self { address, user_agent, accept_language, device_token: device }
    }
}

/// The networks whose word on the person's address is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    /// The address of the person: the right-most that none of ours wrote down, since everything left of it is a claim.
    pub fn person(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut person = peer.to_canonical();
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|line| line.to_str().unwrap_or("unreadable"))
            .collect();
        for entry in lines.iter().flat_map(|line| line.split(',')).rev() {
            if !self.trusts(person) {
                break;
            }
            match address(entry.trim()) {
                Some(address) => person = address,
                None => break,
            }
        }
        person
    }

    /// Whether the address is one of a proxy of ours.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

/// Whom an address is counted as: itself, or, for IPv6, all of the half that a network hands out to one customer.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

/// An address as proxies write it: bare, in brackets, with a port or a zone.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.split('%').next().unwrap_or_default();
    let bare = match entry.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => entry,
    };
    let parsed = bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

fn printable(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.chars().filter(|letter| !letter.is_control()).take(MAX_HEADER_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::TrustedProxies;
    use http::HeaderMap;

    fn person(peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8", "192.0.2.7/32"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        TrustedProxies(trusted.to_vec()).person(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn sec_83_the_right_most_address_that_no_proxy_of_ours_has_is_the_person() {
        for (peer, lines, expected) in [
            ("203.0.113.9", &[][..], "203.0.113.9"),
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.1.1.1", &[], "10.1.1.1"),
            ("10.1.1.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.1.1.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.1.1.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.1.1.1", &["1.1.1.1, 198.51.100.1, 10.2.2.2"], "198.51.100.1"),
            ("10.1.1.1", &["1.1.1.1", "198.51.100.1", "192.0.2.7"], "198.51.100.1"),
            ("192.0.2.8", &["198.51.100.1"], "192.0.2.8"),
            ("10.1.1.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("fd12::1", &["[2001:db8::5]:443"], "2001:db8::5"),
            ("10.1.1.1", &["2001:db8::5"], "2001:db8::5"),
            ("10.1.1.1", &["fe80::1%eth0"], "fe80::1"),
            ("10.1.1.1", &["198.51.100.1, unknown"], "10.1.1.1"),
            ("10.1.1.1", &["198.51.100.1, "], "10.1.1.1"),
            ("10.1.1.1", &["198.51.100.1, evil, 10.2.2.2"], "10.2.2.2"),
        ] {
            assert_eq!(person(peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn without_proxies_nothing_a_browser_claims_counts() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1".parse().unwrap());
        let peer = "10.1.1.1".parse().unwrap();
        assert_eq!(TrustedProxies::default().person(peer, &headers), peer);
    }
}
