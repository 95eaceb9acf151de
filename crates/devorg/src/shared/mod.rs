//! What all routes share: the org's state behind a lock, its clock, keys, journal, faults and rate limits.

pub(crate) mod devices;
pub(crate) mod faults;
pub(crate) mod journal;
pub(crate) mod rate_limits;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use crate::clock::Timestamp;
use crate::flow::IdentityEngine;
use crate::oauth::keys::SigningKeys;
use crate::org::settings::{IdentityProvider, Settings};
use crate::org::state::OrgState;
use crate::org::transaction::Transaction;
use crate::random::Random;
use devices::Devices;
use faults::Faults;
use journal::Journal;
use rate_limits::RateLimits;

/// The state that all routes share.
pub(crate) struct SharedState {
    pub(crate) origin: String,
    /// The settings a reset goes back to.
    settings: Settings,
    org: Mutex<OrgState>,
    keys: Mutex<SigningKeys>,
    /// The built-in identity provider's keys, generated when first needed.
    provider_keys: OnceLock<SigningKeys>,
    canary: AtomicBool,
    /// How far the clock was moved, in milliseconds.
    clock_offset: AtomicI64,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) devices: Devices,
    pub(crate) rate_limits: RateLimits,
    /// Counts changes, and wakes subscribers at each.
    changes: watch::Sender<u64>,
}

impl SharedState {
    pub(crate) fn new(origin: String, settings: Settings, canary: bool) -> Self {
        let mut random = Random::system(canary);
        let org =
            OrgState::new(settings.clone(), Timestamp::from_system_time(SystemTime::now()), &mut random);
        Self {
            origin,
            settings,
            org: Mutex::new(org),
            keys: Mutex::new(SigningKeys::generate(random.id("key"))),
            provider_keys: OnceLock::new(),
            canary: AtomicBool::new(canary),
            clock_offset: AtomicI64::new(0),
            journal: Journal::default(),
            faults: Faults::default(),
            devices: Devices::default(),
            rate_limits: RateLimits::default(),
            changes: watch::channel(0).0,
        }
    }

    /// The time on the org's clock.
    pub(crate) fn now(&self) -> Timestamp {
        let offset = self.clock_offset.load(Ordering::Relaxed);
        let now = SystemTime::now();
        let by = Duration::from_millis(offset.unsigned_abs());
        Timestamp::from_system_time(if offset < 0 { now - by } else { now + by })
    }

    /// Moves the clock by `millis`.
    pub(crate) fn advance(&self, millis: i64) {
        self.clock_offset.fetch_add(millis, Ordering::Relaxed);
        self.notify_change();
    }

    pub(crate) fn random(&self) -> Random {
        Random::system(self.canary.load(Ordering::Relaxed))
    }

    /// Locks the org's state. Hold the lock for one decision only.
    pub(crate) fn org(&self) -> MutexGuard<'_, OrgState> {
        self.org.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn keys(&self) -> SigningKeys {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn provider_keys(&self) -> &SigningKeys {
        self.provider_keys.get_or_init(|| SigningKeys::generate(self.random().id("key")))
    }

    /// Signs with a new key.
    pub(crate) fn rotate_keys(&self, forget: bool) {
        let id = self.random().id("key");
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).rotate(id, forget);
    }

    /// Replaces the keys with those of the data file.
    pub(crate) fn set_keys(&self, keys: SigningKeys) {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// Resets everything to its state at the start.
    pub(crate) fn reset(&self, canary: Option<bool>) {
        if let Some(canary) = canary {
            self.canary.store(canary, Ordering::Relaxed);
        }
        self.clock_offset.store(0, Ordering::Relaxed);
        *self.org() = OrgState::new(self.settings.clone(), self.now(), &mut self.random());
        self.journal.clear();
        self.faults.clear();
        self.devices.stop();
        self.rate_limits.clear();
        self.notify_change();
    }

    /// Lets the engine act on the transaction with the handle that `find` returns, and wakes what waits for a change. Does nothing
    /// if there is none.
    pub(crate) fn act<T>(
        &self,
        find: impl FnOnce(&OrgState) -> Option<String>,
        action: impl FnOnce(&mut IdentityEngine<'_>) -> T,
    ) -> Option<T> {
        let mut org = self.org();
        let handle = find(&org)?;
        let mut transaction = org.transactions.take(&handle)?;
        let outcome = self.with_engine(&mut org, &mut transaction, action);
        org.transactions.put(transaction);
        drop(org);
        self.notify_change();
        Some(outcome)
    }

    /// Lets the engine act now on a transaction that is taken out of the org.
    pub(crate) fn with_engine<T>(
        &self,
        org: &mut OrgState,
        transaction: &mut Transaction,
        action: impl FnOnce(&mut IdentityEngine<'_>) -> T,
    ) -> T {
        let (now, mut random) = (self.now(), self.random());
        action(&mut IdentityEngine { org, transaction, origin: &self.origin, now, random: &mut random })
    }

    /// Notifies subscribers that something changed.
    pub(crate) fn notify_change(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Subscribes to changes.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The identity provider with this id.
    pub(crate) fn provider(&self, id: &str) -> Option<IdentityProvider> {
        self.org().providers.iter().find(|provider| provider.id == id).cloned()
    }
}
