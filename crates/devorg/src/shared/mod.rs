//! What all routes share: the org's state behind a lock, its clock, keys, journal, faults and rate limits.

pub(crate) mod faults;
pub(crate) mod journal;
pub(crate) mod rate_limits;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use crate::clock::Moment;
use crate::oauth::keys::Keys;
use crate::org::settings::{Provider, Settings};
use crate::org::state::World;
use crate::random::Chance;
use faults::Faults;
use journal::Journal;
use rate_limits::RateLimits;

/// Everything the routes share.
pub(crate) struct SharedState {
    pub(crate) origin: String,
    /// What a reset goes back to.
    settings: Settings,
    world: Mutex<World>,
    keys: Mutex<Keys>,
    /// What the built-in identity provider signs with; made when it is first needed.
    social_keys: OnceLock<Keys>,
    canary: AtomicBool,
    /// How far the clock was moved, in milliseconds.
    moved: AtomicI64,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) rate_limits: RateLimits,
    /// Counts what happened, so that who waits for news is told.
    news: watch::Sender<u64>,
    seen: AtomicU64,
}

impl SharedState {
    pub(crate) fn new(origin: String, settings: Settings, canary: bool) -> Self {
        let mut chance = Chance::system(canary);
        let world = World::new(settings.clone(), Moment::of(SystemTime::now()), &mut chance);
        Self {
            origin,
            settings,
            world: Mutex::new(world),
            keys: Mutex::new(Keys::fresh(chance.id("key"))),
            social_keys: OnceLock::new(),
            canary: AtomicBool::new(canary),
            moved: AtomicI64::new(0),
            journal: Journal::default(),
            faults: Faults::default(),
            rate_limits: RateLimits::default(),
            news: watch::channel(0).0,
            seen: AtomicU64::new(0),
        }
    }

    /// What the clock shows.
    pub(crate) fn now(&self) -> Moment {
        let moved = self.moved.load(Ordering::Relaxed);
        let now = SystemTime::now();
        let by = Duration::from_millis(moved.unsigned_abs());
        Moment::of(if moved < 0 { now - by } else { now + by })
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, millis: i64) {
        self.moved.fetch_add(millis, Ordering::Relaxed);
        self.tell();
    }

    pub(crate) fn chance(&self) -> Chance {
        Chance::system(self.canary.load(Ordering::Relaxed))
    }

    /// The world, for as long as one decision takes.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn keys(&self) -> Keys {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn social_keys(&self) -> &Keys {
        self.social_keys.get_or_init(|| Keys::fresh(self.chance().id("key")))
    }

    /// Signs with a new key from now on.
    pub(crate) fn rotate_keys(&self, forget: bool) {
        let id = self.chance().id("key");
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).rotate(id, forget);
    }

    /// Takes keys that were kept.
    pub(crate) fn take_keys(&self, keys: Keys) {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// Everything as it was at the start.
    pub(crate) fn reset(&self, canary: Option<bool>) {
        if let Some(canary) = canary {
            self.canary.store(canary, Ordering::Relaxed);
        }
        self.moved.store(0, Ordering::Relaxed);
        *self.world() = World::new(self.settings.clone(), self.now(), &mut self.chance());
        self.journal.clear();
        self.faults.clear();
        self.rate_limits.clear();
        self.tell();
    }

    /// Says that something happened.
    pub(crate) fn tell(&self) {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        self.news.send_replace(seen);
    }

    /// Waits for what happens next.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// The identity provider with this id.
    pub(crate) fn provider(&self, id: &str) -> Option<Provider> {
        self.world().providers.iter().find(|provider| provider.id == id).cloned()
    }
}
