//! The file of SQLite: how it is opened, and what is said to it.

use super::super::{End, Found, RecordKey, Sealed, TOMBSTONE_LIFETIME, Unavailable, Version};
use rusqlite::{
    Connection, Error, ErrorCode, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior,
    named_params,
};
use std::{
    fs,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// So many rows are thrown away in one commit, so that others get their turn.
pub(super) const SWEPT_AT_ONCE: u64 = 1000;

/// For how long another process may have the file to itself before an operation is given up: less than anybody waits.
const BUSY: Duration = Duration::from_millis(500);
/// For how long a file is waited for that others have just begun with too: they take turns to lay it out.
const BEGINNING: Duration = Duration::from_secs(10);
/// The shape of the table. A file of a later shape is left alone.
const SHAPE: i64 = 1;

/// A connection that is made again after it has failed.
pub(super) struct File {
    path: Arc<Path>,
    connection: Option<Connection>,
}

/// What is changed, by one act each.
pub(super) enum Change {
    Create { key: RecordKey, record: Sealed, life: Duration },
    Swap { key: RecordKey, read: Version, record: Sealed, life: Duration },
    Rotate { old: RecordKey, read: Version, new: RecordKey, record: Sealed, life: Duration },
    Delete { key: RecordKey },
    Touch { key: RecordKey, life: Duration },
    Sweep,
}

impl File {
    pub(super) fn new(path: Arc<Path>) -> Self {
        Self { path, connection: None }
    }

    /// Does this on a connection that works as far as we know.
    pub(super) fn with<T>(
        &mut self,
        act: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(open(&self.path)?),
        };
        act(connection).map_err(|error| {
            // After a fault of the disk SQLite promises nothing for the connection; after a wait it is as good as before.
            if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) {
                self.connection = None;
            }
            unavailable(&self.path, &error)
        })
    }
}

/// Makes all these changes and brings them to the disk, or makes none. Says of each how many rows it has changed.
pub(super) fn commit<'a>(
    connection: &mut Connection,
    changes: impl Iterator<Item = &'a Change>,
) -> rusqlite::Result<Vec<u64>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let rows = changes.map(|one| change(&transaction, one)).collect::<Result<_, _>>()?;
    transaction.commit()?;
    Ok(rows)
}

/// Reads a record.
pub(super) fn load(connection: &Connection, key: RecordKey) -> rusqlite::Result<Option<Found>> {
    connection.prepare_cached(LOAD)?.query_row(named_params! { ":key": key.0 }, found).optional()
}

/// Milliseconds since 1970 by the clock of the machine, the same for all of a statement.
macro_rules! now {
    () => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
}

const TABLE: &str = "
    CREATE TABLE latchkey_record (
        key BLOB NOT NULL PRIMARY KEY,
        version INTEGER NOT NULL,
        sealed BLOB,
        ended TEXT CHECK (ended IN ('moved', 'deleted')),
        until INTEGER NOT NULL,
        CHECK ((sealed IS NULL) <> (ended IS NULL))
    ) STRICT;
    CREATE INDEX latchkey_record_until ON latchkey_record (until);
    PRAGMA user_version = 1;";

const LOAD: &str = concat!(
    "SELECT version, sealed, ended, until - ",
    now!(),
    " FROM latchkey_record WHERE key = :key AND until > ",
    now!(),
);

/// A key whose record has outlived its life is free again, swept or not.
const CREATE: &str = concat!(
    "INSERT INTO latchkey_record (key, version, sealed, until) VALUES (:key, 1, :sealed, ", now!(), " + :life)
     ON CONFLICT (key) DO UPDATE SET version = 1, sealed = excluded.sealed, ended = NULL, until = excluded.until
     WHERE until <= ", now!(),
);

const SWAP: &str = concat!(
    "UPDATE latchkey_record SET version = version + 1, sealed = :sealed, until = ",
    now!(),
    " + :life
     WHERE key = :key AND version = :read AND ended IS NULL AND until > ",
    now!(),
);

const TAKEN: &str = concat!("SELECT 1 FROM latchkey_record WHERE key = :key AND until > ", now!());

const MOVE: &str = concat!(
    "UPDATE latchkey_record SET sealed = NULL, ended = 'moved', until = ",
    now!(),
    " + :life
     WHERE key = :key AND version = :read AND ended IS NULL AND until > ",
    now!(),
);

const DELETE: &str = concat!(
    "UPDATE latchkey_record SET sealed = NULL, ended = 'deleted', until = ",
    now!(),
    " + :life
     WHERE key = :key AND ended IS NULL AND until > ",
    now!(),
);

const TOUCH: &str = concat!(
    "UPDATE latchkey_record SET until = ",
    now!(),
    " + :life
     WHERE key = :key AND ended IS NULL AND until > ",
    now!(),
);

const SWEEP: &str = concat!(
    "DELETE FROM latchkey_record WHERE rowid IN
     (SELECT rowid FROM latchkey_record WHERE until <= ",
    now!(),
    " ORDER BY until LIMIT :most)",
);

fn change(transaction: &Transaction<'_>, change: &Change) -> rusqlite::Result<u64> {
    let run = |sql, values: &[(&str, &dyn rusqlite::ToSql)]| {
        transaction.prepare_cached(sql)?.execute(values).map(|rows| rows as u64)
    };
    match change {
        Change::Create { key, record, life } => {
            run(CREATE, named_params! { ":key": key.0, ":sealed": record.0, ":life": millis(*life) })
        }
        Change::Swap { key, read, record, life } => run(
            SWAP,
            named_params! { ":key": key.0, ":read": count(*read), ":sealed": record.0, ":life": millis(*life) },
        ),
        // Nobody else writes until the commit, so that what is seen here stays so.
        Change::Rotate { old, read, new, record, life } => {
            let taken = transaction.prepare_cached(TAKEN)?.exists(named_params! { ":key": new.0 })?;
            let grave =
                named_params! { ":key": old.0, ":read": count(*read), ":life": millis(TOMBSTONE_LIFETIME) };
            match taken {
                false if run(MOVE, grave)? == 1 => {
                    run(CREATE, named_params! { ":key": new.0, ":sealed": record.0, ":life": millis(*life) })
                }
                _ => Ok(0),
            }
        }
        Change::Delete { key } => {
            run(DELETE, named_params! { ":key": key.0, ":life": millis(TOMBSTONE_LIFETIME) })
        }
        Change::Touch { key, life } => run(TOUCH, named_params! { ":key": key.0, ":life": millis(*life) }),
        Change::Sweep => run(SWEEP, named_params! { ":most": count(SWEPT_AT_ONCE) }),
    }
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let ended: Option<String> = row.get(2)?;
    Ok(match ended.as_deref() {
        Some("moved") => Found::Gone(End::Moved),
        Some(_) => Found::Gone(End::Deleted),
        None => {
            let (version, remaining): (i64, i64) = (row.get(0)?, row.get(3)?);
            Found::Live(
                Sealed(row.get(1)?),
                version.unsigned_abs(),
                Duration::from_millis(remaining.unsigned_abs()),
            )
        }
    })
}

fn open(path: &Path) -> Result<Connection, Unavailable> {
    // Ours alone to read: SQLite gives the files beside it the same rights.
    let made = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    made.map_err(|error| {
        let path = path.display();
        Unavailable(format!(
            "LATCHKEY_STORE names {path}, which cannot be opened: {error}. Name a file in a folder that is there and \
             that this user may write to"
        ))
    })?;
    let (connection, journal, shape) = prepared_in_turn(path).map_err(|error| unavailable(path, &error))?;
    if journal != "wal" {
        return Err(Unavailable(format!("{} is on a file system that SQLite cannot share", path.display())));
    }
    if shape > SHAPE {
        return Err(Unavailable(format!("{} was written by a later version of this server", path.display())));
    }
    Ok(connection)
}

/// SQLite does not wait by itself while another lays the journal out.
fn prepared_in_turn(path: &Path) -> rusqlite::Result<(Connection, String, i64)> {
    let begun = Instant::now();
    loop {
        match prepared(path) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < BEGINNING =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
    }
}

fn prepared(path: &Path) -> rusqlite::Result<(Connection, String, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    let journal = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    // What has been acknowledged is on the disk, on a Mac too; and the log does not keep its greatest length.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA journal_size_limit = 67108864;",
    )?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let shape = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if shape == 0 {
        transaction.execute_batch(TABLE)?;
    }
    transaction.commit()?;
    Ok((connection, journal, shape))
}

fn unavailable(path: &Path, error: &Error) -> Unavailable {
    Unavailable(format!("SQLite cannot use {}: {error}", path.display()))
}

fn millis(life: Duration) -> i64 {
    i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 2)
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
