//! A lease on a flow's step or on a token refresh, renewed by heartbeats, so that another instance takes over an expired one.

use super::{StoredRecord, record::LeaseCounter};
use crate::{clock::Clock, detached::MAX_BROWSER_WAIT, http::ApiError};
use latchkey_vault::{Commit, RandomSource, RecordLocation, Vault};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Most leases end before their first heartbeat. Tests use a shorter interval.
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 500 });
/// Lease expired: its counter has not moved for five heartbeats. Clocks of two machines are never compared.
const LEASE_TIMEOUT: Duration = HEARTBEAT_INTERVAL.saturating_mul(5);
/// How long a request waits for the lease of another one, as long as a browser waits for a response.
pub(super) const LEASE_WAIT_TIMEOUT: Duration = MAX_BROWSER_WAIT;
/// The longest that one heartbeat takes: a few attempts at the store, of one second each at most.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(5);
/// The wait between two looks at a lease that another request holds. It doubles, since each look is work for the store.
const MIN_RETRY_DELAY: Duration = Duration::from_millis(10);
const MAX_RETRY_DELAY: Duration = Duration::from_millis(200);

/// The leases that this process holds. One task renews them all, so a lease that ends early costs one entry in a map.
#[derive(Clone)]
pub struct Leases {
    table: Arc<Mutex<LeaseTable>>,
    random: RandomSource,
    clock: Clock,
}

#[derive(Default)]
struct LeaseTable {
    by_mark: HashMap<String, NextHeartbeat>,
    /// Whether the task that renews them runs.
    is_watched: bool,
}

/// When a lease is renewed next, and in which record.
struct NextHeartbeat {
    due: Instant,
    vault: Vault,
    location: RecordLocation,
}

/// A lease that is renewed until it is dropped.
pub(super) struct Lease {
    mark: String,
    leases: Leases,
}

impl Leases {
    /// No leases yet. Their marks are random.
    pub fn new(random: RandomSource, clock: Clock) -> Self {
        Self { table: Arc::default(), random, clock }
    }

    fn table(&self) -> MutexGuard<'_, LeaseTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews every lease that is due, until none is left.
    async fn watch(self) {
        loop {
            tokio::time::sleep(HEARTBEAT_INTERVAL / 4).await;
            let now = self.clock.instant();
            let mut table = self.table();
            if table.by_mark.is_empty() {
                table.is_watched = false;
                return;
            }
            for (mark, next) in table.by_mark.iter_mut().filter(|(_, next)| next.due <= now) {
                // A slow store gets one heartbeat of a lease at a time.
                next.due = now + HEARTBEAT_TIMEOUT;
                tokio::spawn(self.clone().heartbeat(mark.clone(), next.vault.clone(), next.location.clone()));
            }
        }
    }

    /// One heartbeat. While the store is down the lease is kept: no other instance can see that its counter stands still.
    async fn heartbeat(self, mark: String, vault: Vault, location: RecordLocation) {
        let is_held = match StoredRecord::at(&vault, &location).await {
            Ok(Some(mut stored)) => {
                let heartbeat = stored.change_unattended(self.clock.now(), |record| {
                    let is_held = record.heartbeat(&mark);
                    Ok(if is_held { Commit::Write(true) } else { Commit::Skip(false) })
                });
                heartbeat.await.unwrap_or(true)
            }
            Ok(None) => false,
            Err(_) => true,
        };
        let mut table = self.table();
        match table.by_mark.get_mut(&mark) {
            Some(next) if is_held => next.due = self.clock.instant() + HEARTBEAT_INTERVAL,
            _ => drop(table.by_mark.remove(&mark)),
        }
    }
}

impl Lease {
    /// A lease that is not renewed yet.
    pub(super) fn new(leases: &Leases) -> Result<Self, ApiError> {
        let mark = leases.random.hex::<8>()?;
        Ok(Self { mark, leases: leases.clone() })
    }

    /// The mark under which the record names the lease.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Starts to renew the lease in the record that granted it.
    pub(super) fn start(&self, stored: &StoredRecord) {
        let (vault, location) = stored.location();
        let due = self.leases.clock.instant() + HEARTBEAT_INTERVAL;
        let mut table = self.leases.table();
        table.by_mark.insert(self.mark.clone(), NextHeartbeat { due, vault, location });
        if !std::mem::replace(&mut table.is_watched, true) {
            tokio::spawn(self.leases.clone().watch());
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leases.table().by_mark.remove(&self.mark);
    }
}

/// Watches a lease that another request holds.
pub(super) struct LeaseWatcher {
    seen: Option<(LeaseCounter, Instant)>,
    is_renewed: bool,
    pause: Duration,
    clock: Clock,
}

impl LeaseWatcher {
    /// A watcher that has not seen the lease yet.
    pub(super) fn new(clock: &Clock) -> Self {
        Self { seen: None, is_renewed: false, pause: MIN_RETRY_DELAY, clock: clock.clone() }
    }

    /// Notes the lease's counter as it is now.
    pub(super) fn observe(&mut self, counter: LeaseCounter) {
        if self.seen.as_ref().is_none_or(|(seen, _)| *seen != counter) {
            self.is_renewed = self.seen.is_some();
            self.seen = Some((counter, self.clock.instant()));
        }
    }

    /// Waits until the next look.
    pub(super) async fn pause(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = MAX_RETRY_DELAY.min(self.pause * 2);
    }

    /// The counter, if the lease has expired.
    pub(super) fn expired(&self) -> Option<&LeaseCounter> {
        let now = self.clock.instant();
        let expired = self.seen.as_ref().filter(|(_, since)| now.duration_since(*since) >= LEASE_TIMEOUT);
        expired.map(|(counter, _)| counter)
    }

    /// Whether the lease was renewed since the first look: its holder is alive, and only slow.
    pub(super) fn is_renewed(&self) -> bool {
        self.is_renewed
    }

    /// Whether another request has held the lease.
    pub(super) fn has_seen(&self) -> bool {
        self.seen.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{HEARTBEAT_INTERVAL, LEASE_TIMEOUT, Lease, LeaseWatcher, Leases, StoredRecord};
    use crate::clock::Clock;
    use crate::session::{Record, record::LeaseCounter};
    use latchkey_vault::{Commit, KeyRing, MasterKey, Memory, RandomSource, SessionHandle, Vault};
    use std::{sync::Arc, time::SystemTime};
    use tokio::time::{Instant, sleep};

    fn leases() -> Leases {
        Leases::new(RandomSource::system(), Clock::system())
    }

    async fn stored() -> StoredRecord {
        let random = RandomSource::system();
        let ring = KeyRing::new(MasterKey::random(&random).unwrap(), vec![], "issuer", "client");
        let handle = SessionHandle::random(&random).unwrap();
        let vault = Vault::new(Arc::new(Memory::default()), ring, random);
        StoredRecord::create(vault, &handle, Record::default(), SystemTime::now()).await.unwrap()
    }

    async fn claim(stored: &mut StoredRecord, lease: &Lease, watch: &LeaseWatcher) -> Option<LeaseCounter> {
        stored.reload().await.unwrap();
        let claimed = stored.change(SystemTime::now(), |record| {
            Ok(Commit::Write(record.claim_refresh(lease.mark(), watch.expired())))
        });
        claimed.await.unwrap()
    }

    /// Whether another request gets the lease within twice the timeout.
    async fn is_claimed(stored: &mut StoredRecord) -> bool {
        let (began, other, mut watch) =
            (Instant::now(), Lease::new(&leases()).unwrap(), LeaseWatcher::new(&Clock::system()));
        while began.elapsed() < LEASE_TIMEOUT * 2 {
            match claim(stored, &other, &watch).await {
                None => return true,
                Some(counter) => watch.observe(counter),
            }
            sleep(HEARTBEAT_INTERVAL / 10).await;
        }
        false
    }

    #[tokio::test]
    async fn rel_03_a_renewed_lease_is_never_taken_over() {
        let mut stored = stored().await;
        let lease = Lease::new(&leases()).unwrap();
        assert_eq!(claim(&mut stored, &lease, &LeaseWatcher::new(&Clock::system())).await, None);
        lease.start(&stored);
        assert!(!is_claimed(&mut stored).await);
    }

    #[tokio::test]
    async fn rel_03_an_expired_lease_is_taken_over_and_does_not_come_back() {
        let mut stored = stored().await;
        let lease = Lease::new(&leases()).unwrap();
        assert_eq!(claim(&mut stored, &lease, &LeaseWatcher::new(&Clock::system())).await, None);
        assert!(is_claimed(&mut stored).await);
        stored.reload().await.unwrap();
        let late = stored
            .change(SystemTime::now(), |record| Ok(Commit::Skip(record.end_refresh(lease.mark(), None))));
        assert!(!late.await.unwrap());
    }
}
