//! Sealed records over a store, changed only by compare-and-swap.

use crate::handle::SessionHandle;
use crate::key_ring::{KeyRing, RecordLocation};
use crate::loaded::{Commit, Loaded, Opened, UpdateTarget};
use crate::random::RandomSource;
use crate::store::{
    Contended, End, RecordKey, Room, Sealed, Store, Stored, TOMBSTONE_LIFETIME, Unavailable, Version, Write,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};

/// A store, and the keys that only this server has.
#[derive(Clone, Debug)]
pub struct Vault {
    store: Arc<dyn Store>,
    ring: Arc<KeyRing>,
    random: RandomSource,
    keys_setting: &'static str,
}

impl Vault {
    /// Records in this store, sealed with these keys.
    pub fn new(store: Arc<dyn Store>, ring: KeyRing, random: RandomSource) -> Self {
        Self { store, ring: Arc::new(ring), random, keys_setting: "" }
    }

    /// The setting that holds your master keys, for the log line on a record that none of them opens.
    pub fn keys_setting(self, name: &'static str) -> Self {
        Self { keys_setting: name, ..self }
    }

    /// The location of the record that a handle opens.
    pub fn location(&self, handle: &SessionHandle) -> Result<RecordLocation, Unavailable> {
        self.ring.location(handle)
    }

    /// The location of a new record about a subject: derived from the subject and the first master key.
    pub fn location_of(&self, subject: &str) -> Result<RecordLocation, Unavailable> {
        self.ring.location(&self.ring.handle_of(subject))
    }

    /// The same under each master key, the first one first: the record may be older than the latest key.
    pub fn locations_of(&self, subject: &str) -> Result<Vec<RecordLocation>, Unavailable> {
        self.ring.handles_of(subject).map(|handle| self.ring.location(&handle)).collect()
    }

    /// What the store has room for.
    pub fn room(&self) -> Room {
        self.store.room()
    }

    /// Stores a new record, at version 1.
    pub async fn create<R: Serialize>(
        &self,
        location: &RecordLocation,
        record: &R,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        self.store.create(location.key(), self.seal(location, 1, record)?, life).await
    }

    /// Reads a record.
    pub async fn load<R: DeserializeOwned>(
        &self,
        location: &RecordLocation,
    ) -> Result<Opened<R>, Unavailable> {
        match self.store.load(location.key()).await? {
            None => Ok(Opened::Missing),
            Some(Stored::Gone(end)) => Ok(Opened::Gone(end)),
            Some(Stored::Live(sealed, version, remaining)) => {
                let Some(plain) = self.ring.open(location, version, sealed)? else {
                    tracing::error!(
                        setting = self.keys_setting,
                        "a record cannot be opened: the setting lacks the master key that sealed it, or the record was changed \
                         or moved in the store"
                    );
                    return Ok(Opened::Missing);
                };
                match rmp_serde::from_slice(&plain) {
                    Ok(record) => Ok(Opened::Live(Loaded::found(record, version, remaining))),
                    // Another version of the program has written it, and may still need it.
                    Err(_) => Err(Unavailable("a record has a shape that is not known here".to_owned())),
                }
            }
        }
    }

    /// Reads a record, or the default if there is none.
    pub async fn load_or_default<R: Default + DeserializeOwned>(
        &self,
        location: &RecordLocation,
    ) -> Result<Loaded<R>, Unavailable> {
        Ok(match self.load(location).await? {
            Opened::Live(loaded) => loaded,
            Opened::Gone(_) | Opened::Missing => Loaded::unwritten(R::default()),
        })
    }

    /// Replaces the record that was read at this version.
    pub async fn swap<R: Serialize>(
        &self,
        location: &RecordLocation,
        read: Version,
        record: &R,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        self.store.swap(location.key(), read, self.seal(location, read + 1, record)?, life).await
    }

    /// Moves the record to a new location; the old one opens nothing from then on.
    pub async fn rotate<R: Serialize>(
        &self,
        old: (&RecordLocation, Version),
        new: &RecordLocation,
        record: &R,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let sealed = self.seal(new, 1, record)?;
        self.store.rotate((old.0.key(), old.1), new.key(), sealed, life).await
    }

    /// Changes a record and writes it. When another writer came between, reads the record again and repeats the change.
    ///
    /// `life` gets the changed record and its remaining life; `missing` makes the result
    /// if the record is gone.
    pub async fn update<R, T, E>(
        &self,
        UpdateTarget { location, next, max_attempts }: UpdateTarget<'_>,
        loaded: &mut Loaded<R>,
        mut change: impl FnMut(&mut R) -> Result<Commit<T>, E>,
        life: impl Fn(&R, Duration) -> Duration,
        missing: impl Fn(Option<End>) -> Result<R, E>,
    ) -> Result<T, E>
    where
        R: Serialize + DeserializeOwned,
        E: From<Unavailable> + From<Contended>,
    {
        for _ in 0..max_attempts {
            let done = match change(&mut loaded.record)? {
                Commit::Skip(done) => return Ok(done),
                Commit::Write(done) => done,
            };
            let life = life(&loaded.record, loaded.remaining());
            let written = match (loaded.version, next) {
                (0, next) => self.create(next.unwrap_or(location), &loaded.record, life).await?,
                (read, Some(next)) => self.rotate((location, read), next, &loaded.record, life).await?,
                (read, None) => self.swap(location, read, &loaded.record, life).await?,
            };
            if written == Write::Done {
                loaded.version = if next.is_some() { 1 } else { loaded.version + 1 };
                loaded.extend(life);
                return Ok(done);
            }
            *loaded = match self.load(location).await? {
                Opened::Live(loaded) => loaded,
                Opened::Gone(end) => Loaded::unwritten(missing(Some(end))?),
                Opened::Missing => Loaded::unwritten(missing(None)?),
            };
        }
        Err(Contended.into())
    }

    /// Changes the record about a subject, or creates it.
    pub async fn amend<R: Default + Serialize + DeserializeOwned>(
        &self,
        location: &RecordLocation,
        life: Duration,
        mut change: impl FnMut(&mut R),
    ) -> Result<(), Unavailable> {
        let mut loaded = self.load_or_default(location).await?;
        let change = |record: &mut R| {
            change(record);
            Ok(Commit::Write(()))
        };
        self.update(UpdateTarget::at(location), &mut loaded, change, |_, _| life, |_| Ok(R::default())).await
    }

    /// Reads the records about a subject, under each master key.
    pub async fn load_each<R: DeserializeOwned>(&self, subject: &str) -> Result<Vec<R>, Unavailable> {
        let mut records = Vec::new();
        for location in self.locations_of(subject)? {
            if let Opened::Live(loaded) = self.load(&location).await? {
                records.push(loaded.record);
            }
        }
        Ok(records)
    }

    /// Changes the records about a subject, under each master key, and creates none.
    pub async fn amend_each<R: Default + Serialize + DeserializeOwned>(
        &self,
        subject: &str,
        life: Duration,
        mut change: impl FnMut(&mut R),
    ) -> Result<(), Unavailable> {
        for location in self.locations_of(subject)? {
            if self.is_live(location.key()).await? {
                self.amend(&location, life, &mut change).await?;
            }
        }
        Ok(())
    }

    /// Ends the record.
    pub async fn delete(&self, location: &RecordLocation) -> Result<(), Unavailable> {
        self.store.delete(location.key()).await
    }

    /// Lets the record live this long from now.
    pub async fn touch(&self, location: &RecordLocation, life: Duration) -> Result<(), Unavailable> {
        self.store.touch(location.key(), life).await
    }

    /// What is under a key. To read the record takes its handle.
    pub async fn look(&self, key: RecordKey) -> Result<Opened<()>, Unavailable> {
        Ok(match self.store.load(key).await? {
            Some(Stored::Live(_, version, remaining)) => Opened::Live(Loaded::found((), version, remaining)),
            Some(Stored::Gone(end)) => Opened::Gone(end),
            None => Opened::Missing,
        })
    }

    /// Whether there is a record under a key.
    pub async fn is_live(&self, key: RecordKey) -> Result<bool, Unavailable> {
        Ok(matches!(self.look(key).await?, Opened::Live(_)))
    }

    /// Ends the record under a key. Without a record it leaves a tombstone all the same, so that a session that is about to
    /// begin there does not.
    pub async fn end_key(&self, key: RecordKey) -> Result<(), Unavailable> {
        if self.store.load(key).await?.is_none() {
            self.store.create(key, Sealed(Vec::new()), TOMBSTONE_LIFETIME).await?;
        }
        self.store.delete(key).await
    }

    /// Asks the store whether it answers.
    pub async fn ping(&self) -> Result<(), Unavailable> {
        self.store.load(RecordKey([0; 32])).await.map(drop)
    }

    /// Removes expired records and tombstones; returns how many.
    pub async fn sweep(&self) -> Result<u64, Unavailable> {
        self.store.sweep().await
    }

    fn seal<R: Serialize>(
        &self,
        location: &RecordLocation,
        version: Version,
        record: &R,
    ) -> Result<Sealed, Unavailable> {
        let nonce = self.random.bytes().map_err(|error| Unavailable(error.to_string()))?;
        self.ring.seal(location, version, nonce, |to| {
            rmp_serde::encode::write_named(to, record).map_err(|error| Unavailable(error.to_string()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Vault;
    use crate::{
        Commit, Contended, KeyRing, Loaded, MasterKey, Memory, Opened, RandomSource, Unavailable,
        UpdateTarget, Write,
    };
    use std::{sync::Arc, time::Duration};

    const LIFE: Duration = Duration::from_secs(60);

    fn vault() -> Vault {
        let random = RandomSource::system();
        let ring = KeyRing::new(MasterKey::random(&random).unwrap(), vec![], "issuer", "client");
        Vault::new(Arc::new(Memory::default()), ring, random)
    }

    #[tokio::test]
    async fn rel_01_a_change_is_repeated_on_what_another_writer_stored() {
        let vault = vault();
        let at = vault.location_of("counter").unwrap();
        assert_eq!(vault.create(&at, &1_u32, LIFE).await.unwrap(), Write::Done);
        let Opened::Live(mut stale) = vault.load::<u32>(&at).await.unwrap() else { panic!("it is there") };
        vault.amend(&at, LIFE, |count: &mut u32| *count += 10).await.unwrap();
        let counted = vault
            .update(
                UpdateTarget::at(&at),
                &mut stale,
                |count| {
                    *count += 1;
                    Ok::<_, Unavailable>(Commit::Write(*count))
                },
                |_, _| LIFE,
                |_| Ok(0),
            )
            .await;
        assert_eq!((counted.unwrap(), stale.version), (12, 3));
    }

    #[tokio::test]
    async fn rel_01_an_update_that_never_succeeds_is_given_up() {
        let vault = vault();
        let at = vault.location_of("counter").unwrap();
        vault.amend(&at, LIFE, |count: &mut u32| *count = 7).await.unwrap();
        vault.end_key(at.key()).await.unwrap();
        let mut loaded = vault.load_or_default::<u32>(&at).await.unwrap();
        assert_eq!(loaded.version, 0);
        let change = |_: &mut u32| Ok::<_, GivenUp>(Commit::Write(()));
        let outcome = vault.update(UpdateTarget::at(&at), &mut loaded, change, |_, _| LIFE, |_| Ok(0)).await;
        assert_eq!(outcome, Err(GivenUp::Contended), "a tombstone refuses each attempt");
    }

    #[tokio::test]
    async fn a_change_that_skips_writes_nothing() {
        let vault = vault();
        let at = vault.location_of("counter").unwrap();
        let mut loaded: Loaded<u32> = vault.load_or_default(&at).await.unwrap();
        let change = |_: &mut u32| Ok::<_, Unavailable>(Commit::Skip("nothing to do"));
        let outcome = vault.update(UpdateTarget::at(&at), &mut loaded, change, |_, _| LIFE, |_| Ok(0)).await;
        assert_eq!(outcome.unwrap(), "nothing to do");
        assert!(!vault.is_live(at.key()).await.unwrap());
    }

    #[derive(Debug, PartialEq)]
    enum GivenUp {
        Unavailable,
        Contended,
    }

    impl From<Unavailable> for GivenUp {
        fn from(_: Unavailable) -> Self {
            Self::Unavailable
        }
    }

    impl From<Contended> for GivenUp {
        fn from(_: Contended) -> Self {
            Self::Contended
        }
    }
}
