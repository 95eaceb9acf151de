//! Many writers of one record, over two instances, at the same time.

use crate::test_store::{LIFE, TestStore, key, live, numbered, read};
use latchkey_vault::{End, RecordKey, Store, Stored, Unavailable, Write};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How often each race is run.
const ROUNDS: usize = 1000;
/// How many races are run at once.
const MAX_RACES: usize = 8;
/// With more unanswered rounds the store is too slow to test.
const MAX_VOID_ROUNDS: usize = ROUNDS / 10;

pub(crate) async fn rel_01_no_racing_update_is_lost(target: impl TestStore) {
    let instances = [target.open(), target.open()];
    let key = key();
    instances[0].create(key, numbered(0), LIFE).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..MAX_RACES {
        writers.spawn(count_up(instances[writer % 2].clone(), key, ROUNDS / MAX_RACES));
    }
    let unanswered: u64 = writers.join_all().await.into_iter().sum();
    let (number, version) = live(&*instances[1], key).await.unwrap();
    let acknowledged = ROUNDS as u64;
    assert!(
        (acknowledged..=acknowledged + unanswered).contains(&number),
        "{number}, {unanswered} unanswered"
    );
    assert_eq!(version, number + 1);
}

pub(crate) async fn rel_01_no_deleted_record_comes_back(target: impl TestStore) {
    each_round(&target, |here, there, _| async move {
        let (key, other) = (key(), key());
        here.create(key, numbered(1), LIFE).await?;
        let (deleted, touched, swapped, moved) = tokio::join!(
            here.delete(key),
            there.touch(key, LIFE),
            there.swap(key, 1, numbered(2), LIFE),
            here.rotate((key, 1), other, numbered(3), LIFE),
        );
        deleted?;
        touched?;
        let how = match (swapped?, moved?) {
            (Write::Done, Write::Done) => panic!("two have written version 2"),
            (_, Write::Done) => End::Moved,
            (_, Write::Refused) => End::Deleted,
        };
        for store in [&here, &there] {
            assert_eq!(read(&**store, key).await, Some(Stored::Gone(how)));
            assert_eq!(live(&**store, other).await.is_some(), how == End::Moved);
        }
        Ok(())
    })
    .await;
}

pub(crate) async fn sec_15_a_record_moves_to_one_of_many_keys(target: impl TestStore) {
    each_round(&target, |here, there, _| async move {
        let (old, [a, b, c]) = (key(), [key(), key(), key()]);
        here.create(old, numbered(1), LIFE).await?;
        let (to_a, to_b, to_c) = tokio::join!(
            here.rotate((old, 1), a, numbered(1), LIFE),
            there.rotate((old, 1), b, numbered(2), LIFE),
            there.rotate((old, 1), c, numbered(3), LIFE),
        );
        let moved = [(a, to_a?), (b, to_b?), (c, to_c?)];
        assert_eq!(moved.iter().filter(|(_, write)| *write == Write::Done).count(), 1);
        for (to, write) in moved {
            assert_eq!(live(&*here, to).await.is_some(), write == Write::Done);
        }
        assert_eq!(read(&*there, old).await, Some(Stored::Gone(End::Moved)));
        Ok(())
    })
    .await;
}

pub(crate) async fn sec_16_a_slow_write_does_not_undo_a_rotation(target: impl TestStore) {
    each_round(&target, |here, there, round| async move {
        let (old, new) = (key(), key());
        here.create(old, numbered(1), LIFE).await?;
        let swap = there.swap(old, 1, numbered(2), LIFE);
        let rotate = here.rotate((old, 1), new, numbered(3), LIFE);
        let (swapped, moved) = match round % 2 {
            0 => tokio::join!(swap, rotate),
            _ => {
                let (moved, swapped) = tokio::join!(rotate, swap);
                (swapped, moved)
            }
        };
        match (swapped?, moved?) {
            (Write::Done, Write::Refused) => {
                assert_eq!(live(&*here, old).await, Some((2, 2)));
                assert_eq!(read(&*here, new).await, None);
            }
            (Write::Refused, Write::Done) => {
                assert_eq!(read(&*there, old).await, Some(Stored::Gone(End::Moved)));
                assert_eq!(live(&*there, new).await, Some((3, 1)));
            }
            both => panic!("{both:?}"),
        }
        Ok(())
    })
    .await;
}

pub(crate) async fn rel_01_one_of_many_writers_creates_a_record(target: impl TestStore) {
    each_round(&target, |here, there, _| async move {
        let key = key();
        let (a, b, c) = tokio::join!(
            here.create(key, numbered(0), LIFE),
            there.create(key, numbered(1), LIFE),
            here.create(key, numbered(2), LIFE),
        );
        let made = [a?, b?, c?];
        let winner = made.iter().position(|write| *write == Write::Done).unwrap() as u64;
        assert_eq!(made.iter().filter(|write| **write == Write::Done).count(), 1);
        assert_eq!(live(&*there, key).await, Some((winner, 1)));
        Ok(())
    })
    .await;
}

pub(crate) async fn sec_15_an_interrupted_rotation_leaves_one_live_record(target: impl TestStore) {
    each_round(&target, |here, there, round| async move {
        let (old, new) = (key(), key());
        here.create(old, numbered(1), LIFE).await?;
        let timeouts = Duration::from_micros(20 * (round as u64 % 100));
        // Dropped or done, it must be whole.
        drop(tokio::time::timeout(timeouts, here.rotate((old, 1), new, numbered(2), LIFE)).await);
        one_is_live(&*there, old, new).await?;
        Ok(())
    })
    .await;
}

/// Counts a record up so many times; returns how many writes got no answer.
async fn count_up(store: Arc<dyn Store>, key: RecordKey, times: usize) -> u64 {
    let (mut done, mut unanswered) = (0, 0);
    while done < times {
        let (number, version) = live(&*store, key).await.unwrap();
        match store.swap(key, version, numbered(number + 1), LIFE).await {
            Ok(Write::Done) => done += 1,
            Ok(Write::Refused) => {}
            Err(_) => unanswered += 1,
        }
    }
    unanswered
}

/// Asserts that the record has moved wholly or not at all. A write to the old key settles a rotation that still runs: if
/// it is first, the rotation is refused; else the record has moved.
pub(crate) async fn one_is_live(
    store: &dyn Store,
    old: RecordKey,
    new: RecordKey,
) -> Result<Write, Unavailable> {
    let settled = store.swap(old, 1, numbered(9), LIFE).await?;
    match (settled, read(store, old).await, read(store, new).await) {
        (Write::Done, Some(Stored::Live(_, 2, _)), None)
        | (Write::Refused, Some(Stored::Gone(End::Moved)), Some(Stored::Live(_, 1, _))) => Ok(settled),
        halves => panic!("{halves:?}"),
    }
}

/// Runs the race `ROUNDS` times. A round without an answer of the store shows nothing and is repeated.
async fn each_round<R: Future<Output = Result<(), Unavailable>> + Send + 'static>(
    target: &impl TestStore,
    race: impl Fn(Arc<dyn Store>, Arc<dyn Store>, usize) -> R,
) {
    let [here, there] = [target.open(), target.open()];
    let (mut run, mut void) = (0, 0);
    while run < ROUNDS {
        let lanes = (0..MAX_RACES).map(|lane| race(here.clone(), there.clone(), run + lane));
        for round in lanes.collect::<JoinSet<_>>().join_all().await {
            match round {
                Ok(()) => run += 1,
                Err(_) => void += 1,
            }
        }
        assert!(void < MAX_VOID_ROUNDS, "the store was too slow {void} times");
    }
}
