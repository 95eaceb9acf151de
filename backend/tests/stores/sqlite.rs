//! A SQLite file of one's own, and someone else who has it open.

use crate::place::{Place, Server};
use rusqlite::Connection;
use std::{path::Path, sync::Mutex, time::Duration};
use tempfile::TempDir;

pub(crate) struct SqliteFile {
    folder: TempDir,
    outsider: Mutex<Option<Connection>>,
}

impl SqliteFile {
    fn connection(&self) -> Connection {
        let connection = Connection::open(self.folder.path().join("sessions.db")).unwrap();
        connection.busy_timeout(Duration::from_secs(20)).unwrap();
        connection
    }
}

impl Place for SqliteFile {
    async fn begin() -> Self {
        Self { folder: TempDir::new().unwrap(), outsider: Mutex::default() }
    }

    fn address(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("sessions.db").display())
    }

    async fn pass(&self, time: Duration) {
        let later = "UPDATE latchkey_record SET until = until - ?1";
        self.connection().execute(later, [time.as_millis() as i64]).unwrap();
    }

    async fn rows(&self) -> u64 {
        let count = self.connection().query_row("SELECT count(*) FROM latchkey_record", [], |row| row.get(0));
        count.map(i64::unsigned_abs).unwrap()
    }
}

impl Server for SqliteFile {
    /// Another process takes the file for itself.
    async fn freeze(&mut self) {
        let outsider = self.connection();
        outsider.execute_batch("BEGIN EXCLUSIVE").unwrap();
        *self.outsider.lock().unwrap() = Some(outsider);
    }

    async fn thaw(&mut self) {
        *self.outsider.lock().unwrap() = None;
    }

    async fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for SqliteFile {
    /// Whatever a test has done, the file is sound.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            *self.outsider.lock().unwrap() = None;
            let said: String =
                self.connection().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(said, "ok");
        }
    }
}
