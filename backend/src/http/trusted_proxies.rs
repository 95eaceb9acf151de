//! The proxies in front of this server, and the client's address behind them (`X-Forwarded-For`).

use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The networks of the operator's own proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    /// The client's address: the right-most in `X-Forwarded-For` that is no trusted proxy's. Entries left of it can be
    /// made up by the client.
    pub fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let values: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|value| value.to_str().unwrap_or("unreadable"))
            .collect();
        for entry in values.iter().flat_map(|value| value.split(',')).rev() {
            if !self.trusts(client) {
                break;
            }
            match address(entry.trim()) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }

    /// Whether the address is a trusted proxy's.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

/// An address as proxies write it: alone, in brackets, with a port or a zone.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.split('%').next().unwrap_or_default();
    let bare = match entry.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => entry,
    };
    let parsed = bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::TrustedProxies;
    use http::HeaderMap;

    fn client_address(peer: &str, values: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8", "192.0.2.7/32"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        TrustedProxies(trusted.to_vec()).client_address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn sec_83_the_client_has_the_right_most_address_that_is_no_trusted_proxys() {
        for (peer, values, expected) in [
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
            assert_eq!(client_address(peer, values), expected, "{peer} {values:?}");
        }
    }

    #[test]
    fn without_trusted_proxies_no_header_changes_the_address() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1".parse().unwrap());
        let peer = "10.1.1.1".parse().unwrap();
        assert_eq!(TrustedProxies::default().client_address(peer, &headers), peer);
    }
}
