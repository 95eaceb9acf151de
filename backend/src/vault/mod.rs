//! Where everything that changes is kept: sealed records under hashed keys, changed only by compare-and-swap.
//!
//! A record is made once, swapped while its version is what the writer has read, moved to another key in one act, and
//! leaves a tombstone. Nothing overwrites blindly, so a slow request cannot bring back what has ended.

mod deadline;
mod key_ring;
mod memory;
mod postgres;
mod redis;
mod session_handle;
mod sqlite;

pub use self::redis::Redis;
pub use key_ring::{KeyRing, MasterKey, RecordLocation};
pub use memory::Memory;
pub use postgres::Postgres;
pub use session_handle::{KeyHalf, SessionHandle};
pub use sqlite::Sqlite;

use async_trait::async_trait;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{fmt, sync::Arc, time::Duration};

/// What a record is found by: a keyed hash, so that a copy of the store is not a set of live cookies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordKey(pub [u8; 32]);

/// How often a record has been written.
pub type Version = u64;

/// What is kept of one session; the store can read none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// What a store finds under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A record, its version, and how long it still lives.
    Live(Sealed, Version, Duration),
    /// A record has been here until a moment ago.
    Gone(End),
}

/// How a record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It lives on under another key.
    Moved,
    /// It was deleted.
    Deleted,
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// It is kept.
    Done,
    /// Somebody else wrote first, or there is nothing to write to; nothing was changed.
    Refused,
}

impl Write {
    /// A write changes one row, or none.
    fn of_rows(rows: u64) -> Self {
        if rows == 1 { Self::Done } else { Self::Refused }
    }
}

/// The store did not answer, or not with anything of use. Nobody is signed out for that.
#[derive(Debug)]
pub struct Unavailable(pub String);

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unavailable {}

/// A place that keeps records. Time is its own: a life is counted from when the store has the record.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Keeps a new record, at version 1. A key that is or was taken is refused.
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable>;
    /// Reads a record. What has outlived its life is not found, swept or not.
    async fn load(&self, key: RecordKey) -> Result<Option<Found>, Unavailable>;
    /// Replaces version `read` by the next one.
    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable>;
    /// Replaces version `read` of `old` by version 1 of `new`: both in one act, or nothing.
    async fn rotate(
        &self,
        old: (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable>;
    /// Ends a record, whatever its version.
    async fn delete(&self, key: RecordKey) -> Result<(), Unavailable>;
    /// Lets a record live this long from now.
    async fn touch(&self, key: RecordKey, life: Duration) -> Result<(), Unavailable>;
    /// Throws away what has outlived its life; says how much that was.
    async fn sweep(&self) -> Result<u64, Unavailable>;
    /// For what there is room. Only a store of a fixed size runs short of it.
    fn room(&self) -> Room {
        Room::ForAll
    }
}

/// For what a store has room. What matters least is refused first, and never what a signed-in session needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// For all.
    ForAll,
    /// For new flows and for sessions, but not for what is only worth having.
    ForFlows,
    /// For sessions alone.
    ForSessions,
}

/// For how long a key is remembered after its record has gone: longer than any request that still holds it.
pub const TOMBSTONE_LIFETIME: Duration = Duration::from_secs(60);

/// How often a change is tried against others that change the same record.
const MAX_ATTEMPTS: usize = 32;

/// A store, and the keys that only this server has.
#[derive(Clone, Debug)]
pub struct Vault {
    store: Arc<dyn Store>,
    ring: Arc<KeyRing>,
}

/// A record as it was read.
pub struct Loaded<T> {
    /// What was kept.
    pub record: T,
    /// What a swap must name.
    pub version: Version,
    /// How long it lives if nothing happens.
    pub remaining: Duration,
}

/// What is found for a ticket.
pub enum Opened<T> {
    /// A record.
    Live(Loaded<T>),
    /// Nothing any more.
    Gone(End),
    /// Nothing, or nothing that we have written.
    Nothing,
}

impl Vault {
    /// Records in this store, sealed with these keys.
    pub fn new(store: Arc<dyn Store>, ring: KeyRing) -> Self {
        Self { store, ring: Arc::new(ring) }
    }

    /// Where the record of a ticket belongs.
    pub fn place(&self, handle: &SessionHandle) -> Result<RecordLocation, Unavailable> {
        self.ring.place(handle)
    }

    /// The place of what is kept about a subject and not under a cookie: under the first key, where new records go.
    pub fn place_of(&self, subject: &str) -> Result<RecordLocation, Unavailable> {
        self.ring.place(&self.ring.ticket_of(subject))
    }

    /// The same under each key, the first key first: the record may have been made when another key came first.
    pub fn places_of(&self, subject: &str) -> Result<Vec<RecordLocation>, Unavailable> {
        self.ring.tickets_of(subject).map(|handle| self.ring.place(&handle)).collect()
    }

    /// For what the store has room.
    pub fn room(&self) -> Room {
        self.store.room()
    }

    /// Keeps a new record.
    pub async fn create<T: Serialize>(
        &self,
        place: &RecordLocation,
        record: &T,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        self.store.create(place.key(), self.seal(place, 1, record)?, life).await
    }

    /// Reads a record.
    pub async fn load<T: DeserializeOwned>(&self, place: &RecordLocation) -> Result<Opened<T>, Unavailable> {
        match self.store.load(place.key()).await? {
            None => Ok(Opened::Nothing),
            Some(Found::Gone(end)) => Ok(Opened::Gone(end)),
            Some(Found::Live(sealed, version, remaining)) => {
                let Some(plain) = self.ring.open(place, version, sealed)? else {
                    tracing::error!(
                        "a record cannot be opened: LATCHKEY_KEYS lacks the key that it was sealed with, or somebody \
                         has changed or moved it"
                    );
                    return Ok(Opened::Nothing);
                };
                match rmp_serde::from_slice(&plain) {
                    Ok(record) => Ok(Opened::Live(Loaded { record, version, remaining })),
                    // Another version of this server has written it. It may still need it.
                    Err(_) => Err(Unavailable("a record has a shape that is not known here".to_owned())),
                }
            }
        }
    }

    /// Replaces the record that was read at this version.
    pub async fn swap<T: Serialize>(
        &self,
        place: &RecordLocation,
        read: Version,
        record: &T,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        self.store.swap(place.key(), read, self.seal(place, read + 1, record)?, life).await
    }

    /// Changes what is kept about a subject; it need not be there yet. The change is made again on what others write
    /// meanwhile.
    pub async fn amend<T: Default + Serialize + DeserializeOwned>(
        &self,
        place: &RecordLocation,
        life: Duration,
        mut change: impl FnMut(&mut T),
    ) -> Result<(), Unavailable> {
        for _ in 0..MAX_ATTEMPTS {
            let (mut record, version) = match self.load(place).await? {
                Opened::Live(Loaded { record, version, .. }) => (record, Some(version)),
                Opened::Gone(_) | Opened::Nothing => (T::default(), None),
            };
            change(&mut record);
            let written = match version {
                Some(version) => self.swap(place, version, &record, life).await?,
                None => self.create(place, &record, life).await?,
            };
            if written == Write::Done {
                return Ok(());
            }
        }
        Err(Unavailable("too many changes of one record at once".to_owned()))
    }

    /// What is kept about a subject, under each key that it may be named with.
    pub async fn load_each<T: DeserializeOwned>(&self, subject: &str) -> Result<Vec<T>, Unavailable> {
        let mut found = Vec::new();
        for place in self.places_of(subject)? {
            if let Opened::Live(at) = self.load(&place).await? {
                found.push(at.record);
            }
        }
        Ok(found)
    }

    /// Changes what is kept about a subject, under each key that it may be named with, and makes nothing new.
    pub async fn amend_each<T: Default + Serialize + DeserializeOwned>(
        &self,
        subject: &str,
        life: Duration,
        mut change: impl FnMut(&mut T),
    ) -> Result<(), Unavailable> {
        for place in self.places_of(subject)? {
            if self.is_live(place.key()).await? {
                self.amend(&place, life, &mut change).await?;
            }
        }
        Ok(())
    }

    /// Moves the record to a new place; the old one is worth nothing from then on.
    pub async fn rotate<T: Serialize>(
        &self,
        old: (&RecordLocation, Version),
        new: &RecordLocation,
        record: &T,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let sealed = self.seal(new, 1, record)?;
        self.store.rotate((old.0.key(), old.1), new.key(), sealed, life).await
    }

    /// Ends the record.
    pub async fn delete(&self, place: &RecordLocation) -> Result<(), Unavailable> {
        self.store.delete(place.key()).await
    }

    /// Lets the record live this long from now.
    pub async fn touch(&self, place: &RecordLocation, life: Duration) -> Result<(), Unavailable> {
        self.store.touch(place.key(), life).await
    }

    /// What is under this key. It takes the ticket to read it.
    pub async fn look(&self, key: RecordKey) -> Result<Opened<()>, Unavailable> {
        Ok(match self.store.load(key).await? {
            Some(Found::Live(_, version, remaining)) => {
                Opened::Live(Loaded { record: (), version, remaining })
            }
            Some(Found::Gone(end)) => Opened::Gone(end),
            None => Opened::Nothing,
        })
    }

    /// Whether there is a record under this key.
    pub async fn is_live(&self, key: RecordKey) -> Result<bool, Unavailable> {
        Ok(matches!(self.look(key).await?, Opened::Live(_)))
    }

    /// Ends the record under this key. If there is none, none comes there while the key is remembered: a session that is
    /// just about to begin does not.
    pub async fn end_key(&self, key: RecordKey) -> Result<(), Unavailable> {
        if self.store.load(key).await?.is_none() {
            self.store.create(key, Sealed(Vec::new()), TOMBSTONE_LIFETIME).await?;
        }
        self.store.delete(key).await
    }

    /// Asks the store whether it is there.
    pub async fn ping(&self) -> Result<(), Unavailable> {
        self.store.load(RecordKey([0; 32])).await.map(drop)
    }

    /// Throws away what has outlived its life.
    pub async fn sweep(&self) -> Result<u64, Unavailable> {
        self.store.sweep().await
    }

    fn seal<T: Serialize>(
        &self,
        place: &RecordLocation,
        version: Version,
        record: &T,
    ) -> Result<Sealed, Unavailable> {
        self.ring.seal(place, version, |to| {
            rmp_serde::encode::write_named(to, record).map_err(|error| Unavailable(error.to_string()))
        })
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, ..] = self.0;
        write!(f, "RecordKey({a:02x}{b:02x}{c:02x}…)")
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}
