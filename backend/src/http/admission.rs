//! Admission control: a request gets a permit or is refused at once. Permits are limited in all and for each address, and
//! the more important a request is, the longer it still gets one.

use super::counted_as;
use crate::{
    ops::metrics::{Metrics, UnderWay},
    org::concurrency::Queue,
    permits::{KeyPermit, PermitsByKey},
    problem::ApiError,
};
use latchkey_contract::ProblemCode;
use std::{net::IpAddr, num::NonZeroUsize, sync::Arc, time::Duration};

/// Permits for everything but signing out and asking who is signed in. With fewer, more time goes into refusing requests
/// than into waiting.
const MAX_PERMITS: usize = 1024;
/// Of these, so many are for requests that go on with a flow, and so many more for those that begin one.
const RESERVED_FOR_STEPS: usize = 128;
const RESERVED_FOR_STARTS: usize = 128;
/// Permits beyond `MAX_PERMITS` for signing out and asking who is signed in: both are soon done.
const RESERVED_FOR_SESSIONS: usize = 128;
/// One in so many of an address's permits is for signing out and asking who is signed in, beyond the others.
const ADDRESS_RESERVE: usize = 8;
/// When a request may come again for which its address had no permit.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a request is for, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To see whether the server is well: that is always answered.
    Health,
    /// To sign out, or to ask who is signed in.
    Session,
    /// To go on with something.
    Step,
    /// To begin a flow.
    Start,
    /// To load a page or a file of one.
    Page,
}

/// The permits.
#[derive(Debug)]
pub struct Admission {
    /// How many an address may have at once, if they are counted.
    max_per_address: Option<NonZeroUsize>,
    by_address: PermitsByKey<IpAddr>,
    metrics: Arc<Metrics>,
}

/// The right of one request to be served, until it is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    _under_way: UnderWay<'a>,
    _of_address: Option<KeyPermit<IpAddr>>,
}

impl Admission {
    /// All permits, and how many of them one address may have at once.
    pub fn new(max_per_address: Option<NonZeroUsize>, metrics: Arc<Metrics>) -> Self {
        Self { max_per_address, by_address: PermitsByKey::default(), metrics }
    }

    /// A permit for a request to this route from this address. There is none when too many are in use, or when a call to
    /// the org would have to wait there for too long to be worth the work before it.
    pub fn permit(
        &self,
        route: &str,
        address: Option<IpAddr>,
        queue: &Queue,
    ) -> Result<Permit<'_>, ApiError> {
        let purpose = Purpose::of(route);
        let (under_way, at_once) = self.metrics.come();
        let asks_the_org = route.starts_with("/api/idx/");
        if at_once > purpose.max_permits() || (asks_the_org && queue.is_late()) {
            return Err(ProblemCode::Overloaded.into());
        }
        let of_address = match address.zip(self.max_per_address) {
            Some((address, max)) if purpose != Purpose::Health => {
                let permit = self.by_address.acquire(counted_as(address), purpose.max_of_address(max.get()));
                Some(permit.ok_or(ApiError::RateLimited(Some(RETRY_AFTER)))?)
            }
            _ => None,
        };
        Ok(Permit { _under_way: under_way, _of_address: of_address })
    }
}

impl Purpose {
    fn of(route: &str) -> Self {
        match route {
            "/healthz" | "/readyz" => Self::Health,
            "/api/logout" | "/api/session" => Self::Session,
            "/api/idx/authenticate"
            | "/api/idx/register"
            | "/api/idx/recover-password"
            | "/api/idx/unlock-account" => Self::Start,
            api if api.starts_with("/api") || api.starts_with("/logout") => Self::Step,
            _ => Self::Page,
        }
    }

    fn max_permits(self) -> usize {
        match self {
            Self::Health => usize::MAX,
            Self::Session => MAX_PERMITS + RESERVED_FOR_SESSIONS,
            Self::Step => MAX_PERMITS,
            Self::Start => MAX_PERMITS - RESERVED_FOR_STEPS,
            Self::Page => MAX_PERMITS - RESERVED_FOR_STEPS - RESERVED_FOR_STARTS,
        }
    }

    fn max_of_address(self, max: usize) -> usize {
        match self {
            Self::Session => max.saturating_add(max.div_ceil(ADDRESS_RESERVE)),
            Self::Health | Self::Step | Self::Start | Self::Page => max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Admission, Purpose};
    use crate::org::concurrency::Queue;
    use std::{net::IpAddr, num::NonZeroUsize, sync::Arc};

    fn admission(max_per_address: usize) -> Admission {
        Admission::new(NonZeroUsize::new(max_per_address), Arc::default())
    }

    #[test]
    fn rel_53_what_matters_most_is_let_in_the_longest() {
        let (admission, queue) = (admission(0), Queue::default());
        let routes = ["page", "/api/idx/authenticate", "/api/idx/proceed", "/api/logout"];
        let max = routes.map(|route| Purpose::of(route).max_permits());
        assert!(max.windows(2).all(|pair| pair[0] < pair[1]), "{max:?}");
        let mut held = Vec::new();
        for (route, max) in routes.into_iter().zip(max) {
            while held.len() < max {
                held.push(admission.permit(route, None, &queue).expect(route));
            }
            assert!(admission.permit(route, None, &queue).is_err(), "{route}");
        }
        assert!(admission.permit("/healthz", None, &queue).is_ok());
        for (route, purpose) in [
            ("/api/session", Purpose::Session),
            ("/api/idx/register", Purpose::Start),
            ("/api/idx/poll", Purpose::Step),
            ("/api/proxy/{name}/{*path}", Purpose::Step),
            ("/logout/back-channel", Purpose::Step),
            ("/login/callback", Purpose::Page),
        ] {
            assert_eq!(Purpose::of(route), purpose, "{route}");
        }
    }

    #[test]
    fn sec_201_an_address_has_so_many_permits_at_once_and_some_more_for_signing_out() {
        let (admission, queue) = (admission(16), Queue::default());
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let [one, same, other] = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "192.0.2.1"].map(address);
        let of = |address, route| admission.permit(route, address, &queue);
        let steps: Vec<_> = (0..16).map(|_| of(one, "/api/idx/poll").unwrap()).collect();
        for route in ["/api/idx/poll", "/api/idx/authenticate", "page"] {
            assert!(of(same, route).is_err() && of(other, route).is_ok(), "{route}");
        }
        let leaving: Vec<_> = (0..2).map(|_| of(same, "/api/logout").unwrap()).collect();
        assert!(of(one, "/api/logout").is_err() && of(one, "/healthz").is_ok());
        drop((steps, leaving));
        assert!(of(one, "page").is_ok() && admission.by_address.is_empty());
    }
}
