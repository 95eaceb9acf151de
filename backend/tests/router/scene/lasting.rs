//! A store that outlives a process, and whose writes can be made to fail.

use rusqlite::Connection;
use std::{path::PathBuf, time::Duration};
use tempfile::TempDir;

pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// A SQLite file.
pub(crate) struct Lasting {
    folder: TempDir,
    address: String,
}

/// Which writes fail.
pub(crate) enum Failing {
    /// All.
    All,
    /// Moving a record.
    Moves,
    /// Deleting a record.
    Deletions,
    /// All writes after a record has moved.
    AllAfterAMove,
}

impl Lasting {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("sessions.db").display());
        Self { folder, address }
    }

    pub(crate) fn settings(&self) -> [(&str, &str); 2] {
        self.settings_with(KEY)
    }

    pub(crate) fn settings_with<'a>(&'a self, keys: &'a str) -> [(&'a str, &'a str); 2] {
        [("LATCHKEY_STORE", &self.address), ("LATCHKEY_KEYS", keys)]
    }

    /// From now on these writes fail.
    pub(crate) fn fail(&self, what: &Failing) {
        let refuse = |verb: &str, when: &str| {
            format!(
                "CREATE TRIGGER fail_{verb} BEFORE {verb} ON latchkey_record WHEN {when}
                 BEGIN SELECT RAISE(ABORT, 'the disk is full'); END;"
            )
        };
        let later = "(SELECT count(*) FROM move) > 1";
        self.execute(&match what {
            Failing::All => refuse("INSERT", "1") + &refuse("UPDATE", "1"),
            Failing::Moves => refuse("UPDATE", "NEW.ended = 'moved'"),
            Failing::Deletions => refuse("UPDATE", "NEW.ended = 'deleted'"),
            Failing::AllAfterAMove => {
                "CREATE TABLE move (part);
                 CREATE TRIGGER move_from AFTER UPDATE ON latchkey_record WHEN NEW.ended = 'moved'
                 BEGIN INSERT INTO move VALUES ('from'); END;
                 CREATE TRIGGER move_to AFTER INSERT ON latchkey_record WHEN (SELECT count(*) FROM move) = 1
                 BEGIN INSERT INTO move VALUES ('to'); END;"
                    .to_owned()
                    + &refuse("INSERT", later)
                    + &refuse("UPDATE", later)
            }
        });
    }

    /// All writes succeed again.
    pub(crate) fn recover(&self) {
        self.execute("DROP TRIGGER IF EXISTS fail_INSERT; DROP TRIGGER IF EXISTS fail_UPDATE;");
    }

    /// The keys of all records.
    pub(crate) fn keys(&self) -> Vec<Vec<u8>> {
        let connection = self.connection();
        let mut query = connection.prepare("SELECT key FROM latchkey_record").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn execute(&self, batch: &str) {
        self.connection().execute_batch(batch).unwrap();
    }

    fn connection(&self) -> Connection {
        let path: PathBuf = self.folder.path().join("sessions.db");
        let connection = Connection::open(path).unwrap();
        connection.busy_timeout(Duration::from_secs(20)).unwrap();
        connection
    }
}
