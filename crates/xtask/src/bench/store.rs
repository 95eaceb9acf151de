//! Where sessions can be kept, each place as an instance of its own: made, stopped, killed and brought back.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::place::{Folder, free_port};
use crate::process::{self, Living};
use crate::tools;
use crate::trouble::Trouble;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// What every instance seals with. It guards nothing but a bench.
pub(super) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// The kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Sqlite,
    Redis,
    Postgres,
}

/// One place, gone with all that is in it when this is dropped.
pub(crate) struct Store {
    kind: Kind,
    port: u16,
    /// Before the folder, so that nobody writes there when it goes.
    server: Option<Living>,
    folder: Folder,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Memory, Self::Sqlite, Self::Redis, Self::Postgres];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite",
            Self::Redis => "Redis",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// The program that serves it, and the Debian package that has it.
    fn served_by(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Memory | Self::Sqlite => None,
            Self::Redis => Some(("redis-server", "redis-server")),
            Self::Postgres => Some(("postgres", "postgresql")),
        }
    }

    /// Whether what it takes is installed; if not, what to install.
    pub(super) fn is_here(self) -> Result<(), Trouble> {
        match self.served_by() {
            Some((program, package)) if found(program).is_none() => {
                Err(Trouble::new(format!("{} is not installed.", self.name()))
                    .way_out(format!("On Debian: apt-get install {package}")))
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl Store {
    /// An empty one.
    pub(crate) fn start(kind: Kind) -> Result<Self, Trouble> {
        kind.is_here()?;
        let mut store = Self { kind, port: free_port()?, server: None, folder: Folder::make("store")? };
        if kind == Kind::Postgres {
            store.make_database()?;
        }
        store.serve()?;
        Ok(store)
    }

    /// What an instance has in `LATCHKEY_STORE`.
    pub(crate) fn address(&self) -> String {
        match self.kind {
            Kind::Memory => "memory".to_owned(),
            Kind::Sqlite => format!("sqlite:{}", self.folder.path().join("sessions.db").display()),
            Kind::Redis => format!("redis://127.0.0.1:{}", self.port),
            Kind::Postgres => format!("postgres://latchkey@127.0.0.1:{}/postgres", self.port),
        }
    }

    /// It stays where it is and answers nobody.
    pub(super) fn freeze(&mut self) -> Result<(), Trouble> {
        self.signal(Signal::STOP)
    }

    /// It goes on.
    pub(super) fn thaw(&mut self) -> Result<(), Trouble> {
        self.signal(Signal::CONT)
    }

    /// It ends in the middle of whatever it does.
    pub(super) fn kill(&mut self) -> Result<(), Trouble> {
        self.signal(Signal::KILL)?;
        match self.server.take() {
            Some(mut server) => server.wait().map(drop),
            None => Ok(()),
        }
    }

    /// It comes back with what its disk has; returns when it answers.
    pub(super) fn serve(&mut self) -> Result<(), Trouble> {
        let deadline = Instant::now() + PATIENCE;
        while !self.answers() {
            let has_ended = match &mut self.server {
                Some(server) => server.ended()?.is_some(),
                None => true,
            };
            // What was left of one that was killed may stand in the way for a moment.
            if has_ended {
                self.server = self.command()?.map(|mut command| process::spawn(&mut command)).transpose()?;
            }
            if Instant::now() > deadline {
                return Err(Trouble::new(format!("{} does not answer.", self.kind.name())));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Result<(), Trouble> {
        self.server.as_ref().map_or(Ok(()), |server| server.signal(signal))
    }

    fn command(&self) -> Result<Option<Command>, Trouble> {
        let port = self.port.to_string();
        let mut command = match self.kind {
            Kind::Memory | Kind::Sqlite => return Ok(None),
            Kind::Redis => {
                let mut command = Command::new(self.program("redis-server")?);
                command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--dir"]);
                command.arg(self.folder.path());
                command.args(["--appendonly", "yes", "--appendfsync", "everysec"]);
                command
            }
            Kind::Postgres => {
                let mut command = unprivileged(&self.program("postgres")?);
                command.arg("-D").arg(self.data()).args(["-h", "127.0.0.1", "-p", &port, "-k", ""]);
                command
            }
        };
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Some(command))
    }

    fn make_database(&self) -> Result<(), Trouble> {
        if rustix::process::geteuid().is_root() {
            process::run(Command::new("chown").arg("postgres:postgres").arg(self.folder.path()))?;
        }
        let mut command = unprivileged(&self.program("initdb")?);
        command.args(["--username=latchkey", "--auth=trust", "--encoding=UTF8", "--no-locale", "-D"]);
        process::answer(command.arg(self.data())).map(drop)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Result<PathBuf, Trouble> {
        found(name).ok_or_else(|| Trouble::new(format!("{name} is not installed.")))
    }

    /// Whether it takes commands, and does not only listen.
    fn answers(&self) -> bool {
        let (says, hears): (&[u8], u8) = match self.kind {
            Kind::Memory | Kind::Sqlite => return true,
            Kind::Redis => (b"PING\r\n", b'+'),
            // The start of a connection as `latchkey` to `postgres`, and the word that it may go on.
            Kind::Postgres => (b"\0\0\0\x29\0\x03\0\0user\0latchkey\0database\0postgres\0\0", b'R'),
        };
        let heard = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(says)?;
            let mut first = [0];
            stream.read_exact(&mut first).map(|()| first)
        });
        heard.is_ok_and(|first| first == [hears])
    }
}

/// On the path, or where Debian keeps one folder for each version.
fn found(program: &str) -> Option<PathBuf> {
    tools::on_path(program).or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
        versions.map(|it| it.path().join("bin").join(program)).find(|program| program.is_file())
    })
}

/// A database refuses to be run by root.
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
    fn what_needs_no_server_is_there_at_once() {
        let mut store = Store::start(Kind::Sqlite).unwrap();
        assert!(store.address().starts_with("sqlite:/"));
        assert!(store.freeze().is_ok() && store.thaw().is_ok());
        assert_eq!(Store::start(Kind::Memory).unwrap().address(), "memory");
    }
}
