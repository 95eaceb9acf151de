//! A limit on the connections of each address, so that one address alone cannot take them all.

use super::TrustedProxies;
use crate::abuse::{
    counted_address,
    permits::{KeyPermit, PermitsByKey},
};
use std::{net::IpAddr, num::NonZeroUsize, sync::OnceLock};

/// The connections, by address.
#[derive(Debug, Default)]
pub struct ConnectionLimit {
    max_per_address: Option<NonZeroUsize>,
    proxies: TrustedProxies,
    by_address: PermitsByKey<IpAddr>,
    warned: OnceLock<()>,
}

impl ConnectionLimit {
    /// At most `max_per_address` connections for each address, if there is a limit. A trusted proxy has none, since all its clients
    /// share its address.
    pub fn new(max_per_address: Option<NonZeroUsize>, proxies: TrustedProxies) -> Self {
        Self { max_per_address, proxies, ..Self::default() }
    }

    /// A permit for one more connection; `Ok(None)` where none is needed.
    pub(super) fn admit(&self, peer: IpAddr) -> Result<Option<KeyPermit<IpAddr>>, Full> {
        let Some(max) = self.max_per_address.filter(|_| !self.proxies.trusts(peer)) else { return Ok(None) };
        let permit = self.by_address.acquire(counted_address(peer), max.get());
        if permit.is_none() {
            self.warned.get_or_init(|| {
                tracing::warn!(
                    max,
                    "an address has all the connections that it may have; if it is a proxy, LATCHKEY_TRUSTED_PROXIES \
                     must name it"
                );
            });
        }
        permit.map(Some).ok_or(Full)
    }
}

/// The address has all the connections that it may have.
#[derive(Debug)]
pub(super) struct Full;

#[cfg(test)]
mod tests {
    use super::ConnectionLimit;
    use crate::http::TrustedProxies;
    use std::num::NonZeroUsize;

    #[test]
    fn sec_92_an_address_has_so_many_connections_and_a_trusted_proxy_has_no_limit() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        let connections = ConnectionLimit::new(NonZeroUsize::new(2), proxies);
        let admit = |peer: &str| connections.admit(peer.parse().unwrap());
        for (one, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ] {
            let (first, second) = (admit(one).unwrap(), admit(same).unwrap());
            assert!(admit(one).is_err() && admit(same).is_err(), "{one}");
            assert!(admit(other).is_ok(), "{other}");
            drop(first);
            let third = admit(one).unwrap();
            assert!(admit(one).is_err(), "{one}");
            drop((second, third));
        }
        let many: Vec<_> = (0..99).map(|_| admit("10.1.2.3").unwrap()).collect();
        assert_eq!(many.len(), 99);
        assert!(connections.by_address.is_empty(), "an address without connections is forgotten");
        assert!((0..99).all(|_| ConnectionLimit::default().admit([192, 0, 2, 1].into()).is_ok()));
    }
}
