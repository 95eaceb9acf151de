//! Requests counted by address in the current minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// The minute and the number of requests in it, by address.
#[derive(Debug, Default)]
pub(crate) struct RateLimits(Mutex<HashMap<IpAddr, (u64, u32)>>);

impl RateLimits {
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Counts a request and returns the count of this minute.
    pub(crate) fn count(&self, peer: IpAddr, minute: u64) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, count) = counts.entry(peer).or_insert((minute, 0));
        if *of != minute {
            (*of, *count) = (minute, 0);
        }
        *count += 1;
        *count
    }
}
