//! Grants to revoke that neither the org nor the store has taken, in the memory of this process.

use super::Grant;
use std::sync::{Mutex, PoisonError};

/// The most grants; with more, the oldest is dropped.
const MAX_GRANTS: usize = 500;

/// Grants to revoke that the store could not take. They are stored as soon as it can.
#[derive(Default)]
pub struct UnstoredGrants(Mutex<Vec<Grant>>);

impl UnstoredGrants {
    /// Adds a grant.
    pub fn add(&self, grant: Grant) {
        let mut grants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if grants.len() >= MAX_GRANTS {
            grants.remove(0);
        }
        grants.push(grant);
    }

    /// Takes all of them out.
    pub fn take(&self) -> Vec<Grant> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
