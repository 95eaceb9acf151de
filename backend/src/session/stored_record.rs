//! The record of one session as it was read, and the way to change it.

use super::Record;
use crate::{
    problem::ApiError,
    vault::{End, Key, Loaded, Opened, Place, Room, Ticket, Unavailable, Vault, Write},
};
use latchkey_contract::Code;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How often a change is tried against others that change the same record.
const TRIES: usize = 32;

/// A record, and where it belongs.
pub struct Kept {
    vault: Vault,
    place: Place,
    at: Loaded<Record>,
    /// When its life ends if nothing happens.
    ends: Instant,
}

/// A session that is to end.
pub enum ToEnd {
    /// Its record.
    Here(Box<Kept>),
    /// Its key; there is no record under it, or none any more.
    Elsewhere(Key),
}

/// Whether a change is to be written.
pub enum Next<T> {
    /// It is.
    Write(T),
    /// There is nothing to write.
    Leave(T),
}

impl Kept {
    /// Makes a new record.
    pub async fn create(
        vault: Vault,
        ticket: &Ticket,
        record: Record,
        now: SystemTime,
    ) -> Result<Self, ApiError> {
        if vault.room() == Room::ForSessions {
            return Err(Unavailable("the store has no room for another flow".to_owned()).into());
        }
        let (place, remaining) = (vault.place(ticket)?, record.life(now));
        match vault.create(&place, &record, remaining).await? {
            Write::Done => Ok(Self::read(vault, place, Loaded { record, version: 1, remaining })),
            Write::Refused => Err(Unavailable("a new name was taken already".to_owned()).into()),
        }
    }

    /// Reads the record of a ticket, if there is one. A ticket whose record has just gone is refused: the browser may
    /// already hold the next one, and an answer to the old must not get in its way.
    pub async fn find(vault: &Vault, ticket: &Ticket) -> Result<Option<Self>, ApiError> {
        Self::at(vault, &vault.place(ticket)?).await
    }

    /// The same for a browser that wants its session to end, wherever that now is.
    pub async fn find_to_end(vault: &Vault, ticket: &Ticket) -> Result<ToEnd, ApiError> {
        let place = vault.place(ticket)?;
        Ok(match vault.load(&place).await? {
            Opened::Live(at) => ToEnd::Here(Box::new(Self::read(vault.clone(), place, at))),
            Opened::Nothing | Opened::Gone(_) => ToEnd::Elsewhere(place.key()),
        })
    }

    /// The same for a browser that begins anew: what has been deleted has no next name that could be in the way.
    pub async fn find_to_begin(vault: &Vault, ticket: &Ticket) -> Result<Option<Self>, ApiError> {
        let place = vault.place(ticket)?;
        match vault.load(&place).await? {
            Opened::Live(at) => Ok(Some(Self::read(vault.clone(), place, at))),
            Opened::Nothing | Opened::Gone(End::Deleted) => Ok(None),
            Opened::Gone(End::Moved) => Err(Code::NotSignedIn.into()),
        }
    }

    /// The same as `find`, of who knows the place.
    pub(super) async fn at(vault: &Vault, place: &Place) -> Result<Option<Self>, ApiError> {
        match vault.load(place).await? {
            Opened::Live(at) => Ok(Some(Self::read(vault.clone(), place.clone(), at))),
            Opened::Nothing => Ok(None),
            Opened::Gone(_) => Err(Code::NotSignedIn.into()),
        }
    }

    fn read(vault: Vault, place: Place, at: Loaded<Record>) -> Self {
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
    pub fn key(&self) -> Key {
        self.place.key()
    }

    /// Where to find it again.
    pub(super) fn place(&self) -> (Vault, Place) {
        (self.vault.clone(), self.place.clone())
    }

    /// Reads it again.
    pub async fn reload(&mut self) -> Result<(), ApiError> {
        match Self::at(&self.vault, &self.place).await? {
            Some(now) => {
                *self = now;
                Ok(())
            }
            None => Err(Code::NoTransaction.into()),
        }
    }

    /// Changes it, which is a sign of life. The change is made again on what others have written meanwhile, until it goes
    /// through.
    pub async fn change<T>(
        &mut self,
        now: SystemTime,
        change: impl FnMut(&mut Record) -> Result<Next<T>, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(change, |record, _| record.life(now)).await
    }

    /// The same for what happens by itself: a person who is signed in does not stay so for it.
    pub async fn change_unattended<T>(
        &mut self,
        now: SystemTime,
        change: impl FnMut(&mut Record) -> Result<Next<T>, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(change, |record, left| record.life_unattended(left, now)).await
    }

    async fn write<T>(
        &mut self,
        mut change: impl FnMut(&mut Record) -> Result<Next<T>, ApiError>,
        life: impl Fn(&Record, Duration) -> Duration,
    ) -> Result<T, ApiError> {
        for _ in 0..TRIES {
            let done = match change(&mut self.at.record)? {
                Next::Leave(done) => return Ok(done),
                Next::Write(done) => done,
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
        next: &Ticket,
        mut change: impl FnMut(&mut Record) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let next = self.vault.place(next)?;
        for _ in 0..TRIES {
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
    use super::Kept;
    use crate::{
        session::Record,
        vault::{Half, Key, KeyRing, MasterKey, Memory, Room, Sealed, Store, Ticket, Vault},
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
        let ticket = |id| Ticket::new(Id(id), Half::fresh().unwrap());
        let mut begun = Kept::create(vault.clone(), &ticket(1), Record::default(), now).await.unwrap();
        let mut number: u128 = 0;
        while store.room() != Room::ForSessions {
            let mut key = [0; 32];
            key.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
            store.create(Key(key), Sealed(vec![1]), Duration::from_secs(60)).await.unwrap();
            number += 1;
        }
        assert!(Kept::create(vault.clone(), &ticket(2), Record::default(), now).await.is_err());
        begun.change_and_move(now, &ticket(3), |_| Ok(())).await.unwrap();
    }
}
