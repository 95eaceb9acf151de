//! Records in the memory of this process: for one instance, and gone when it ends.

use crate::store::{
    End, RecordKey, Room, Sealed, Store, Stored, TOMBSTONE_LIFETIME, Unavailable, Version, Write,
};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The most records.
const MAX_RECORDS: usize = 200_000;
/// From so many on, the store has room for flows and sessions only.
const MAX_BEFORE_DEVICES_ARE_REFUSED: usize = MAX_RECORDS / 2;
/// From so many on, the store has room for sessions only.
const MAX_BEFORE_FLOWS_ARE_REFUSED: usize = MAX_RECORDS / 4 * 3;

/// Records in a map.
pub struct Memory {
    slots: Mutex<HashMap<RecordKey, Slot>>,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
}

struct Slot {
    until: Instant,
    content: Content,
}

enum Content {
    Live(Box<[u8]>, Version),
    Gone(End),
}

impl Default for Memory {
    fn default() -> Self {
        Self::with_clock(Instant::now)
    }
}

impl Memory {
    /// Records with lives counted by this clock.
    pub fn with_clock(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { slots: Mutex::default(), clock: Box::new(clock) }
    }

    /// A poisoned lock still guards a whole map, since each change is one assignment.
    fn slots(&self) -> MutexGuard<'_, HashMap<RecordKey, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for Memory {
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable> {
        let now = (self.clock)();
        let mut slots = self.slots();
        if slots.len() >= MAX_RECORDS {
            return Err(Unavailable("the memory store is full".to_owned()));
        }
        if slots.get(&key).is_some_and(|slot| slot.is_present(now)) {
            return Ok(Write::Refused);
        }
        slots.insert(key, Slot::live(record, 1, now + life));
        Ok(Write::Done)
    }

    async fn load(&self, key: RecordKey) -> Result<Option<Stored>, Unavailable> {
        let now = (self.clock)();
        let slots = self.slots();
        let Some(slot) = slots.get(&key).filter(|slot| slot.is_present(now)) else { return Ok(None) };
        Ok(Some(match &slot.content {
            Content::Gone(end) => Stored::Gone(*end),
            Content::Live(record, version) => {
                let remaining = slot.until.saturating_duration_since(now);
                Stored::Live(Sealed(record.to_vec()), *version, remaining)
            }
        }))
    }

    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let now = (self.clock)();
        match self.slots().get_mut(&key).filter(|slot| slot.is_version(read, now)) {
            Some(slot) => {
                *slot = Slot::live(record, read + 1, now + life);
                Ok(Write::Done)
            }
            None => Ok(Write::Refused),
        }
    }

    async fn rotate(
        &self,
        (old, read): (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let now = (self.clock)();
        let mut slots = self.slots();
        if slots.get(&new).is_some_and(|slot| slot.is_present(now)) {
            return Ok(Write::Refused);
        }
        match slots.get_mut(&old).filter(|slot| slot.is_version(read, now)) {
            Some(slot) => *slot = Slot::gone(End::Moved, now),
            None => return Ok(Write::Refused),
        }
        slots.insert(new, Slot::live(record, 1, now + life));
        Ok(Write::Done)
    }

    async fn delete(&self, key: RecordKey) -> Result<(), Unavailable> {
        let now = (self.clock)();
        if let Some(slot) = self.slots().get_mut(&key).filter(|slot| slot.is_live(now)) {
            *slot = Slot::gone(End::Deleted, now);
        }
        Ok(())
    }

    async fn touch(&self, key: RecordKey, life: Duration) -> Result<(), Unavailable> {
        let now = (self.clock)();
        if let Some(slot) = self.slots().get_mut(&key).filter(|slot| slot.is_live(now)) {
            slot.until = now + life;
        }
        Ok(())
    }

    fn room(&self) -> Room {
        match self.slots().len() {
            count if count < MAX_BEFORE_DEVICES_ARE_REFUSED => Room::ForAll,
            count if count < MAX_BEFORE_FLOWS_ARE_REFUSED => Room::ForFlows,
            _ => Room::ForSessions,
        }
    }

    async fn sweep(&self) -> Result<u64, Unavailable> {
        let now = (self.clock)();
        let mut slots = self.slots();
        let before = slots.len();
        slots.retain(|_, slot| slot.is_present(now));
        let swept = before - slots.len();
        if slots.capacity() > 4 * slots.len().max(1024) {
            slots.shrink_to_fit();
        }
        Ok(swept as u64)
    }
}

impl Slot {
    fn live(record: Sealed, version: Version, until: Instant) -> Self {
        Self { until, content: Content::Live(record.0.into_boxed_slice(), version) }
    }

    fn gone(end: End, now: Instant) -> Self {
        Self { until: now + TOMBSTONE_LIFETIME, content: Content::Gone(end) }
    }

    fn is_present(&self, now: Instant) -> bool {
        now < self.until
    }

    fn is_live(&self, now: Instant) -> bool {
        self.is_present(now) && matches!(self.content, Content::Live(..))
    }

    fn is_version(&self, read: Version, now: Instant) -> bool {
        self.is_present(now) && matches!(self.content, Content::Live(_, version) if version == read)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} records)", self.slots().len())
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_RECORDS, Memory, RecordKey, Room, Sealed, Store, Write};
    use std::time::Duration;

    fn key(number: usize) -> RecordKey {
        let mut key = [0; 32];
        key.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
        RecordKey(key)
    }

    #[tokio::test]
    async fn sec_216_devices_and_new_flows_leave_room_for_sessions() {
        let store = Memory::default();
        let minute = Duration::from_secs(60);
        let fill = async |from: usize, to: usize| {
            for number in from..to {
                store.create(key(number), Sealed(vec![1]), minute).await.unwrap();
            }
        };
        for (from, to, room) in [
            (0, MAX_RECORDS / 2 - 1, Room::ForAll),
            (MAX_RECORDS / 2 - 1, MAX_RECORDS / 2, Room::ForFlows),
            (MAX_RECORDS / 2, MAX_RECORDS / 4 * 3, Room::ForSessions),
        ] {
            fill(from, to).await;
            assert_eq!(store.room(), room);
        }
        let moved = store.rotate((key(0), 1), key(MAX_RECORDS), Sealed(vec![1]), minute).await;
        assert_eq!(moved.unwrap(), Write::Done, "a flow that has begun can still end with a sign-in");
        fill(MAX_RECORDS / 4 * 3 + 1, MAX_RECORDS - 1).await;
        let moved = store.rotate((key(1), 1), key(MAX_RECORDS + 1), Sealed(vec![1]), minute).await;
        assert_eq!(moved.unwrap(), Write::Done, "a full store signs no one out");
    }

    #[tokio::test]
    async fn rel_06_a_full_memory_store_refuses_new_records() {
        let store = Memory::default();
        let create = |number, life| store.create(key(number), Sealed(vec![1]), life);
        for number in 0..MAX_RECORDS {
            assert_eq!(create(number, Duration::ZERO).await.unwrap(), Write::Done);
        }
        let minute = Duration::from_secs(60);
        assert!(create(MAX_RECORDS, minute).await.unwrap_err().0.contains("full"));
        assert_eq!(store.sweep().await.unwrap(), u64::try_from(MAX_RECORDS).unwrap());
        assert_eq!(create(MAX_RECORDS, minute).await.unwrap(), Write::Done);
        assert!(store.slots().capacity() < MAX_RECORDS / 4, "the room is given back");
    }
}
