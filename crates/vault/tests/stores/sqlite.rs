//! A SQLite file for one test, and another process that locks it.

use crate::test_store::{TestServer, TestStore};
use rusqlite::Connection;
use std::{path::Path, sync::Mutex, time::Duration};
use tempfile::TempDir;

pub(crate) struct SqliteFile {
    folder: TempDir,
    other: Mutex<Option<Connection>>,
}

impl SqliteFile {
    fn connection(&self) -> Connection {
        let connection = Connection::open(self.folder.path().join("sessions.db")).unwrap();
        connection.busy_timeout(Duration::from_secs(20)).unwrap();
        connection
    }
}

impl TestStore for SqliteFile {
    async fn start() -> Self {
        Self { folder: TempDir::new().unwrap(), other: Mutex::default() }
    }

    fn address(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("sessions.db").display())
    }

    async fn advance(&self, time: Duration) {
        let later = "UPDATE latchkey_record SET until = until - ?1";
        self.connection().execute(later, [time.as_millis() as i64]).unwrap();
    }

    async fn count(&self) -> u64 {
        let count = self.connection().query_row("SELECT count(*) FROM latchkey_record", [], |row| row.get(0));
        count.map(i64::unsigned_abs).unwrap()
    }
}

impl TestServer for SqliteFile {
    /// Another process takes the file for itself.
    async fn freeze(&mut self) {
        let other = self.connection();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        *self.other.lock().unwrap() = Some(other);
    }

    async fn thaw(&mut self) {
        *self.other.lock().unwrap() = None;
    }

    async fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for SqliteFile {
    /// Whatever a test has done, the file must be intact.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            *self.other.lock().unwrap() = None;
            let verdict: String =
                self.connection().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(verdict, "ok");
        }
    }
}
