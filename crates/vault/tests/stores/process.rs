//! Servers as processes: found or installed, started on a free port, stopped by their id.

use rustix::{
    io::Errno,
    process::{Pid, Signal, kill_process},
};
use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::Mutex,
};

/// A server that ends when the test does, however that goes.
pub(crate) struct Process(Child);

impl Process {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}")))
    }

    /// Sends a signal to the process and to those that it has started.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = self.0.id();
        for id in children(id).into_iter().chain([id]) {
            let id = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
            match kill_process(id, signal) {
                Ok(()) | Err(Errno::SRCH) => {}
                Err(error) => panic!("{signal:?}: {error}"),
            }
        }
    }

    /// Whether it has exited by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
        drop(self.0.wait());
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program of a Debian package, which is installed if it is missing and this user may install.
pub(crate) fn program(name: &str, package: &str) -> PathBuf {
    // One test installs; the others wait.
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _alone = INSTALLING.lock();
    find(name).unwrap_or_else(|| {
        install(package);
        find(name).unwrap_or_else(|| {
            panic!(
                "{name} is not here, and the stores are tested on real servers: install it (on Debian the package \
                 {package}), or leave its store out with LATCHKEY_TEST_STORES=memory,sqlite"
            )
        })
    })
}

/// Whether this is the user who may install, and as whom PostgreSQL refuses to run.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = env::split_paths(&path).chain(versions.map(|version| version.path().join("bin")));
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

fn install(package: &str) {
    let apt = Path::new("/usr/bin/apt-get");
    if is_root() && apt.is_file() {
        for words in [&["update"][..], &["install", "--yes", "--no-install-recommends", package]] {
            drop(Command::new(apt).args(words).env("DEBIAN_FRONTEND", "noninteractive").output());
        }
    }
}

fn children(id: u32) -> Vec<u32> {
    let listed = Command::new("pgrep").arg("-P").arg(id.to_string()).output().unwrap();
    String::from_utf8(listed.stdout).unwrap().lines().map(|id| id.parse().unwrap()).collect()
}
