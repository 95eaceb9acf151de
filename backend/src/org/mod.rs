//! The client of the org: a stack of transports, each a limit around the next.

pub mod circuit_breaker;
pub mod concurrency;
pub mod embedding;
pub mod flow_pacing;
mod retry_after;
pub mod shared_quota;

use crate::{abuse::rate::Rate, clock::Clock, ops::metrics::Metrics};
use circuit_breaker::CircuitBreaker;
use concurrency::{ConcurrencyLimit, Queue};
use flow_pacing::{FlowPacer, PacedTransport};
use latchkey_idx::{Client, Config, Error, HttpTransport};
use shared_quota::QuotaObserver;
use std::{num::NonZeroUsize, sync::Arc};

/// The org's client: paced by flow, limited in calls at once, heeding Retry-After, and behind a circuit breaker.
pub type OrgClient = Client<OrgTransport>;

/// Its stack of transports.
pub type OrgTransport = PacedTransport<ConcurrencyLimit<QuotaObserver<CircuitBreaker<HttpTransport>>>>;

/// The org's client, and the parts of its stack that are asked apart from calls.
#[derive(Debug)]
pub struct OrgStack {
    /// The client.
    pub org: OrgClient,
    /// The calls that wait for a permit.
    pub queue: Arc<Queue>,
    /// The pace of each flow.
    pub flow_pacer: Arc<FlowPacer>,
}

/// Builds the client for this registration. The org is not contacted: it may be unreachable now.
pub fn build(
    registration: Config,
    max_calls: NonZeroUsize,
    flow_rate: Option<Rate>,
    metrics: Arc<Metrics>,
    clock: &Clock,
) -> Result<OrgStack, Error> {
    let queue = Arc::new(Queue::new(clock.clone()));
    let flow_pacer = Arc::new(FlowPacer::new(flow_rate, clock.clone()));
    let breaker = CircuitBreaker::new(HttpTransport::new()?, clock.clone());
    // Inside of the concurrency limit: a call that has waited for a permit still heeds what the org has asked meanwhile.
    let observed = QuotaObserver::new(breaker, metrics, clock.clone());
    let limited = ConcurrencyLimit::new(observed, max_calls, queue.clone());
    let org = Client::new(registration, PacedTransport::new(limited, flow_pacer.clone()));
    Ok(OrgStack { org, queue, flow_pacer })
}
