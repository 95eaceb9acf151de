//! How many connections each address has: one alone is not to take the places of all.

use crate::guard::{TrustedProxies, counted_as};
use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroUsize,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Everybody who is connected.
#[derive(Debug, Default)]
pub struct Crowd {
    each: Option<NonZeroUsize>,
    proxies: TrustedProxies,
    here: Here,
    told: OnceLock<()>,
}

/// By what an address is counted as.
type Here = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// The place of one connection; there is room again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    here: Here,
    whose: IpAddr,
}

impl Crowd {
    /// So many connections for each address, if they are counted. Behind a proxy of ours all people have its address, so
    /// that it may have as many as it likes.
    pub fn new(each: Option<NonZeroUsize>, proxies: TrustedProxies) -> Self {
        Self { each, proxies, ..Self::default() }
    }

    /// A place for one more, if there is one; `Ok(None)` for whoever needs none.
    pub(super) fn admit(&self, peer: IpAddr) -> Result<Option<Place>, Full> {
        let Some(each) = self.each.filter(|_| !self.proxies.trusts(peer)) else { return Ok(None) };
        let whose = counted_as(peer);
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let connections = here.entry(whose).or_default();
        if *connections >= each.get() {
            self.told.get_or_init(|| {
                tracing::warn!(
                    each,
                    "an address has all the connections that it may have; if it is a proxy, LATCHKEY_TRUSTED_PROXIES \
                     must name it"
                );
            });
            return Err(Full);
        }
        *connections += 1;
        Ok(Some(Place { here: self.here.clone(), whose }))
    }
}

/// There is no place for this address.
#[derive(Debug)]
pub(super) struct Full;

impl Drop for Place {
    fn drop(&mut self) {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        match here.get_mut(&self.whose) {
            Some(connections) if *connections > 1 => *connections -= 1,
            _ => drop(here.remove(&self.whose)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;
    use crate::guard::TrustedProxies;
    use std::num::NonZeroUsize;

    #[test]
    fn sec_92_one_address_has_so_many_connections_and_a_trusted_proxy_as_many_as_it_likes() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        let crowd = Crowd::new(NonZeroUsize::new(2), proxies);
        let admit = |peer: &str| crowd.admit(peer.parse().unwrap());
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
        assert!(crowd.here.lock().unwrap().is_empty(), "nobody is remembered who has gone");
        assert!((0..99).all(|_| Crowd::default().admit([192, 0, 2, 1].into()).is_ok()));
    }
}
