//! Processes that are killed and servers that are frozen.

use crate::{
    races::one_is_live,
    test_store::{LIFE, RestartableServer, TestServer, TestStore, key, live, number_in, numbered, until},
    writer::{kill_after, link},
};
use latchkey_vault::{RecordKey, Store, Stored, Unavailable, Write};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const SECOND: Duration = Duration::from_secs(1);

pub(crate) async fn rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_write(
    target: impl TestStore,
) {
    let store = target.open();
    let mut midway = 0;
    for chain in 0..20 {
        let address = target.address();
        let last = tokio::task::spawn_blocking(move || kill_after(&address, chain, 1 + chain * 7 % 40))
            .await
            .unwrap();
        for before in 0..last {
            assert_eq!(live(&*store, link(chain, before)).await, None, "link {before} of {last}");
        }
        midway += u64::from(
            one_is_live(&*store, link(chain, last), link(chain, last + 1)).await.unwrap() == Write::Refused,
        );
        assert_eq!(store.load(link(chain, last + 2)).await.unwrap(), None);
    }
    println!("of 20 writers {midway} were killed between the write and its report");
}

pub(crate) async fn rel_50_an_outage_is_reported_and_nothing_is_lost(mut target: impl TestServer) {
    let store = target.open();
    let key = key();
    store.create(key, numbered(1), LIFE).await.unwrap();
    target.freeze().await;
    let mut refused = 0;
    for _ in 0..3 {
        let began = Instant::now();
        let Unavailable(reason) = store.swap(key, 1, numbered(2), LIFE).await.unwrap_err();
        assert!(began.elapsed() < 2 * SECOND, "{:?}", began.elapsed());
        assert!(!reason.is_empty());
        refused += 1;
    }
    target.thaw().await;
    let back = until(SECOND, "the store is used again", async || store.touch(key, LIFE).await.is_ok()).await;
    // A write that was given up may have been done all the same: once, and whole.
    let found = live(&*store, key).await;
    assert!(found == Some((1, 1)) || found == Some((2, 2)), "{found:?}");
    println!("{refused} writes were given up, and the store was used again after {back:?}");
}

pub(crate) async fn rel_51_no_operation_waits_long_for_a_frozen_store(mut target: impl TestServer) {
    let store = target.open();
    let key = key();
    store.create(key, numbered(1), LIFE).await.unwrap();
    target.freeze().await;
    // The second time no connection is open, and all wait for a new one.
    for _ in 0..2 {
        let began = Instant::now();
        let mut readers = JoinSet::new();
        for _ in 0..2000 {
            let store = store.clone();
            readers.spawn(async move { store.load(key).await.unwrap_err().0 });
        }
        let reasons = readers.join_all().await;
        assert!(began.elapsed() < 2 * SECOND, "{:?}", began.elapsed());
        assert!(
            reasons.iter().any(|reason| reason.starts_with("too many operations wait for ")),
            "{}",
            reasons[0]
        );
    }
    target.thaw().await;
    until(SECOND, "the store is used again", async || store.load(key).await.is_ok()).await;
    assert_eq!(live(&*store, key).await, Some((1, 1)));
}

pub(crate) async fn rel_50_a_restarted_store_is_used_again_within_a_second(
    mut target: impl RestartableServer,
) {
    let store = target.open();
    let key = key();
    store.create(key, numbered(1), LIFE).await.unwrap();
    target.kill();
    until(SECOND, "the outage is noticed", async || store.load(key).await.is_err()).await;
    let began = Instant::now();
    assert!(store.swap(key, 1, numbered(2), LIFE).await.is_err());
    assert!(began.elapsed() < 2 * SECOND, "{:?}", began.elapsed());
    target.restart().await;
    let back = until(SECOND, "the store is used again", async || store.load(key).await.is_ok()).await;
    assert_eq!(live(&*store, key).await, Some((1, 1)));
    println!("the store was used again after {back:?}");
}

pub(crate) async fn rel_50_closed_connections_are_made_again(target: impl RestartableServer) {
    let store = target.open();
    let key = key();
    store.create(key, numbered(0), LIFE).await.unwrap();
    let mut missed = 0;
    for number in 0..20 {
        target.close_connections().await;
        let again = async || {
            let is_there = store.load(key).await.is_ok();
            missed += u32::from(!is_there);
            is_there
        };
        until(SECOND, "the store is used again", again).await;
        let swapped = store.swap(key, number + 1, numbered(number + 1), LIFE).await;
        assert_eq!(swapped.unwrap(), Write::Done, "the load has shown that the connection is open");
    }
    println!("of 20 times that all connections were closed, an operation was first to notice {missed} times");
}

pub(crate) async fn rel_50_a_read_only_store_is_used_again_when_it_accepts_writes(
    target: impl RestartableServer,
) {
    let store = target.open();
    let key = key();
    store.create(key, numbered(1), LIFE).await.unwrap();
    target.accept_writes(false).await;
    until(SECOND, "it refuses writes", async || store.touch(key, LIFE).await.is_err()).await;
    assert!(store.swap(key, 1, numbered(9), LIFE).await.is_err());
    assert_eq!(live(&*store, key).await, Some((1, 1)));
    target.accept_writes(true).await;
    until(SECOND, "the store is used again", async || store.touch(key, LIFE).await.is_ok()).await;
    assert_eq!(store.swap(key, 1, numbered(2), LIFE).await.unwrap(), Write::Done);
}

pub(crate) async fn rel_52_a_killed_store_has_every_acknowledged_write(mut target: impl RestartableServer) {
    for _ in 0..3 {
        let store = target.open();
        let (written, killed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            writers.spawn(write_until_killed(store.clone(), written.clone(), killed.clone()));
        }
        until(20 * SECOND, "enough is written", async || written.load(Ordering::Relaxed) > 400).await;
        killed.store(true, Ordering::Release);
        target.kill();
        let acknowledged: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
        assert!(!acknowledged.is_empty());
        target.restart().await;
        until(SECOND, "the store is used again", async || store.load(key()).await.is_ok()).await;
        for (key, number) in acknowledged {
            let found = live(&*store, key).await;
            // The last one may have been written although it was not acknowledged.
            let kept = [Some((number, number + 1)), Some((number + 1, number + 2))];
            assert!(kept.contains(&found), "{found:?} after {number} was acknowledged");
        }
    }
}

/// Counts a record up until the store is killed. Returns its key and the last number that the store has acknowledged; nothing
/// if the store was killed before it has acknowledged the record.
async fn write_until_killed(
    store: Arc<dyn Store>,
    written: Arc<AtomicU64>,
    killed: Arc<AtomicBool>,
) -> Option<(RecordKey, u64)> {
    let key = key();
    while store.create(key, numbered(0), LIFE).await.is_err() {
        if killed.load(Ordering::Acquire) {
            return None;
        }
    }
    let mut number = 0;
    loop {
        match store.swap(key, number + 1, numbered(number + 1), LIFE).await {
            Ok(Write::Done) => number += 1,
            Ok(Write::Refused) => panic!("another writer has written {number}"),
            Err(_) if killed.load(Ordering::Acquire) => return Some((key, number)),
            // The store was only slow; whether it has written is not known.
            Err(_) => loop {
                match store.load(key).await {
                    Ok(Some(Stored::Live(sealed, _, _))) => {
                        number = number_in(&sealed);
                        break;
                    }
                    Ok(other) => panic!("{other:?} in place of {number}"),
                    Err(_) if killed.load(Ordering::Acquire) => return Some((key, number)),
                    Err(_) => {}
                }
            },
        }
        written.fetch_add(1, Ordering::Relaxed);
    }
}
