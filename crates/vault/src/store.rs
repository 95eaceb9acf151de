//! What every store does, and the words for what comes of it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// For how long an ended record leaves a tombstone: longer than any request that still knows its key.
pub const TOMBSTONE_LIFETIME: Duration = Duration::from_secs(60);

/// What a store finds a record by: a keyed hash, so that a copy of the store holds no live cookie.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordKey(pub [u8; 32]);

/// How often a record has been written; 0 if it has never been.
pub type Version = u64;

/// The bytes of a record as they are stored; the store cannot read them.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// What a store finds under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A record, its version, and its remaining life.
    Live(Sealed, Version, Duration),
    /// The tombstone of a record.
    Gone(End),
}

/// How a record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was moved to another key.
    Moved,
    /// It was deleted.
    Deleted,
}

/// The outcome of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// The record is stored.
    Done,
    /// Another writer was first, or there is no such record; nothing was changed.
    Refused,
}

/// The store gave no answer, or none that can be used. It is not known whether a write was done.
#[derive(Debug)]
pub struct Unavailable(pub String);

/// Other writers changed the record at every attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contended;

/// What a store has room for. Only a store of a fixed size runs short of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// For everything.
    ForAll,
    /// For new flows and for sessions, but not for what is only nice to have.
    ForFlows,
    /// For sessions only.
    ForSessions,
}

/// A driver that stores records. It counts their lives by its own clock, from when it has the record.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Stores a new record, at version 1. Refused if the key has a record or a tombstone.
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable>;
    /// Reads a record. An expired record is not found, whether or not it has been swept.
    async fn load(&self, key: RecordKey) -> Result<Option<Stored>, Unavailable>;
    /// Replaces version `read` by the next one.
    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable>;
    /// Replaces version `read` of `old` by version 1 of `new`: both in one act, or neither.
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
    /// Removes expired records and tombstones; returns how many.
    async fn sweep(&self) -> Result<u64, Unavailable>;
    /// What the store has room for.
    fn room(&self) -> Room {
        Room::ForAll
    }
}

impl Write {
    /// The outcome of a statement that changes one row, or none.
    #[cfg(any(feature = "sqlite", feature = "redis", feature = "postgres"))]
    pub(crate) fn of_rows(rows: u64) -> Self {
        if rows == 1 { Self::Done } else { Self::Refused }
    }
}

impl From<Contended> for Unavailable {
    fn from(contended: Contended) -> Self {
        Self(contended.to_string())
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unavailable {}

impl fmt::Display for Contended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many writers changed one record at once")
    }
}

impl std::error::Error for Contended {}

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
