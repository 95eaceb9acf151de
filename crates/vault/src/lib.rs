//! Sealed records with compare-and-swap: in memory, SQLite, Redis or PostgreSQL.
//!
//! A [`Vault`] is a [`Store`] and a [`KeyRing`]. The store finds a record by a hash and cannot read it; the key that seals
//! a record is made of a master key of the server and of the half in a [`SessionHandle`], which only its browser has.
//!
//! A record is created once, replaced only at the version that was read, moved to another key in one act, and leaves a
//! tombstone for a minute. No operation overwrites blindly, so a slow request cannot bring back a record that has ended.
//!
//! ```
//! use latchkey_vault::{KeyRing, MasterKey, Memory, RandomSource, SessionHandle, Vault, Write};
//! use std::{sync::Arc, time::Duration};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let random = RandomSource::system();
//! let keys = KeyRing::new(MasterKey::random(&random)?, Vec::new(), "https://issuer.example", "client");
//! let vault = Vault::new(Arc::new(Memory::default()), keys, random.clone());
//!
//! let hour = Duration::from_secs(3600);
//! let handle = SessionHandle::random(&random)?;
//! let location = vault.location(&handle)?;
//! assert_eq!(vault.create(&location, &"first", hour).await?, Write::Done);
//!
//! // The value of a cookie: a browser that sends it gets the record.
//! let cookie = handle.write();
//! let location = vault.location(&SessionHandle::read(&cookie).ok_or("no handle")?)?;
//! assert_eq!(vault.swap(&location, 1, &"second", hour).await?, Write::Done);
//! assert_eq!(vault.swap(&location, 1, &"too late", hour).await?, Write::Refused);
//! # Ok(())
//! # }
//! ```
//!
//! Records about a subject (a person, an address) have no handle: [`Vault::location_of`] derives their location from the
//! subject and a master key. [`Vault::update`] and [`Vault::amend`] repeat a change until no other writer comes between.
//!
//! Each store is a feature, on by default: `sqlite`, `redis`, `postgres`. [`Memory`] is always there.

#[cfg(any(feature = "sqlite", feature = "redis", feature = "postgres"))]
mod deadline;
mod handle;
mod key_ring;
mod loaded;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod random;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod vault;

pub use self::handle::{KeyHalf, SessionHandle};
pub use self::key_ring::{InvalidMasterKey, KeyRing, MasterKey, RecordLocation};
pub use self::loaded::{Commit, Loaded, Opened, UpdateTarget};
pub use self::memory::Memory;
#[cfg(feature = "postgres")]
pub use self::postgres::Postgres;
pub use self::random::{NoRandomness, RandomSource, hex};
#[cfg(feature = "redis")]
pub use self::redis::Redis;
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
pub use self::store::{
    Contended, End, RecordKey, Room, Sealed, Store, Stored, TOMBSTONE_LIFETIME, Unavailable, Version, Write,
};
pub use self::vault::Vault;
