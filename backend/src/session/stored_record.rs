//! A session's record as it was read, changed by compare-and-swap.

use super::Record;
use crate::http::ApiError;
use latchkey_contract::ProblemCode;
use latchkey_vault::{
    Commit, Contended, End, Loaded, Opened, RecordKey, RecordLocation, Room, SessionHandle, Unavailable,
    UpdateTarget, Vault, Write,
};
use std::time::{Duration, SystemTime};

/// A session's record and its location.
pub struct StoredRecord {
    vault: Vault,
    location: RecordLocation,
    loaded: Loaded<Record>,
}

/// A session that is to end.
pub enum SessionToEnd {
    /// Its record.
    Here(Box<StoredRecord>),
    /// Its record key, under which there is no record, or none any more.
    Elsewhere(RecordKey),
}

impl StoredRecord {
    /// Creates a record.
    pub async fn create(
        vault: Vault,
        handle: &SessionHandle,
        record: Record,
        now: SystemTime,
    ) -> Result<Self, ApiError> {
        if vault.room() == Room::ForSessions {
            return Err(Unavailable("the store has no room for another flow".to_owned()).into());
        }
        let (location, life) = (vault.location(handle)?, record.life(now));
        match vault.create(&location, &record, life).await? {
            Write::Done => Ok(Self { vault, location, loaded: Loaded::created(record, life) }),
            Write::Refused => Err(Unavailable("a new handle was taken already".to_owned()).into()),
        }
    }

    /// Reads the record of a handle, if there is one. A handle with a tombstone is an error: the browser may already have the
    /// next one, which a response to the old one must not replace.
    pub async fn find(vault: &Vault, handle: &SessionHandle) -> Result<Option<Self>, ApiError> {
        Self::at(vault, &vault.location(handle)?).await
    }

    /// The same for a browser that signs out, whether or not its session has moved.
    pub async fn find_to_end(vault: &Vault, handle: &SessionHandle) -> Result<SessionToEnd, ApiError> {
        let location = vault.location(handle)?;
        Ok(match vault.load(&location).await? {
            Opened::Live(loaded) => {
                SessionToEnd::Here(Box::new(Self { vault: vault.clone(), location, loaded }))
            }
            Opened::Missing | Opened::Gone(_) => SessionToEnd::Elsewhere(location.key()),
        })
    }

    /// The same for a browser that begins a flow or asks who is signed in: an ended session is none, and has no next handle that
    /// could be replaced.
    pub async fn find_unless_ended(vault: &Vault, handle: &SessionHandle) -> Result<Option<Self>, ApiError> {
        let location = vault.location(handle)?;
        match vault.load(&location).await? {
            Opened::Live(loaded) => Ok(Some(Self { vault: vault.clone(), location, loaded })),
            Opened::Missing | Opened::Gone(End::Deleted) => Ok(None),
            Opened::Gone(End::Moved) => Err(ProblemCode::NotSignedIn.into()),
        }
    }

    /// The same by location.
    pub(super) async fn at(vault: &Vault, location: &RecordLocation) -> Result<Option<Self>, ApiError> {
        match vault.load(location).await? {
            Opened::Live(loaded) => {
                Ok(Some(Self { vault: vault.clone(), location: location.clone(), loaded }))
            }
            Opened::Missing => Ok(None),
            Opened::Gone(_) => Err(ProblemCode::NotSignedIn.into()),
        }
    }

    /// The record as it was read.
    pub fn record(&self) -> &Record {
        &self.loaded.record
    }

    /// How long it lives from now if nothing happens.
    pub fn remaining(&self) -> Duration {
        self.loaded.remaining()
    }

    /// Its record key.
    pub fn key(&self) -> RecordKey {
        self.location.key()
    }

    /// Its vault and its location in it.
    pub(super) fn location(&self) -> (Vault, RecordLocation) {
        (self.vault.clone(), self.location.clone())
    }

    /// Reads it again.
    pub async fn reload(&mut self) -> Result<(), ApiError> {
        match Self::at(&self.vault, &self.location).await? {
            Some(now) => {
                *self = now;
                Ok(())
            }
            None => Err(ProblemCode::NoTransaction.into()),
        }
    }

    /// Changes it and extends its idle time. The change is repeated until no other writer comes between.
    pub async fn change<T>(
        &mut self,
        now: SystemTime,
        change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(change, |record, _| record.life(now)).await
    }

    /// The same for a change that no person made: the idle time goes on.
    pub async fn change_unattended<T>(
        &mut self,
        now: SystemTime,
        change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(change, |record, left| record.life_unattended(left, now)).await
    }

    async fn write<T>(
        &mut self,
        change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
        life: impl Fn(&Record, Duration) -> Duration,
    ) -> Result<T, ApiError> {
        self.vault
            .update(UpdateTarget::at(&self.location), &mut self.loaded, change, life, ended_meanwhile)
            .await
    }

    /// Changes it and moves it to another handle in one act.
    pub async fn change_and_move<T>(
        &mut self,
        now: SystemTime,
        next: &SessionHandle,
        mut change: impl FnMut(&mut Record) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let next = self.vault.location(next)?;
        let change = |record: &mut Record| change(record).map(Commit::Write);
        let life = |record: &Record, _| record.life(now);
        let target = UpdateTarget::at(&self.location).and_move_to(&next);
        let done = self.vault.update(target, &mut self.loaded, change, life, ended_meanwhile).await?;
        self.location = next;
        Ok(done)
    }

    /// Extends its idle time without changing it.
    pub async fn touch(&mut self, now: SystemTime) -> Result<(), ApiError> {
        let life = self.loaded.record.life(now);
        self.loaded.extend(life);
        Ok(self.vault.touch(&self.location, life).await?)
    }

    /// Ends it.
    pub async fn end(self) -> Result<Record, ApiError> {
        self.vault.delete(&self.location).await?;
        Ok(self.loaded.record)
    }
}

/// The error of a change when the record has ended meanwhile.
fn ended_meanwhile(end: Option<End>) -> Result<Record, ApiError> {
    Err(if end.is_some() { ProblemCode::NotSignedIn.into() } else { ProblemCode::NoTransaction.into() })
}

impl From<Contended> for ApiError {
    fn from(contended: Contended) -> Self {
        Unavailable::from(contended).into()
    }
}

#[cfg(test)]
mod tests {
    use super::StoredRecord;
    use crate::session::Record;
    use latchkey_vault::{
        KeyRing, MasterKey, Memory, RandomSource, RecordKey, Room, Sealed, SessionHandle, Store, Vault,
    };
    use std::{
        sync::Arc,
        time::{Duration, Instant, SystemTime},
    };

    #[tokio::test]
    async fn sec_216_no_flow_begins_when_the_store_has_room_for_sessions_only() {
        let (began, now) = (Instant::now(), SystemTime::now());
        let store = Arc::new(Memory::with_clock(move || began));
        let random = RandomSource::system();
        let ring = KeyRing::new(MasterKey::random(&random).unwrap(), vec![], "issuer", "client");
        let vault = Vault::new(store.clone(), ring, random.clone());
        let handle = || SessionHandle::random(&random).unwrap();
        let mut begun = StoredRecord::create(vault.clone(), &handle(), Record::default(), now).await.unwrap();
        let mut number: u128 = 0;
        while store.room() != Room::ForSessions {
            let mut key = [0; 32];
            key.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
            store.create(RecordKey(key), Sealed(vec![1]), Duration::from_secs(60)).await.unwrap();
            number += 1;
        }
        assert!(StoredRecord::create(vault.clone(), &handle(), Record::default(), now).await.is_err());
        begun.change_and_move(now, &handle(), |_| Ok(())).await.unwrap();
    }
}
