//! Many at the same record, over two instances, at the same time.

use crate::place::{LIFE, Place, key, live, numbered, read};
use latchkey::vault::{End, Found, RecordKey, Store, Unavailable, Write};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How often each race is run.
const ROUNDS: usize = 1000;
/// How many races are run at once.
const ABREAST: usize = 8;
/// A store that is so slow cannot be tested.
const MOST_VOID: usize = ROUNDS / 10;

pub(crate) async fn rel_01_of_a_thousand_racing_updates_none_is_lost(place: impl Place) {
    let instances = [place.open(), place.open()];
    let key = key();
    instances[0].create(key, numbered(0), LIFE).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..ABREAST {
        writers.spawn(count_up(instances[writer % 2].clone(), key, ROUNDS / ABREAST));
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

pub(crate) async fn rel_01_of_a_thousand_deleted_records_none_comes_back(place: impl Place) {
    each_round(&place, |here, there, _| async move {
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
            assert_eq!(read(&**store, key).await, Some(Found::Gone(how)));
            assert_eq!(live(&**store, other).await.is_some(), how == End::Moved);
        }
        Ok(())
    })
    .await;
}

pub(crate) async fn sec_15_a_record_moves_to_one_of_many_places(place: impl Place) {
    each_round(&place, |here, there, _| async move {
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
        assert_eq!(read(&*there, old).await, Some(Found::Gone(End::Moved)));
        Ok(())
    })
    .await;
}

pub(crate) async fn sec_16_a_slow_write_does_not_undo_a_rotation(place: impl Place) {
    each_round(&place, |here, there, round| async move {
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
                assert_eq!(read(&*there, old).await, Some(Found::Gone(End::Moved)));
                assert_eq!(live(&*there, new).await, Some((3, 1)));
            }
            both => panic!("{both:?}"),
        }
        Ok(())
    })
    .await;
}

pub(crate) async fn rel_01_a_key_is_given_to_one_of_many(place: impl Place) {
    each_round(&place, |here, there, _| async move {
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

pub(crate) async fn sec_15_a_rotation_that_is_dropped_midway_leaves_one_live_record(place: impl Place) {
    each_round(&place, |here, there, round| async move {
        let (old, new) = (key(), key());
        here.create(old, numbered(1), LIFE).await?;
        let timeouts = Duration::from_micros(20 * (round as u64 % 100));
        // Whether it was dropped or done is of no interest: it must be whole.
        drop(tokio::time::timeout(timeouts, here.rotate((old, 1), new, numbered(2), LIFE)).await);
        one_is_live(&*there, old, new).await?;
        Ok(())
    })
    .await;
}

/// Counts a record up so many times; says how often the store was too slow to say whether it has.
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

/// Asserts that the record has moved or has not. What is still under way is settled by a write of our own to the old
/// place: either it is first, and then nothing can move any more, or it is refused because all has moved.
pub(crate) async fn one_is_live(
    store: &dyn Store,
    old: RecordKey,
    new: RecordKey,
) -> Result<Write, Unavailable> {
    let settled = store.swap(old, 1, numbered(9), LIFE).await?;
    match (settled, read(store, old).await, read(store, new).await) {
        (Write::Done, Some(Found::Live(_, 2, _)), None)
        | (Write::Refused, Some(Found::Gone(End::Moved)), Some(Found::Live(_, 1, _))) => Ok(settled),
        halves => panic!("{halves:?}"),
    }
}

/// Runs the race so often. A round in which the store was too slow to answer shows nothing, and is run again.
async fn each_round<R: Future<Output = Result<(), Unavailable>> + Send + 'static>(
    place: &impl Place,
    race: impl Fn(Arc<dyn Store>, Arc<dyn Store>, usize) -> R,
) {
    let [here, there] = [place.open(), place.open()];
    let (mut run, mut void) = (0, 0);
    while run < ROUNDS {
        let lanes = (0..ABREAST).map(|lane| race(here.clone(), there.clone(), run + lane));
        for round in lanes.collect::<JoinSet<_>>().join_all().await {
            match round {
                Ok(()) => run += 1,
                Err(_) => void += 1,
            }
        }
        assert!(void < MOST_VOID, "the store was too slow {void} times");
    }
}
