//! One suite for every store, on real servers: memory, SQLite, Redis and PostgreSQL.
//!
//! `LATCHKEY_TEST_STORES=memory,sqlite` leaves out the others.

#[cfg(test)]
mod disk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod lifecycle;
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
mod test_store;
#[cfg(test)]
mod writer;

/// The same cases for one store: each with a server of its own, on threads that run at the same time.
#[cfg(test)]
macro_rules! cases {
    ($store:ident in $target:ty: $($room:ident::{$($case:ident),* $(,)?}),* $(,)?) => {
        mod $store {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    if crate::test_store::is_wanted(stringify!($store)) {
                        crate::$room::$case(<$target as crate::test_store::TestStore>::start().await).await;
                    }
                }
            )*)*
        }
    };
}

/// What holds for every store.
#[cfg(test)]
macro_rules! every_case {
    ($store:ident in $target:ty $(, $room:ident::{$($case:ident),* $(,)?})* $(,)?) => {
        cases! { $store in $target:
            lifecycle::{
                a_record_is_read_as_it_was_written,
                rel_01_a_key_with_a_record_or_a_tombstone_is_refused,
                rel_01_only_the_version_that_was_read_is_replaced,
                sec_15_a_record_moves_whole_or_not_at_all,
                sec_16_an_ended_record_cannot_be_written,
                sec_17_a_tombstone_lasts_a_minute,
                rel_07_an_expired_record_is_not_found_swept_or_not,
                rel_09_a_life_is_counted_by_the_store,
                a_write_and_a_touch_start_a_new_life,
                rel_07_a_sweep_removes_expired_records_only,
            },
            races::{
                rel_01_no_racing_update_is_lost,
                rel_01_no_deleted_record_comes_back,
                sec_15_a_record_moves_to_one_of_many_keys,
                sec_16_a_slow_write_does_not_undo_a_rotation,
                rel_01_one_of_many_writers_creates_a_record,
                sec_15_an_interrupted_rotation_leaves_one_live_record,
            },
            $($room::{$($case),*},)*
        }
    };
}

#[cfg(test)]
every_case!(on_memory in crate::test_store::InMemory);

#[cfg(test)]
every_case!(
    on_sqlite in crate::sqlite::SqliteFile,
    lifecycle::{rel_05_instances_that_start_together_share_the_records},
    disk::{sec_104_no_secret_is_readable_on_the_disk},
    faults::{
        rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_write,
        rel_50_an_outage_is_reported_and_nothing_is_lost,
    },
);

#[cfg(test)]
every_case!(
    on_redis in crate::redis::RedisServer,
    lifecycle::{rel_05_instances_that_start_together_share_the_records},
    disk::{sec_104_no_secret_is_readable_on_the_disk},
    faults::{
        rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_write,
        rel_50_an_outage_is_reported_and_nothing_is_lost,
        rel_51_no_operation_waits_long_for_a_frozen_store,
        rel_52_a_killed_store_has_every_acknowledged_write,
        rel_50_a_restarted_store_is_used_again_within_a_second,
        rel_50_closed_connections_are_made_again,
        rel_50_a_read_only_store_is_used_again_when_it_accepts_writes,
    },
);

#[cfg(test)]
every_case!(
    on_postgres in crate::postgres::PostgresServer,
    lifecycle::{rel_05_instances_that_start_together_share_the_records},
    disk::{sec_104_no_secret_is_readable_on_the_disk},
    faults::{
        rel_40_a_killed_writer_leaves_one_live_record_and_loses_no_acknowledged_write,
        rel_50_an_outage_is_reported_and_nothing_is_lost,
        rel_51_no_operation_waits_long_for_a_frozen_store,
        rel_52_a_killed_store_has_every_acknowledged_write,
        rel_50_a_restarted_store_is_used_again_within_a_second,
        rel_50_closed_connections_are_made_again,
        rel_50_a_read_only_store_is_used_again_when_it_accepts_writes,
    },
);

#[cfg(test)]
cases! {
    on_postgres_with_a_locked_table in crate::postgres::LockedTable:
    faults::{
        rel_50_an_outage_is_reported_and_nothing_is_lost,
        rel_51_no_operation_waits_long_for_a_frozen_store,
    }
}
