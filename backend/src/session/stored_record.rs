//! A session's record as it was read, changed by compare-and-swap.

use super::Record;
use crate::{
    problem::ApiError,
    vault::{End, Loaded, Opened, RecordKey, RecordLocation, Room, SessionHandle, Unavailable, Vault, Write},
};
use latchkey_contract::ProblemCode;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How often a change is tried against others that change the same record.
const MAX_ATTEMPTS: usize = 32;

/// A record, and where it belongs.
pub struct StoredRecord {
    vault: Vault,
    place: RecordLocation,
    at: Loaded<Record>,
    /// When its life ends if nothing happens.
    ends: Instant,
}

/// A session that is to end.
pub enum ToEnd {
    /// Its record.
    Here(Box<StoredRecord>),
    /// Its key; there is no record under it, or none any more.
    Elsewhere(RecordKey),
}

/// Whether a change is to be written.
pub enum Commit<T> {
    /// It is.
    Write(T),
    /// There is nothing to write.
    Skip(T),
}

impl StoredRecord {
    /// Makes a new record.
    pub async fn create(
        vault: Vault,
        handle: &SessionHandle,
        record: Record,
        now: SystemTime,
    ) -> Result<Self, ApiError> {
        if vault.room() == Room::ForSessions {
            return Err(Unavailable("the store has no room for another flow".to_owned()).into());
        }
        let (place, remaining) = (vault.place(handle)?, record.life(now));
        match vault.create(&place, &record, remaining).await? {
            Write::Done => Ok(Self::read(vault, place, Loaded { record, version: 1, remaining })),
            Write::Refused => Err(Unavailable("a new name was taken already".to_owned()).into()),
        }
    }

    /// Reads the record of a ticket, if there is one. A ticket whose record has just gone is refused: the browser may
    /// already hold the next one, and an answer to the old must not get in its way.
    pub async fn find(vault: &Vault, handle: &SessionHandle) -> Result<Option<Self>, ApiError> {
        Self::at(vault, &vault.place(handle)?).await
    }

    /// The same for a browser that wants its session to end, wherever that now is.
    pub async fn find_to_end(vault: &Vault, handle: &SessionHandle) -> Result<ToEnd, ApiError> {
        let place = vault.place(handle)?;
        Ok(match vault.load(&place).await? {
            Opened::Live(at) => ToEnd::Here(Box::new(Self::read(vault.clone(), place, at))),
            Opened::Nothing | Opened::Gone(_) => ToEnd::Elsewhere(place.key()),
        })
    }

    /// The same for a browser that begins anew: what has been deleted has no next name that could be in the way.
    pub async fn find_to_begin(vault: &Vault, handle: &SessionHandle) -> Result<Option<Self>, ApiError> {
        let place = vault.place(handle)?;
        match vault.load(&place).await? {
            Opened::Live(at) => Ok(Some(Self::read(vault.clone(), place, at))),
            Opened::Nothing | Opened::Gone(End::Deleted) => Ok(None),
            Opened::Gone(End::Moved) => Err(ProblemCode::NotSignedIn.into()),
        }
    }

    /// The same as `find`, of who knows the place.
    pub(super) async fn at(vault: &Vault, place: &RecordLocation) -> Result<Option<Self>, ApiError> {
        match vault.load(place).await? {
            Opened::Live(at) => Ok(Some(Self::read(vault.clone(), place.clone(), at))),
            Opened::Nothing => Ok(None),
            Opened::Gone(_) => Err(ProblemCode::NotSignedIn.into()),
        }
    }

    fn read(vault: Vault, place: RecordLocation, at: Loaded<Record>) -> Self {
        let ends = Instant::now() + at.remaining;
        Self { vault, place, at, ends }
    }

    /// What was read.
    pub fn record(&self) -> &Record {
        &self.at.record
    }

    /// How long it lives if nothing happens.
    pub fn remaining(&self) -> Duration {
        self.at.remaining
    }

    /// What the store finds it by.
    pub fn key(&self) -> RecordKey {
        self.place.key()
    }

    /// Where to find it again.
    pub(super) fn place(&self) -> (Vault, RecordLocation) {
        (self.vault.clone(), self.place.clone())
    }

    /// Reads it again.
    pub async fn reload(&mut self) -> Result<(), ApiError> {
        match Self::at(&self.vault, &self.place).await? {
            Some(now) => {
                *self = now;
                Ok(())
            }
            None => Err(ProblemCode::NoTransaction.into()),
        }
    }

    /// Changes it, which is a sign of life. The change is made again on what others have written meanwhile, until it goes
    /// through.
    pub async fn change<T>(
        &mut self,
        now: SystemTime,
        change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(change, |record, _| record.life(now)).await
    }

    /// The same for what happens by itself: a person who is signed in does not stay so for it.
    pub async fn change_unattended<T>(
        &mut self,
        now: SystemTime,
        change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(change, |record, left| record.life_unattended(left, now)).await
    }

    async fn write<T>(
        &mut self,
        mut change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
        life: impl Fn(&Record, Duration) -> Duration,
    ) -> Result<T, ApiError> {
        for _ in 0..MAX_ATTEMPTS {
            let done = match change(&mut self.at.record)? {
                Commit::Skip(done) => return Ok(done),
                Commit::Write(done) => done,
            };
            let life = life(&self.at.record, self.ends.saturating_duration_since(Instant::now()));
            match self.vault.swap(&self.place, self.at.version, &self.at.record, life).await? {
                Write::Done => {
                    self.at.version += 1;
                    self.lives(life);
                    return Ok(done);
                }
                Write::Refused => self.reload().await?,
            }
        }
        Err(Unavailable("too many changes at once".to_owned()).into())
    }

    /// Changes it and moves it to another ticket in one act.
    pub async fn change_and_move<T>(
        &mut self,
        now: SystemTime,
        next: &SessionHandle,
        mut change: impl FnMut(&mut Record) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let next = self.vault.place(next)?;
        for _ in 0..MAX_ATTEMPTS {
            let done = change(&mut self.at.record)?;
            let life = self.at.record.life(now);
            let old = (&self.place, self.at.version);
            match self.vault.rotate(old, &next, &self.at.record, life).await? {
                Write::Done => {
                    self.place = next;
                    self.at.version = 1;
                    self.lives(life);
                    return Ok(done);
                }
                Write::Refused => self.reload().await?,
            }
        }
        Err(Unavailable("too many changes at once".to_owned()).into())
    }

    /// Lets it live longer, without changing it.
    pub async fn touch(&mut self, now: SystemTime) -> Result<(), ApiError> {
        self.lives(self.at.record.life(now));
        Ok(self.vault.touch(&self.place, self.at.remaining).await?)
    }

    fn lives(&mut self, life: Duration) {
        self.at.remaining = life;
        self.ends = Instant::now() + life;
    }

    /// Ends it.
    pub async fn end(self) -> Result<Record, ApiError> {
        self.vault.delete(&self.place).await?;
        Ok(self.at.record)
    }
}

#[cfg(test)]
mod tests {
    use super::StoredRecord;
    use crate::{
        session::Record,
        vault::{KeyHalf, KeyRing, MasterKey, Memory, RecordKey, Room, Sealed, SessionHandle, Store, Vault},
    };
    use std::{
        sync::Arc,
        time::{Duration, Instant, SystemTime},
    };
    use tower_sessions::session::Id;

    #[tokio::test]
    async fn sec_216_no_flow_begins_where_what_is_left_is_for_those_who_are_signed_in() {
        let (began, now) = (Instant::now(), SystemTime::now());
        let store = Arc::new(Memory::with_clock(move || began));
        let ring = KeyRing::new(MasterKey::fresh().unwrap(), vec![], "issuer", "client");
        let vault = Vault::new(store.clone(), ring);
        let handle = |id| SessionHandle::new(Id(id), KeyHalf::fresh().unwrap());
        let mut begun =
            StoredRecord::create(vault.clone(), &handle(1), Record::default(), now).await.unwrap();
        let mut number: u128 = 0;
        while store.room() != Room::ForSessions {
            let mut key = [0; 32];
            key.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
            store.create(RecordKey(key), Sealed(vec![1]), Duration::from_secs(60)).await.unwrap();
            number += 1;
        }
        assert!(StoredRecord::create(vault.clone(), &handle(2), Record::default(), now).await.is_err());
        begun.change_and_move(now, &handle(3), |_| Ok(())).await.unwrap();
    }
}
