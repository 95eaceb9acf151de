//! The SQLite file: how it is opened, and its statements.

use crate::store::{End, RecordKey, Sealed, Stored, TOMBSTONE_LIFETIME, Unavailable, Version};
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

/// The most rows that one commit sweeps, so that other changes come between.
pub(super) const MAX_SWEPT_AT_ONCE: u64 = 1000;

/// How long an operation waits for another process that has locked the file: less than a caller waits.
const BUSY_TIMEOUT: Duration = Duration::from_millis(500);
/// How long opening waits for other processes that create the same file.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// The version of the table. A file with a later one is left unchanged.
const TABLE_VERSION: i64 = 1;

/// A connection that is opened again after it has failed.
pub(super) struct File {
    path: Arc<Path>,
    connection: Option<Connection>,
}

/// A change, each in one act.
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

    /// Runs a function on the connection, which is opened first if there is none.
    pub(super) fn with<T>(
        &mut self,
        act: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(open(&self.path)?),
        };
        act(connection).map_err(|error| {
            // After a disk error SQLite promises nothing for the connection; after a timeout it can still be used.
            if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) {
                self.connection = None;
            }
            unavailable(&self.path, &error)
        })
    }
}

/// Commits all these changes, or none. Returns how many rows each has changed.
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
pub(super) fn load(connection: &Connection, key: RecordKey) -> rusqlite::Result<Option<Stored>> {
    connection.prepare_cached(LOAD)?.query_row(named_params! { ":key": key.0 }, found).optional()
}

/// Milliseconds since 1970 by the machine's clock, the same within one statement.
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

/// The key of an expired record is free again, whether or not it has been swept.
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
        // The transaction is immediate: no other writer comes between the check and the commit.
        Change::Rotate { old, read, new, record, life } => {
            let taken = transaction.prepare_cached(TAKEN)?.exists(named_params! { ":key": new.0 })?;
            let moved =
                named_params! { ":key": old.0, ":read": count(*read), ":life": millis(TOMBSTONE_LIFETIME) };
            match taken {
                false if run(MOVE, moved)? == 1 => {
                    run(CREATE, named_params! { ":key": new.0, ":sealed": record.0, ":life": millis(*life) })
                }
                _ => Ok(0),
            }
        }
        Change::Delete { key } => {
            run(DELETE, named_params! { ":key": key.0, ":life": millis(TOMBSTONE_LIFETIME) })
        }
        Change::Touch { key, life } => run(TOUCH, named_params! { ":key": key.0, ":life": millis(*life) }),
        Change::Sweep => run(SWEEP, named_params! { ":most": count(MAX_SWEPT_AT_ONCE) }),
    }
}

fn found(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let ended: Option<String> = row.get(2)?;
    Ok(match ended.as_deref() {
        Some("moved") => Stored::Gone(End::Moved),
        Some(_) => Stored::Gone(End::Deleted),
        None => {
            let (version, remaining): (i64, i64) = (row.get(0)?, row.get(3)?);
            Stored::Live(
                Sealed(row.get(1)?),
                version.unsigned_abs(),
                Duration::from_millis(remaining.unsigned_abs()),
            )
        }
    })
}

fn open(path: &Path) -> Result<Connection, Unavailable> {
    // Only the owner may read it; SQLite gives the files beside it the same mode.
    let created = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    created.map_err(|error| {
        let path = path.display();
        Unavailable(format!(
            "the file {path} cannot be opened: {error}. Name a file in a folder that exists and that this user may \
             write to"
        ))
    })?;
    let (connection, journal, version) = open_repeatedly(path).map_err(|error| unavailable(path, &error))?;
    if journal != "wal" {
        return Err(Unavailable(format!("{} is on a file system that SQLite cannot share", path.display())));
    }
    if version > TABLE_VERSION {
        return Err(Unavailable(format!(
            "{} was written by a later version of this program",
            path.display()
        )));
    }
    Ok(connection)
}

/// Repeats opening while another process creates the file, since SQLite itself does not wait for that.
fn open_repeatedly(path: &Path) -> rusqlite::Result<(Connection, String, i64)> {
    let begun = Instant::now();
    loop {
        match open_once(path) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < OPEN_TIMEOUT =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
    }
}

fn open_once(path: &Path) -> rusqlite::Result<(Connection, String, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let journal = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    // An acknowledged write is on the disk, also on macOS; the log is cut back to 64 MiB.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA journal_size_limit = 67108864;",
    )?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == 0 {
        transaction.execute_batch(TABLE)?;
    }
    transaction.commit()?;
    Ok((connection, journal, version))
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
