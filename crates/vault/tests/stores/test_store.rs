//! What a test needs of a store, whichever it is.

use latchkey_vault::{
    Memory, Postgres, RandomSource, RecordKey, Redis, Sealed, Sqlite, Store, Stored, Version,
};
use std::{
    env,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Long enough that nothing ends while a test runs.
pub(crate) const LIFE: Duration = Duration::from_secs(3600);

/// A store to test.
pub(crate) trait TestStore {
    /// An empty one.
    async fn start() -> Self;
    /// Its URL.
    fn address(&self) -> String;
    /// Another instance, with the same records.
    fn open(&self) -> Arc<dyn Store> {
        open(&self.address())
    }
    /// Lets time pass for every record.
    async fn advance(&self, time: Duration);
    /// How many records it has, expired or not.
    async fn count(&self) -> u64;
}

/// A store outside this process, which can fail.
pub(crate) trait TestServer: TestStore {
    /// Stops to answer, but closes no connection.
    async fn freeze(&mut self);
    /// Answers again.
    async fn thaw(&mut self);
    /// Flushes to the disk; returns the folder.
    async fn folder(&self) -> &Path;
}

/// A server that can be killed.
pub(crate) trait RestartableServer: TestServer {
    /// Kills it, as a power cut that spares the disk.
    fn kill(&mut self);
    /// Starts it again with its data; returns when it answers.
    async fn restart(&mut self);
    /// Closes every connection, as a server does with idle ones.
    async fn close_connections(&self);
    /// Becomes read-only, as after a fail-over, or accepts writes again.
    async fn accept_writes(&self, are_accepted: bool);
}

/// Opens a store by its address.
pub(crate) fn open(address: &str) -> Arc<dyn Store> {
    match address.split_once(':').unwrap() {
        ("sqlite", path) => Arc::new(Sqlite::open(Path::new(path)).unwrap()),
        ("redis", _) => Arc::new(Redis::new(address).unwrap()),
        ("postgres", _) => Arc::new(Postgres::new(address).unwrap()),
        _ => panic!("no store is called {address}"),
    }
}

/// Whether this store is to be tested here.
pub(crate) fn is_wanted(store: &str) -> bool {
    env::var("LATCHKEY_TEST_STORES").map_or(true, |wanted| {
        wanted.split(',').any(|name| store.trim_start_matches("on_").starts_with(name.trim()))
    })
}

/// A random key.
pub(crate) fn key() -> RecordKey {
    RecordKey(RandomSource::system().bytes().unwrap())
}

/// A record that holds a number, and is about as long as a real one.
pub(crate) fn numbered(number: u64) -> Sealed {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.resize(3000, 0xA5);
    Sealed(bytes)
}

/// What is found under the key; repeated while the store does not answer.
pub(crate) async fn read(store: &dyn Store, key: RecordKey) -> Option<Stored> {
    let began = Instant::now();
    loop {
        match store.load(key).await {
            Ok(found) => return found,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(10), "{error}"),
        }
    }
}

/// What is live under the key: its number and its version.
pub(crate) async fn live(store: &dyn Store, key: RecordKey) -> Option<(u64, Version)> {
    match read(store, key).await {
        Some(Stored::Live(sealed, version, _)) => Some((number_in(&sealed), version)),
        _ => None,
    }
}

/// The number of a record.
pub(crate) fn number_in(Sealed(bytes): &Sealed) -> u64 {
    assert_eq!(bytes.len(), 3000, "a record is whole");
    u64::from_be_bytes(bytes[..8].try_into().unwrap())
}

/// Waits for a condition; returns how long that took.
pub(crate) async fn until(limit: Duration, what: &str, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < limit, "waited {limit:?} and it is not true that {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    began.elapsed()
}

/// The memory store, with a clock that a test can put forward.
pub(crate) struct InMemory {
    store: Arc<Memory>,
    ahead: Arc<Mutex<Duration>>,
}

impl TestStore for InMemory {
    async fn start() -> Self {
        let ahead = Arc::new(Mutex::new(Duration::ZERO));
        let clock = ahead.clone();
        Self { store: Arc::new(Memory::with_clock(move || Instant::now() + *clock.lock().unwrap())), ahead }
    }

    fn address(&self) -> String {
        "memory".to_owned()
    }

    fn open(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    async fn advance(&self, time: Duration) {
        *self.ahead.lock().unwrap() += time;
    }

    async fn count(&self) -> u64 {
        let shown = format!("{:?}", self.store);
        shown.trim_start_matches("Memory(").trim_end_matches(" records)").parse().unwrap()
    }
}
