//! How a record begins, lives and ends.

use crate::test_store::{LIFE, TestStore, key, live, numbered, until};
use latchkey_vault::{End, Stored, Write};
use std::time::Duration;
use tokio::task::JoinSet;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

pub(crate) async fn a_record_is_read_as_it_was_written(target: impl TestStore) {
    let store = target.open();
    let key = key();
    assert_eq!(store.load(key).await.unwrap(), None);
    assert_eq!(store.create(key, numbered(7), LIFE).await.unwrap(), Write::Done);
    let Some(Stored::Live(record, version, remaining)) = store.load(key).await.unwrap() else {
        panic!("it is gone")
    };
    assert_eq!((record, version), (numbered(7), 1));
    assert!(remaining <= LIFE && remaining > LIFE - 30 * SECOND, "{remaining:?}");
}

pub(crate) async fn rel_01_a_key_with_a_record_or_a_tombstone_is_refused(target: impl TestStore) {
    let store = target.open();
    let (taken, deleted, moved, new) = (key(), key(), key(), key());
    for key in [taken, deleted, moved] {
        assert_eq!(store.create(key, numbered(1), LIFE).await.unwrap(), Write::Done);
    }
    store.delete(deleted).await.unwrap();
    assert_eq!(store.rotate((moved, 1), new, numbered(1), LIFE).await.unwrap(), Write::Done);
    for key in [taken, deleted, moved, new] {
        assert_eq!(store.create(key, numbered(2), LIFE).await.unwrap(), Write::Refused);
        assert_ne!(live(&*store, key).await.map(|(number, _)| number), Some(2));
    }
}

pub(crate) async fn rel_01_only_the_version_that_was_read_is_replaced(target: impl TestStore) {
    let store = target.open();
    let (taken, free) = (key(), key());
    store.create(taken, numbered(1), LIFE).await.unwrap();
    for wrong in [0, 2, u64::MAX >> 1] {
        assert_eq!(store.swap(taken, wrong, numbered(9), LIFE).await.unwrap(), Write::Refused);
    }
    assert_eq!(store.swap(free, 1, numbered(9), LIFE).await.unwrap(), Write::Refused);
    assert_eq!(store.load(free).await.unwrap(), None, "a swap makes nothing");
    assert_eq!(store.swap(taken, 1, numbered(2), LIFE).await.unwrap(), Write::Done);
    assert_eq!(store.swap(taken, 1, numbered(9), LIFE).await.unwrap(), Write::Refused);
    assert_eq!(live(&*store, taken).await, Some((2, 2)));
}

pub(crate) async fn sec_15_a_record_moves_whole_or_not_at_all(target: impl TestStore) {
    let store = target.open();
    let (old, new, taken) = (key(), key(), key());
    store.create(old, numbered(1), LIFE).await.unwrap();
    store.create(taken, numbered(5), LIFE).await.unwrap();
    for (version, to) in [(2, new), (1, taken), (1, old)] {
        assert_eq!(store.rotate((old, version), to, numbered(9), LIFE).await.unwrap(), Write::Refused);
        assert_eq!(live(&*store, old).await, Some((1, 1)));
        assert_eq!(live(&*store, taken).await, Some((5, 1)));
        assert_eq!(store.load(new).await.unwrap(), None);
    }
    assert_eq!(store.rotate((old, 1), new, numbered(2), LIFE).await.unwrap(), Write::Done);
    assert_eq!(store.load(old).await.unwrap(), Some(Stored::Gone(End::Moved)));
    assert_eq!(live(&*store, new).await, Some((2, 1)));
}

pub(crate) async fn sec_16_an_ended_record_cannot_be_written(target: impl TestStore) {
    let store = target.open();
    let (deleted, moved, new, other) = (key(), key(), key(), key());
    store.create(deleted, numbered(1), LIFE).await.unwrap();
    store.create(moved, numbered(1), LIFE).await.unwrap();
    store.delete(deleted).await.unwrap();
    store.rotate((moved, 1), new, numbered(1), LIFE).await.unwrap();
    for (ended, how) in [(deleted, End::Deleted), (moved, End::Moved)] {
        for version in [0, 1, 2] {
            assert_eq!(store.swap(ended, version, numbered(9), LIFE).await.unwrap(), Write::Refused);
            assert_eq!(
                store.rotate((ended, version), other, numbered(9), LIFE).await.unwrap(),
                Write::Refused
            );
        }
        store.touch(ended, LIFE).await.unwrap();
        store.delete(ended).await.unwrap();
        assert_eq!(store.load(ended).await.unwrap(), Some(Stored::Gone(how)));
    }
    assert_eq!(store.load(other).await.unwrap(), None);
    target.advance(MINUTE).await;
    assert_eq!(store.load(deleted).await.unwrap(), None, "a touch does not keep a tombstone");
}

pub(crate) async fn sec_17_a_tombstone_lasts_a_minute(target: impl TestStore) {
    let store = target.open();
    let (deleted, moved, new) = (key(), key(), key());
    store.create(deleted, numbered(1), LIFE).await.unwrap();
    store.create(moved, numbered(1), LIFE).await.unwrap();
    store.delete(deleted).await.unwrap();
    store.rotate((moved, 1), new, numbered(1), LIFE).await.unwrap();
    target.advance(MINUTE - 20 * SECOND).await;
    assert_eq!(store.load(deleted).await.unwrap(), Some(Stored::Gone(End::Deleted)));
    assert_eq!(store.load(moved).await.unwrap(), Some(Stored::Gone(End::Moved)));
    target.advance(20 * SECOND).await;
    assert_eq!(store.load(deleted).await.unwrap(), None);
    assert_eq!(store.load(moved).await.unwrap(), None);
    assert_eq!(live(&*store, new).await, Some((1, 1)));
}

pub(crate) async fn rel_07_an_expired_record_is_not_found_swept_or_not(target: impl TestStore) {
    let store = target.open();
    let (key, other) = (key(), key());
    store.create(key, numbered(1), MINUTE).await.unwrap();
    target.advance(MINUTE).await;
    assert_eq!(store.load(key).await.unwrap(), None);
    assert_eq!(store.swap(key, 1, numbered(9), LIFE).await.unwrap(), Write::Refused);
    assert_eq!(store.rotate((key, 1), other, numbered(9), LIFE).await.unwrap(), Write::Refused);
    store.touch(key, LIFE).await.unwrap();
    store.delete(key).await.unwrap();
    assert_eq!(store.load(key).await.unwrap(), None);
    assert_eq!(store.load(other).await.unwrap(), None);
    assert_eq!(store.create(key, numbered(2), LIFE).await.unwrap(), Write::Done);
    assert_eq!(live(&*store, key).await, Some((2, 1)));
}

pub(crate) async fn rel_09_a_life_is_counted_by_the_store(target: impl TestStore) {
    let store = target.open();
    let key = key();
    let life = Duration::from_millis(300);
    store.create(key, numbered(1), life).await.unwrap();
    let lived =
        until(5 * SECOND, "the record has ended", async || store.load(key).await.unwrap().is_none()).await;
    assert!(lived > life / 2, "it ended after {lived:?}");
}

pub(crate) async fn a_write_and_a_touch_start_a_new_life(target: impl TestStore) {
    let store = target.open();
    let (swapped, touched, neither) = (key(), key(), key());
    for key in [swapped, touched, neither] {
        store.create(key, numbered(1), 2 * MINUTE).await.unwrap();
    }
    target.advance(MINUTE).await;
    assert_eq!(store.swap(swapped, 1, numbered(2), 2 * MINUTE).await.unwrap(), Write::Done);
    store.touch(touched, 2 * MINUTE).await.unwrap();
    target.advance(MINUTE).await;
    assert_eq!(live(&*store, swapped).await, Some((2, 2)));
    assert_eq!(live(&*store, touched).await, Some((1, 1)), "a touch is no new version");
    assert_eq!(live(&*store, neither).await, None);
    store.touch(touched, SECOND).await.unwrap();
    target.advance(SECOND).await;
    assert_eq!(live(&*store, touched).await, None, "a touch can shorten a life as well");
}

pub(crate) async fn rel_07_a_sweep_removes_expired_records_only(target: impl TestStore) {
    let (store, kept) = (target.open(), key());
    let mut writers = JoinSet::new();
    for _ in 0..25 {
        let store = store.clone();
        writers.spawn(async move {
            for _ in 0..100 {
                assert_eq!(store.create(key(), numbered(0), MINUTE).await.unwrap(), Write::Done);
            }
        });
    }
    writers.join_all().await;
    store.create(kept, numbered(1), LIFE).await.unwrap();
    assert_eq!(target.count().await, 2501);
    target.advance(MINUTE).await;
    let swept = store.sweep().await.unwrap();
    assert!(swept == 2500 || swept == 0, "{swept}: all of it, unless the store does that by itself");
    assert_eq!(target.count().await, 1);
    assert_eq!(live(&*store, kept).await, Some((1, 1)));
    assert_eq!(store.sweep().await.unwrap(), 0);
}

pub(crate) async fn rel_05_instances_that_start_together_share_the_records(target: impl TestStore) {
    let mut beginnings = JoinSet::new();
    for number in 0..8 {
        let address = target.address();
        beginnings.spawn_blocking(move || (crate::test_store::open(&address), key(), number));
    }
    let instances = beginnings.join_all().await;
    for (store, key, number) in &instances {
        assert_eq!(store.create(*key, numbered(*number), LIFE).await.unwrap(), Write::Done);
    }
    for (store, ..) in &instances {
        for (_, key, number) in &instances {
            assert_eq!(live(&**store, *key).await, Some((*number, 1)));
        }
    }
    let ([first, .., last], key) = (&instances[..], instances[0].1) else { panic!("there are eight") };
    assert_eq!(last.0.swap(key, 1, numbered(77), LIFE).await.unwrap(), Write::Done);
    assert_eq!(first.0.swap(key, 1, numbered(78), LIFE).await.unwrap(), Write::Refused);
    assert_eq!(live(&*first.0, key).await, Some((77, 2)));
}
