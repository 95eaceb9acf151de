//! What a test needs of a place that keeps records, whichever it is.

use latchkey::vault::{Found, Memory, Postgres, RecordKey, Redis, Sealed, Sqlite, Store, Version};
use std::{
    env,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Long enough that nothing ends while a test runs.
pub(crate) const LIFE: Duration = Duration::from_secs(3600);

/// Somewhere to keep records.
pub(crate) trait Place {
    /// An empty one.
    async fn begin() -> Self;
    /// What an instance has in `LATCHKEY_STORE`.
    fn address(&self) -> String;
    /// Another instance, with the same records.
    fn open(&self) -> Arc<dyn Store> {
        open(&self.address())
    }
    /// Lets time go by for every record that is there.
    async fn pass(&self, time: Duration);
    /// How much there is, live or not.
    async fn rows(&self) -> u64;
}

/// A place that is outside this process and can fail.
pub(crate) trait Server: Place {
    /// Takes writes no more, but ends no connection either.
    async fn freeze(&mut self);
    /// Goes on.
    async fn thaw(&mut self);
    /// Brings to the disk what would get there by itself, and says where that is.
    async fn folder(&self) -> &Path;
}

/// A server that can be killed.
pub(crate) trait Mortal: Server {
    /// Ends it, as a power cut would that spares the disk.
    fn kill(&mut self);
    /// Starts it again with what it had; comes back when it answers.
    async fn revive(&mut self);
    /// Ends every connection, as a server does with those that were quiet for long.
    async fn hang_up(&self);
    /// Only lets read from now on, as one does that another has taken over from; or takes writes again.
    async fn take_writes(&self, are_taken: bool);
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

/// A key that nobody else has.
pub(crate) fn key() -> RecordKey {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    RecordKey(bytes)
}

/// A record that holds a number, and is about as long as a real one.
pub(crate) fn numbered(number: u64) -> Sealed {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.resize(3000, 0xA5);
    Sealed(bytes)
}

/// What is found under the key, however long the store takes to say.
pub(crate) async fn read(store: &dyn Store, key: RecordKey) -> Option<Found> {
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
        Some(Found::Live(Sealed(bytes), version, _)) => {
            assert_eq!(bytes.len(), 3000, "a record is whole");
            Some((u64::from_be_bytes(bytes[..8].try_into().unwrap()), version))
        }
        _ => None,
    }
}

/// Waits until this is so, and says how long that took.
pub(crate) async fn until(limit: Duration, what: &str, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < limit, "waited {limit:?} in vain until {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    began.elapsed()
}

/// Records in this process, with a clock that a test can put forward.
pub(crate) struct InMemory {
    store: Arc<Memory>,
    ahead: Arc<Mutex<Duration>>,
}

impl Place for InMemory {
    async fn begin() -> Self {
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

    async fn pass(&self, time: Duration) {
        *self.ahead.lock().unwrap() += time;
    }

    async fn rows(&self) -> u64 {
        let shown = format!("{:?}", self.store);
        shown.trim_start_matches("Memory(").trim_end_matches(" records)").parse().unwrap()
    }
}
