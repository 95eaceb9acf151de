//! The address that a caller is counted under.

use std::net::IpAddr;

/// The address itself; for IPv6 its /64 network, all of which one customer of a network has.
pub fn counted_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::counted_address;
    use std::net::IpAddr;

    #[test]
    fn a_network_of_ipv6_is_counted_as_one_address() {
        let counted = |text: &str| counted_address(text.parse::<IpAddr>().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:ffff::9"), "2001:db8:1:2::");
        assert_eq!(counted("192.0.2.1"), "192.0.2.1");
        assert_eq!(counted("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
