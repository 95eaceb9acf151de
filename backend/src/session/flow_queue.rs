//! Requests at one flow: one is served and a few wait, since more would only wait for each other.

use crate::{
    abuse::permits::{KeyPermit, PermitsByKey},
    http::ApiError,
};
use latchkey_idx::FlowId;
use std::time::Duration;

/// Requests of one kind at one flow: one that is served and four that wait for it.
const MAX_AT_ONE_FLOW: usize = 5;
/// When a request may come again that found others waiting.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a request does with a flow. Waiting polls do not take the permits of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlowUse {
    /// It answers the step.
    Answer,
    /// It polls.
    Poll,
}

/// The right to be served or to wait, until it is dropped.
pub type FlowPermit = KeyPermit<(FlowId, FlowUse)>;

/// The requests at each flow, in this process.
#[derive(Debug, Default)]
pub struct FlowQueues(PermitsByKey<(FlowId, FlowUse)>);

impl FlowQueues {
    /// A permit, unless as many wait as may.
    pub fn permit(&self, flow: FlowId, purpose: FlowUse) -> Result<FlowPermit, ApiError> {
        self.0.acquire((flow, purpose), MAX_AT_ONE_FLOW).ok_or(ApiError::RateLimited(Some(RETRY_AFTER)))
    }
}
