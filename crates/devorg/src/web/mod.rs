//! The org as a web site: routes, and what every answer has in common.

mod control;
mod cors;
mod device;
mod fault;
mod federation;
mod idx;
pub(crate) mod journal;
mod mail;
mod oauth;
mod people;
mod reply;
mod social;
mod verify;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use tokio::sync::watch;

use crate::chance::Chance;
use crate::moment::Moment;
use crate::oauth::keys::Keys;
use crate::settings::Settings;
use crate::world::World;

pub(crate) use fault::Abort;
pub(crate) use reply::Peer;

/// Everything the routes share.
pub(crate) struct Site {
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
    pub(crate) journal: journal::Journal,
    pub(crate) faults: fault::Faults,
    limits: reply::Limits,
    /// Counts what happened, so that who waits for news is told.
    news: watch::Sender<u64>,
    seen: AtomicU64,
}

impl Site {
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
            journal: journal::Journal::default(),
            faults: fault::Faults::default(),
            limits: reply::Limits::default(),
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
        self.limits.clear();
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
}

/// The routes.
pub(crate) fn router(site: Arc<Site>) -> Router {
    let server = Router::new()
        .route("/interact", post(oauth::interact))
        .route("/token", post(oauth::token))
        .route("/keys", get(oauth::keys))
        .route("/userinfo", get(oauth::userinfo).post(oauth::userinfo))
        .route("/introspect", post(oauth::introspect))
        .route("/revoke", post(oauth::revoke))
        .route("/logout", get(oauth::logout).post(oauth::logout))
        .route("/authorize", get(oauth::authorize))
        .route("/authorize/callback", get(federation::callback));
    let discovery = get(oauth::discovery);
    Router::new()
        .route("/idp/idx/{*path}", post(idx::answer))
        .nest("/oauth2/v1", server.clone())
        .nest("/oauth2/{server}/v1", server)
        .route("/.well-known/openid-configuration", discovery.clone())
        .route("/.well-known/oauth-authorization-server", discovery.clone())
        .route("/oauth2/{server}/.well-known/openid-configuration", discovery.clone())
        .route("/oauth2/{server}/.well-known/oauth-authorization-server", discovery)
        .route("/email/verify/{client}", get(mail::open))
        .nest("/social/{provider}", social::router())
        .nest("/dev", control::router())
        .route("/", get(control::home))
        .fallback(any(reply::not_found))
        .layer(from_fn_with_state(Arc::clone(&site), fault::inject))
        .layer(from_fn_with_state(Arc::clone(&site), reply::limit))
        .layer(from_fn_with_state(Arc::clone(&site), cors::allow))
        .layer(from_fn_with_state(Arc::clone(&site), journal::note))
        .layer(from_fn(cors::only_by_name))
        .with_state(site)
}
