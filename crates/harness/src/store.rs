//! A session store of each kind as a local server: created, paused, killed and restarted.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::error::Error;
use crate::process::{self, ProcessGroup};
use crate::temp::{TempDir, free_port};

/// How long a server may take until it answers.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// The sealing key of the instances under test.
pub const SEALING_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// The kinds of session stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// Inside the process of the app.
    Memory,
    /// A file.
    Sqlite,
    /// A Redis server.
    Redis,
    /// A PostgreSQL server.
    Postgres,
}

/// A running store. Dropping it ends the server and removes its records.
pub struct LocalStore {
    kind: StoreKind,
    port: u16,
    /// Before the folder, so that the server has ended when the folder is removed.
    server: Option<ProcessGroup>,
    folder: TempDir,
}

impl StoreKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Memory, Self::Sqlite, Self::Redis, Self::Postgres];

    /// The name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite",
            Self::Redis => "Redis",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// The server program, and the Debian package that contains it.
    fn server_program(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Memory | Self::Sqlite => None,
            Self::Redis => Some(("redis-server", "redis-server")),
            Self::Postgres => Some(("postgres", "postgresql")),
        }
    }

    /// Checks that the server program is installed.
    pub fn check_installed(self) -> Result<(), Error> {
        match self.server_program() {
            Some((program, package)) if find_server(program).is_none() => {
                Err(Error::new(format!("{} is not installed.", self.name()))
                    .hint(format!("On Debian: apt-get install {package}")))
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl LocalStore {
    /// Starts an empty store.
    pub fn start(kind: StoreKind) -> Result<Self, Error> {
        kind.check_installed()?;
        let mut store = Self { kind, port: free_port()?, server: None, folder: TempDir::create("store")? };
        if kind == StoreKind::Postgres {
            store.create_database()?;
        }
        store.restart()?;
        Ok(store)
    }

    /// The value of `LATCHKEY_STORE` for this store.
    pub fn url(&self) -> String {
        match self.kind {
            StoreKind::Memory => "memory".to_owned(),
            StoreKind::Sqlite => format!("sqlite:{}", self.folder.path().join("sessions.db").display()),
            StoreKind::Redis => format!("redis://127.0.0.1:{}", self.port),
            StoreKind::Postgres => format!("postgres://latchkey@127.0.0.1:{}/postgres", self.port),
        }
    }

    /// Pauses the server with SIGSTOP: connections stay open and get no answer.
    pub fn pause(&mut self) -> Result<(), Error> {
        self.signal(Signal::STOP)
    }

    /// Resumes a paused server.
    pub fn resume(&mut self) -> Result<(), Error> {
        self.signal(Signal::CONT)
    }

    /// Ends the server with SIGKILL.
    pub fn kill(&mut self) -> Result<(), Error> {
        self.signal(Signal::KILL)?;
        match self.server.take() {
            Some(mut server) => server.wait().map(drop),
            None => Ok(()),
        }
    }

    /// Starts the server with what its disk has, and waits until it answers.
    pub fn restart(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.answers() {
            let has_ended = match &mut self.server {
                Some(server) => server.exit_status()?.is_some(),
                None => true,
            };
            // The port or the lock file of a killed server may be in use for a moment.
            if has_ended {
                self.server = self.command()?.map(|mut command| process::spawn(&mut command)).transpose()?;
            }
            if Instant::now() > deadline {
                return Err(Error::new(format!("{} does not answer.", self.kind.name())));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Result<(), Error> {
        self.server.as_ref().map_or(Ok(()), |server| server.signal(signal))
    }

    fn command(&self) -> Result<Option<Command>, Error> {
        let port = self.port.to_string();
        let mut command = match self.kind {
            StoreKind::Memory | StoreKind::Sqlite => return Ok(None),
            StoreKind::Redis => {
                let mut command = Command::new(self.program("redis-server")?);
                command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--dir"]);
                command.arg(self.folder.path());
                command.args(["--appendonly", "yes", "--appendfsync", "everysec"]);
                command
            }
            StoreKind::Postgres => {
                let mut command = unprivileged(&self.program("postgres")?);
                command.arg("-D").arg(self.data()).args(["-h", "127.0.0.1", "-p", &port, "-k", ""]);
                command
            }
        };
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Some(command))
    }

    fn create_database(&self) -> Result<(), Error> {
        if rustix::process::geteuid().is_root() {
            process::run(Command::new("chown").arg("postgres:postgres").arg(self.folder.path()))?;
        }
        let mut command = unprivileged(&self.program("initdb")?);
        command.args(["--username=latchkey", "--auth=trust", "--encoding=UTF8", "--no-locale", "-D"]);
        process::stdout_of(command.arg(self.data())).map(drop)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Result<PathBuf, Error> {
        find_server(name).ok_or_else(|| Error::new(format!("{name} is not installed.")))
    }

    /// Whether it answers a request, and does not only accept connections.
    fn answers(&self) -> bool {
        let (request, expected): (&[u8], u8) = match self.kind {
            StoreKind::Memory | StoreKind::Sqlite => return true,
            StoreKind::Redis => (b"PING\r\n", b'+'),
            // A startup message for user `latchkey` and database `postgres`; `R` is the authentication response.
            StoreKind::Postgres => (b"\0\0\0\x29\0\x03\0\0user\0latchkey\0database\0postgres\0\0", b'R'),
        };
        let first = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(request)?;
            let mut first = [0];
            stream.read_exact(&mut first).map(|()| first)
        });
        first.is_ok_and(|first| first == [expected])
    }
}

/// On the path, or in Debian's folder for each PostgreSQL version.
fn find_server(program: &str) -> Option<PathBuf> {
    process::find_program(program).or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
        versions.map(|it| it.path().join("bin").join(program)).find(|program| program.is_file())
    })
}

/// PostgreSQL refuses to run as root.
fn unprivileged(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_without_a_server_starts_at_once() {
        let mut store = LocalStore::start(StoreKind::Sqlite).unwrap();
        assert!(store.url().starts_with("sqlite:/"));
        assert!(store.pause().is_ok() && store.resume().is_ok());
        assert_eq!(LocalStore::start(StoreKind::Memory).unwrap().url(), "memory");
    }
}
