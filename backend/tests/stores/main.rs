//! One suite for every place that keeps records: memory, SQLite, Redis and PostgreSQL, on real servers.
//!
//! `LATCHKEY_TEST_STORES=memory,sqlite` leaves the others out.

#[cfg(test)]
mod ends;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod place;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod process;
#[cfg(test)]
mod races;
#[cfg(test)]
mod redis;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod writer;

/// The same cases in one place: each in a server of its own, on threads that really run at the same time.
#[cfg(test)]
macro_rules! cases {
    ($store:ident in $place:ty: $($room:ident::{$($case:ident),* $(,)?}),* $(,)?) => {
        mod $store {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    if crate::place::is_wanted(stringify!($store)) {
                        crate::$room::$case(<$place as crate::place::Place>::begin().await).await;
                    }
                }
            )*)*
        }
    };
}

/// What holds wherever records are kept.
#[cfg(test)]
macro_rules! every_case {
    ($store:ident in $place:ty $(, $room:ident::{$($case:ident),* $(,)?})* $(,)?) => {
        cases! { $store in $place:
            ends::{
                a_record_is_read_back_as_it_was_written,
                rel_01_a_key_that_is_or_was_taken_is_refused,
                rel_01_only_the_version_that_was_read_is_replaced,
                sec_15_a_record_moves_whole_or_not_at_all,
                sec_16_what_has_ended_cannot_be_written,
                sec_17_a_tombstone_is_forgotten_after_a_minute,
                rel_07_what_has_outlived_its_life_is_not_found_swept_or_not,
                rel_09_a_life_is_counted_by_the_store,
                a_write_and_a_touch_count_a_life_anew,
                rel_07_a_sweep_throws_away_what_has_outlived_its_life_and_nothing_else,
            },
            races::{
                rel_01_of_a_thousand_racing_updates_none_is_lost,
                rel_01_of_a_thousand_deleted_records_none_comes_back,
                sec_15_a_record_moves_to_one_of_many_places,
                sec_16_a_slow_write_does_not_undo_a_rotation,
                rel_01_a_key_is_given_to_one_of_many,
                sec_15_a_rotation_that_is_dropped_midway_leaves_one_live_record,
            },
            $($room::{$($case),*},)*
        }
    };
}

#[cfg(test)]
every_case!(on_memory in crate::place::InMemory);

#[cfg(test)]
every_case!(
    on_sqlite in crate::sqlite::SqliteFile,
    ends::{rel_05_instances_that_begin_at_once_share_the_records},
    files::{sec_104_nothing_on_the_disk_can_be_read_or_replayed},
    faults::{
        rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_one,
        rel_50_an_outage_is_said_and_nothing_is_lost,
    },
);

#[cfg(test)]
every_case!(
    on_redis in crate::redis::RedisServer,
    ends::{rel_05_instances_that_begin_at_once_share_the_records},
    files::{sec_104_nothing_on_the_disk_can_be_read_or_replayed},
    faults::{
        rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_one,
        rel_50_an_outage_is_said_and_nothing_is_lost,
        rel_51_nobody_queues_for_ever_before_a_store_that_stands_still,
        rel_52_a_killed_store_has_all_that_it_acknowledged,
        rel_50_a_store_that_was_away_is_used_again_within_a_second,
        rel_50_connections_that_have_ended_are_made_anew,
        rel_50_a_store_that_takes_no_writes_is_used_again_when_it_does,
    },
);

#[cfg(test)]
every_case!(
    on_postgres in crate::postgres::PostgresServer,
    ends::{rel_05_instances_that_begin_at_once_share_the_records},
    files::{sec_104_nothing_on_the_disk_can_be_read_or_replayed},
    faults::{
        rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_one,
        rel_50_an_outage_is_said_and_nothing_is_lost,
        rel_51_nobody_queues_for_ever_before_a_store_that_stands_still,
        rel_52_a_killed_store_has_all_that_it_acknowledged,
        rel_50_a_store_that_was_away_is_used_again_within_a_second,
        rel_50_connections_that_have_ended_are_made_anew,
        rel_50_a_store_that_takes_no_writes_is_used_again_when_it_does,
    },
);

#[cfg(test)]
cases! {
    on_postgres_with_a_locked_table in crate::postgres::LockedTable:
    faults::{
        rel_50_an_outage_is_said_and_nothing_is_lost,
        rel_51_nobody_queues_for_ever_before_a_store_that_stands_still,
    }
}
