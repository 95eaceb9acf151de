//! How many connections each address has: one alone is not to take the places of all.

use crate::{
    http::{TrustedProxies, counted_as},
    permits::{KeyPermit, PermitsByKey},
};
use std::{net::IpAddr, num::NonZeroUsize, sync::OnceLock};

/// Everybody who is connected.
#[derive(Debug, Default)]
pub struct ConnectionLimit {
    each: Option<NonZeroUsize>,
    proxies: TrustedProxies,
    by_address: PermitsByKey<IpAddr>,
    told: OnceLock<()>,
}

impl ConnectionLimit {
    /// So many connections for each address, if they are counted. Behind a proxy of ours all people have its address, so
    /// that it may have as many as it likes.
    pub fn new(each: Option<NonZeroUsize>, proxies: TrustedProxies) -> Self {
        Self { each, proxies, ..Self::default() }
    }

    /// A place for one more, if there is one; `Ok(None)` for whoever needs none.
    pub(super) fn admit(&self, peer: IpAddr) -> Result<Option<KeyPermit<IpAddr>>, Full> {
        let Some(each) = self.each.filter(|_| !self.proxies.trusts(peer)) else { return Ok(None) };
        let permit = self.by_address.acquire(counted_as(peer), each.get());
        if permit.is_none() {
            self.told.get_or_init(|| {
                tracing::warn!(
                    each,
                    "an address has all the connections that it may have; if it is a proxy, LATCHKEY_TRUSTED_PROXIES \
                     must name it"
                );
            });
        }
        permit.map(Some).ok_or(Full)
    }
}

/// There is no place for this address.
#[derive(Debug)]
pub(super) struct Full;

#[cfg(test)]
mod tests {
    use super::ConnectionLimit;
    use crate::http::TrustedProxies;
    use std::num::NonZeroUsize;

    #[test]
    fn sec_92_one_address_has_so_many_connections_and_a_trusted_proxy_as_many_as_it_likes() {
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
        assert!(connections.by_address.is_empty(), "nobody is remembered who has gone");
        assert!((0..99).all(|_| ConnectionLimit::default().admit([192, 0, 2, 1].into()).is_ok()));
    }
}
