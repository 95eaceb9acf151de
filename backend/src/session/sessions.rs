//! The parts that the session room works with.

use super::{Leases, Lifetimes, UnstoredGrants};
use crate::{clock::Clock, new_password::NewPasswordEntry, ops::metrics::Metrics, org::OrgClient};
use latchkey_vault::{RandomSource, Vault};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The parts of the session room. `App` has one.
pub struct Sessions {
    /// The stored records.
    pub vault: Vault,
    /// The org's client, which refreshes and revokes tokens.
    pub org: Arc<OrgClient>,
    /// The leases that this process holds.
    pub leases: Leases,
    /// How long sessions and tokens last.
    pub lifetimes: Lifetimes,
    /// How people type a new password.
    pub new_password: NewPasswordEntry,
    /// Permits to refresh tokens: fewer than for all calls to the org, so that people can sign in meanwhile.
    pub refresh_permits: Semaphore,
    /// Grants to revoke that the store could not take.
    pub unstored: UnstoredGrants,
    /// Counters for operators.
    pub metrics: Arc<Metrics>,
    /// Random bytes for handles, names and marks.
    pub random: RandomSource,
    /// The time.
    pub clock: Clock,
}
