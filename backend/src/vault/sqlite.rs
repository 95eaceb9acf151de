//! Keeps records in a file: for one machine, and still there after a restart or a power cut.

mod file;

use super::{Found, RecordKey, Sealed, Store, Unavailable, Version, Write, deadline::Deadline};
use async_trait::async_trait;
use file::{Change, File};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};

/// So many operations may be under way. A write waits for the disk, and shares that wait with all that came meanwhile.
const MAX_OPERATIONS: usize = 1024;
/// So many changes go to the disk together at most.
const BATCH: usize = 256;

/// Records in a SQLite file. One thread writes and one reads, each with its own connection: readers never wait for the
/// disk, and all changes that wait are one commit.
pub struct Sqlite {
    path: Arc<Path>,
    deadline: Deadline,
    changes: mpsc::Sender<Asked<Change, u64>>,
    loads: mpsc::Sender<Asked<RecordKey, Option<Found>>>,
}

/// A question to a thread, and where it puts the answer.
struct Asked<Q, A> {
    question: Q,
    answer: oneshot::Sender<Result<A, Unavailable>>,
}

impl Sqlite {
    /// Opens the file, and makes it if there is none.
    pub fn open(path: &Path) -> Result<Self, Unavailable> {
        let path: Arc<Path> = PathBuf::from(path).into();
        let (mut writer, mut reader) = (File::new(path.clone()), File::new(path.clone()));
        writer.with(|_| Ok(()))?;
        reader.with(|_| Ok(()))?;
        let (changes, asked_to_change) = mpsc::channel(MAX_OPERATIONS);
        let (loads, asked_to_load) = mpsc::channel(MAX_OPERATIONS);
        begin("sqlite-writer", move || write_for_ever(&mut writer, asked_to_change))?;
        begin("sqlite-reader", move || read_for_ever(&mut reader, asked_to_load))?;
        Ok(Self { path, deadline: Deadline::new("SQLite", MAX_OPERATIONS), changes, loads })
    }

    async fn change(&self, change: Change) -> Result<u64, Unavailable> {
        self.deadline.pass(ask(&self.changes, change)).await
    }

    async fn write(&self, change: Change) -> Result<Write, Unavailable> {
        self.change(change).await.map(Write::of_rows)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable> {
        self.write(Change::Create { key, record, life }).await
    }

    async fn load(&self, key: RecordKey) -> Result<Option<Found>, Unavailable> {
        self.deadline.pass(ask(&self.loads, key)).await
    }

    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        self.write(Change::Swap { key, read, record, life }).await
    }

    async fn rotate(
        &self,
        (old, read): (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        self.write(Change::Rotate { old, read, new, record, life }).await
    }

    async fn delete(&self, key: RecordKey) -> Result<(), Unavailable> {
        self.change(Change::Delete { key }).await.map(drop)
    }

    async fn touch(&self, key: RecordKey, life: Duration) -> Result<(), Unavailable> {
        self.change(Change::Touch { key, life }).await.map(drop)
    }

    async fn sweep(&self) -> Result<u64, Unavailable> {
        let mut swept = 0;
        loop {
            let batch = self.change(Change::Sweep).await?;
            swept += batch;
            if batch < file::SWEPT_AT_ONCE {
                return Ok(swept);
            }
        }
    }
}

async fn ask<Q, A>(thread: &mpsc::Sender<Asked<Q, A>>, question: Q) -> Result<A, Unavailable> {
    let ended = || Unavailable("the thread of SQLite has ended".to_owned());
    let (answer, answered) = oneshot::channel();
    thread.send(Asked { question, answer }).await.map_err(|_| ended())?;
    answered.await.map_err(|_| ended())?
}

fn begin(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Unavailable> {
    let begun = thread::Builder::new().name(name.to_owned()).spawn(work);
    begun.map(drop).map_err(|error| Unavailable(format!("no thread for SQLite: {error}")))
}

fn write_for_ever(file: &mut File, mut changes: mpsc::Receiver<Asked<Change, u64>>) {
    while let Some(first) = changes.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = changes.try_recv()
        {
            batch.push(next);
        }
        // Whoever has stopped waiting has told the person so; what was not begun by then is not done.
        batch.retain(|asked| !asked.answer.is_closed());
        let done =
            file.with(|connection| file::commit(connection, batch.iter().map(|asked| &asked.question)));
        match done {
            Ok(rows) => {
                for (asked, rows) in batch.into_iter().zip(rows) {
                    answer(asked.answer, Ok(rows));
                }
            }
            Err(Unavailable(reason)) => {
                for asked in batch {
                    answer(asked.answer, Err(Unavailable(reason.clone())));
                }
            }
        }
    }
}

fn read_for_ever(file: &mut File, mut loads: mpsc::Receiver<Asked<RecordKey, Option<Found>>>) {
    while let Some(asked) = loads.blocking_recv() {
        answer(asked.answer, file.with(|connection| file::load(connection, asked.question)));
    }
}

/// Nobody waits for it any more: then it is not missed either.
fn answer<A>(to: oneshot::Sender<Result<A, Unavailable>>, result: Result<A, Unavailable>) {
    drop(to.send(result));
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sqlite({})", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::Sqlite;
    use rusqlite::Connection;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn a_file_is_for_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        drop(Sqlite::open(&path).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing/sessions.db");
        let said = Sqlite::open(&missing).unwrap_err().0;
        assert!(said.contains("LATCHKEY_STORE") && said.contains("missing/sessions.db"), "{said}");

        let letter = folder.path().join("letter.txt");
        fs::write(&letter, "Dear Mary, ".repeat(100)).unwrap();
        assert!(Sqlite::open(&letter).unwrap_err().0.contains("letter.txt"));
        assert!(fs::read_to_string(&letter).unwrap().starts_with("Dear Mary, Dear Mary, "));
    }

    #[test]
    fn rel_08_a_file_of_a_later_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch("PRAGMA user_version = 2; CREATE TABLE theirs (a);")
            .unwrap();
        assert!(Sqlite::open(&path).unwrap_err().0.contains("later version"));
        let names = "SELECT group_concat(name) FROM sqlite_schema";
        let tables: String = Connection::open(&path).unwrap().query_row(names, [], |row| row.get(0)).unwrap();
        assert_eq!(tables, "theirs");
    }
}
