//! Admission control: a request gets a permit or is refused at once. Permits are limited in all and for each address, and
//! the more important a request is, the longer it still gets one.

use super::ApiError;
use crate::{
    abuse::{
        counted_address,
        permits::{KeyPermit, PermitsByKey},
    },
    ops::metrics::{Metrics, UnderWay},
    org::concurrency::Queue,
};
use latchkey_contract::ProblemCode;
use std::{net::IpAddr, num::NonZeroUsize, sync::Arc, time::Duration};

/// The permits for everything but signing out and asking who is signed in. With fewer, the server spends more time on refusing
/// requests than they would wait.
const MAX_PERMITS: usize = 1024;
/// The permits among them that are reserved for the steps of flows.
const RESERVED_FOR_STEPS: usize = 128;
/// The permits among them that are reserved for the steps and the beginnings of flows.
const RESERVED_FOR_STARTS: usize = 128;
/// Permits beyond `MAX_PERMITS` for signing out and asking who is signed in: both take little time.
const RESERVED_FOR_SESSIONS: usize = 128;
/// An address gets one more permit, for signing out and asking who is signed in, for every eight others.
const ADDRESS_RESERVE: usize = 8;
/// When a request may come again whose address has all its permits in use.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a request is for, as declared where its route is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestPurpose {
    /// A health check: always admitted, whatever host it names.
    Health,
    /// To sign out, or to ask who is signed in.
    Session,
    /// To answer a step of a flow, with a call to the org.
    FlowStep,
    /// To begin a flow, with a call to the org.
    FlowStart,
    /// Any other call of the API, or a notice of the org.
    Api,
    /// A call of an app's own API, whose body may be large.
    Upstream,
    /// To load a page or a file of one.
    Page,
}

/// The permits.
#[derive(Debug)]
pub struct Admission {
    /// How many an address may have at once, if they are counted.
    max_per_address: Option<NonZeroUsize>,
    by_address: PermitsByKey<IpAddr>,
    /// The calls that wait for the org.
    queue: Arc<Queue>,
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
    pub fn new(max_per_address: Option<NonZeroUsize>, queue: Arc<Queue>, metrics: Arc<Metrics>) -> Self {
        Self { max_per_address, by_address: PermitsByKey::default(), queue, metrics }
    }

    /// A permit for a request from this address. There is none when too many are in use, or when the request calls the org and the
    /// queue there is overloaded.
    pub fn permit(&self, purpose: RequestPurpose, address: Option<IpAddr>) -> Result<Permit<'_>, ApiError> {
        let (under_way, at_once) = self.metrics.begin_request();
        if at_once > purpose.max_permits() || (purpose.calls_the_org() && self.queue.is_late()) {
            return Err(ProblemCode::Overloaded.into());
        }
        let of_address = match address.zip(self.max_per_address) {
            Some((address, max)) if purpose != RequestPurpose::Health => {
                let max = purpose.max_of_address(max.get());
                let permit = self.by_address.acquire(counted_address(address), max);
                Some(permit.ok_or(ApiError::RateLimited(Some(RETRY_AFTER)))?)
            }
            _ => None,
        };
        Ok(Permit { _under_way: under_way, _of_address: of_address })
    }
}

impl RequestPurpose {
    /// Whether every request for this purpose calls the org.
    fn calls_the_org(self) -> bool {
        matches!(self, Self::FlowStep | Self::FlowStart)
    }

    fn max_permits(self) -> usize {
        match self {
            Self::Health => usize::MAX,
            Self::Session => MAX_PERMITS + RESERVED_FOR_SESSIONS,
            Self::FlowStep | Self::Api | Self::Upstream => MAX_PERMITS,
            Self::FlowStart => MAX_PERMITS - RESERVED_FOR_STEPS,
            Self::Page => MAX_PERMITS - RESERVED_FOR_STEPS - RESERVED_FOR_STARTS,
        }
    }

    fn max_of_address(self, max: usize) -> usize {
        match self {
            Self::Session => max.saturating_add(max.div_ceil(ADDRESS_RESERVE)),
            Self::Health | Self::FlowStep | Self::FlowStart | Self::Api | Self::Upstream | Self::Page => max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Admission, RequestPurpose};
    use std::{net::IpAddr, num::NonZeroUsize, sync::Arc};

    fn admission(max_per_address: usize) -> Admission {
        Admission::new(NonZeroUsize::new(max_per_address), Arc::default(), Arc::default())
    }

    #[test]
    fn rel_53_under_load_what_matters_most_is_admitted_longest() {
        let admission = admission(0);
        let purposes = [
            RequestPurpose::Page,
            RequestPurpose::FlowStart,
            RequestPurpose::FlowStep,
            RequestPurpose::Session,
        ];
        let max = purposes.map(RequestPurpose::max_permits);
        assert!(max.windows(2).all(|pair| pair[0] < pair[1]), "{max:?}");
        let mut held = Vec::new();
        for (purpose, max) in purposes.into_iter().zip(max) {
            while held.len() < max {
                held.push(admission.permit(purpose, None).expect("a permit"));
            }
            assert!(admission.permit(purpose, None).is_err(), "{purpose:?}");
        }
        assert!(admission.permit(RequestPurpose::Health, None).is_ok());
    }

    #[test]
    fn sec_201_an_address_has_so_many_permits_at_once_and_some_more_for_signing_out() {
        let admission = admission(16);
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let [one, same, other] = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "192.0.2.1"].map(address);
        let of = |address, purpose| admission.permit(purpose, address);
        let steps: Vec<_> = (0..16).map(|_| of(one, RequestPurpose::FlowStep).unwrap()).collect();
        for purpose in
            [RequestPurpose::FlowStep, RequestPurpose::FlowStart, RequestPurpose::Api, RequestPurpose::Page]
        {
            assert!(of(same, purpose).is_err() && of(other, purpose).is_ok(), "{purpose:?}");
        }
        let leaving: Vec<_> = (0..2).map(|_| of(same, RequestPurpose::Session).unwrap()).collect();
        assert!(of(one, RequestPurpose::Session).is_err() && of(one, RequestPurpose::Health).is_ok());
        drop((steps, leaving));
        assert!(of(one, RequestPurpose::Page).is_ok() && admission.by_address.is_empty());
    }
}
