//! Records in an SQLite file: for one machine, and still there after a restart or a power cut.

mod file;

use crate::deadline::Deadline;
use crate::store::{RecordKey, Sealed, Store, Stored, Unavailable, Version, Write};
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

/// The most operations at once. Writes that wait for the disk at the same moment share one wait.
const MAX_OPERATIONS: usize = 1024;
/// The most changes in one commit.
const MAX_BATCH: usize = 256;

/// Records in a SQLite file. One thread writes and one reads, each with its own connection: readers never wait for the
/// disk, and all changes that wait are one commit.
pub struct Sqlite {
    path: Arc<Path>,
    deadline: Deadline,
    changes: mpsc::Sender<Job<Change, u64>>,
    loads: mpsc::Sender<Job<RecordKey, Option<Stored>>>,
}

/// A request to a thread, and where it sends the reply.
struct Job<Q, A> {
    request: Q,
    reply: oneshot::Sender<Result<A, Unavailable>>,
}

impl Sqlite {
    /// Opens the file, or creates it.
    pub fn open(path: &Path) -> Result<Self, Unavailable> {
        let path: Arc<Path> = PathBuf::from(path).into();
        let (mut writer, mut reader) = (File::new(path.clone()), File::new(path.clone()));
        writer.with(|_| Ok(()))?;
        reader.with(|_| Ok(()))?;
        let (changes, write_jobs) = mpsc::channel(MAX_OPERATIONS);
        let (loads, read_jobs) = mpsc::channel(MAX_OPERATIONS);
        spawn("sqlite-writer", move || run_writer(&mut writer, write_jobs))?;
        spawn("sqlite-reader", move || run_reader(&mut reader, read_jobs))?;
        Ok(Self { path, deadline: Deadline::new("SQLite", MAX_OPERATIONS), changes, loads })
    }

    async fn change(&self, change: Change) -> Result<u64, Unavailable> {
        self.deadline.run(request(&self.changes, change)).await
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

    async fn load(&self, key: RecordKey) -> Result<Option<Stored>, Unavailable> {
        self.deadline.run(request(&self.loads, key)).await
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
            if batch < file::MAX_SWEPT_AT_ONCE {
                return Ok(swept);
            }
        }
    }
}

async fn request<Q, A>(thread: &mpsc::Sender<Job<Q, A>>, request: Q) -> Result<A, Unavailable> {
    let ended = || Unavailable("the thread of SQLite has ended".to_owned());
    let (reply, replied) = oneshot::channel();
    thread.send(Job { request, reply }).await.map_err(|_| ended())?;
    replied.await.map_err(|_| ended())?
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Unavailable> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned.map(drop).map_err(|error| Unavailable(format!("no thread for SQLite: {error}")))
}

fn run_writer(file: &mut File, mut jobs: mpsc::Receiver<Job<Change, u64>>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < MAX_BATCH
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        // A caller that has given up has already reported a failure, so its change is not begun any more.
        batch.retain(|job| !job.reply.is_closed());
        let done = file.with(|connection| file::commit(connection, batch.iter().map(|job| &job.request)));
        match done {
            Ok(rows) => {
                for (job, rows) in batch.into_iter().zip(rows) {
                    reply(job.reply, Ok(rows));
                }
            }
            Err(Unavailable(reason)) => {
                for job in batch {
                    reply(job.reply, Err(Unavailable(reason.clone())));
                }
            }
        }
    }
}

fn run_reader(file: &mut File, mut jobs: mpsc::Receiver<Job<RecordKey, Option<Stored>>>) {
    while let Some(job) = jobs.blocking_recv() {
        reply(job.reply, file.with(|connection| file::load(connection, job.request)));
    }
}

/// Sends a reply. A caller that has given up does not get it.
fn reply<A>(to: oneshot::Sender<Result<A, Unavailable>>, result: Result<A, Unavailable>) {
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
    fn only_the_owner_can_read_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        drop(Sqlite::open(&path).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_no_database_is_named_and_left_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing/sessions.db");
        let reason = Sqlite::open(&missing).unwrap_err().0;
        assert!(reason.contains("missing/sessions.db cannot be opened"), "{reason}");

        let letter = folder.path().join("letter.txt");
        fs::write(&letter, "Dear Mary, ".repeat(100)).unwrap();
        assert!(Sqlite::open(&letter).unwrap_err().0.contains("letter.txt"));
        assert!(fs::read_to_string(&letter).unwrap().starts_with("Dear Mary, Dear Mary, "));
    }

    #[test]
    fn rel_08_a_file_of_a_later_version_is_left_unchanged() {
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
