//! A record as it was read, and what an update makes of it.

use crate::key_ring::RecordLocation;
use crate::store::{End, Version};
use std::time::Duration;
use tokio::time::Instant;

/// How often an update tries when other writers come between.
const MAX_ATTEMPTS: usize = 32;

/// A record as it was read.
pub struct Loaded<R> {
    /// The record.
    pub record: R,
    /// The version that a swap must name; 0 if there is no record yet.
    pub version: Version,
    ends: Instant,
}

/// What is found at a location.
pub enum Opened<R> {
    /// A record.
    Live(Loaded<R>),
    /// The tombstone of a record.
    Gone(End),
    /// No record, or none that a key of the ring opens.
    Missing,
}

/// Where an update reads and writes a record, and how often it tries.
#[derive(Clone, Copy)]
pub struct UpdateTarget<'a> {
    pub(crate) location: &'a RecordLocation,
    pub(crate) next: Option<&'a RecordLocation>,
    pub(crate) max_attempts: usize,
}

/// Whether a change is to be written.
pub enum Commit<T> {
    /// The record has changed.
    Write(T),
    /// There is nothing to write.
    Skip(T),
}

impl<'a> UpdateTarget<'a> {
    /// Writes the record where it was read.
    pub fn at(location: &'a RecordLocation) -> Self {
        Self { location, next: None, max_attempts: MAX_ATTEMPTS }
    }

    /// Moves the record to `next` in the same act.
    pub fn and_move_to(self, next: &'a RecordLocation) -> Self {
        Self { next: Some(next), ..self }
    }

    /// Tries so often instead of 32 times.
    pub fn attempts(self, max_attempts: usize) -> Self {
        Self { max_attempts, ..self }
    }
}

impl<R> Loaded<R> {
    /// A record that is not in the store yet.
    pub(crate) fn unwritten(record: R) -> Self {
        Self { record, version: 0, ends: Instant::now() }
    }

    /// A record that was created just now, with this life.
    pub fn created(record: R, life: Duration) -> Self {
        Self { record, version: 1, ends: Instant::now() + life }
    }

    /// A record that was found at this version, with this remaining life.
    pub(crate) fn found(record: R, version: Version, remaining: Duration) -> Self {
        Self { record, version, ends: Instant::now() + remaining }
    }

    /// How long it lives from now if nothing happens.
    pub fn remaining(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    /// Notes that it lives this long from now, after a write or a touch.
    pub fn extend(&mut self, life: Duration) {
        self.ends = Instant::now() + life;
    }
}
