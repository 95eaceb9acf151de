//! `cargo xtask run --watch`: builds again after a change; the page reloads itself, and servers restart.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::cargo::{self, BuildProfile, Servers};
use crate::client::{self, Finish};
use crate::run::{self, RunSettings};
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::progress;

/// The sources of the client.
const CLIENT_SOURCES: [&str; 4] = ["frontend", "style", "crates/altcha", "crates/contract"];

/// The sources of the servers.
const SERVER_SOURCES: [&str; 4] = ["backend", "crates/idx", "crates/contract", "crates/devorg"];

/// When each file was last written.
type Timestamps = BTreeMap<PathBuf, SystemTime>;

/// Runs like `run`, with a client that builds fast, and builds again until Ctrl-C.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let settings = RunSettings::read(|name| env::var(name).ok())?;
    settings.check_free()?;
    let (mut client_times, mut server_times) =
        (timestamps(workspace, &CLIENT_SOURCES), timestamps(workspace, &SERVER_SOURCES));
    let client = client::build(workspace, Finish::Draft)?;
    progress::step("servers", "building the app and the dev org");
    let mut servers = cargo::servers(workspace, BuildProfile::Dev)?;
    let mut built = modified(&servers);
    let mut running = run::start(&servers, &settings, &client)?;
    running.announce();
    loop {
        running.check()?;
        thread::sleep(Duration::from_millis(200));
        if changed(workspace, &CLIENT_SOURCES, &mut client_times) {
            print_error(client::build(workspace, Finish::Draft));
        }
        if changed(workspace, &SERVER_SOURCES, &mut server_times) {
            progress::step("servers", "building again");
            let Some(rebuilt) = print_error(cargo::servers(workspace, BuildProfile::Dev)) else { continue };
            servers = rebuilt;
            if modified(&servers) != built {
                built = modified(&servers);
                progress::step("servers", "restarting; the sessions are lost");
                drop(running);
                running = run::start(&servers, &settings, &client)?;
            }
        }
    }
}

/// When each program was built.
fn modified(servers: &Servers) -> [Option<SystemTime>; 2] {
    [&servers.latchkey, &servers.devorg]
        .map(|program| fs::metadata(program).and_then(|file| file.modified()).ok())
}

/// Prints an error and goes on: a change in progress often does not compile.
fn print_error<T>(outcome: Result<T, Error>) -> Option<T> {
    outcome.inspect_err(|error| eprintln!("{error}")).ok()
}

fn changed(workspace: &Workspace, folders: &[&str], before: &mut Timestamps) -> bool {
    let now = timestamps(workspace, folders);
    let changed = now != *before;
    *before = now;
    changed
}

fn timestamps(workspace: &Workspace, folders: &[&str]) -> Timestamps {
    let mut times = Timestamps::new();
    for folder in folders {
        add_timestamps(&workspace.root().join(folder), &mut times);
    }
    times
}

/// Adds the files below a folder. One that is removed meanwhile is missing, and so counts as changed.
fn add_timestamps(folder: &Path, times: &mut Timestamps) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => add_timestamps(&path, times),
            Ok(metadata) => {
                if let Ok(written) = metadata.modified() {
                    times.insert(path, written);
                }
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_adding_or_removing_a_file_is_a_change() {
        let folder = env::temp_dir().join(format!("latchkey-watch-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let read = || {
            let mut times = Timestamps::new();
            add_timestamps(&folder, &mut times);
            times
        };
        let empty = read();
        let file = folder.join("deep").join("a.rs");
        fs::write(&file, "a").unwrap();
        let added = read();
        fs::File::open(&file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let written = read();
        fs::remove_dir_all(&folder).unwrap();
        assert_ne!(empty, added);
        assert_ne!(added, written);
    }
}
