//! `cargo xtask run --watch`: what changed is built again, and the page in the browser loads itself again.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::cargo::{self, Profile};
use crate::client::{self, Finish};
use crate::run::{self, Addresses};
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::progress;

/// What the client is made of.
const CLIENT: [&str; 3] = ["frontend", "style", "crates/contract"];

/// What the servers are made of.
const SERVERS: [&str; 4] = ["backend", "crates/idx", "crates/contract", "crates/devorg"];

/// When each file was last written.
type Seen = BTreeMap<PathBuf, SystemTime>;

/// Runs like `run`, with a client that is built fast, and builds again until Ctrl-C.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let addresses = Addresses::read(|name| env::var(name).ok())?;
    addresses.must_be_free()?;
    let (mut client_seen, mut servers_seen) = (seen(workspace, &CLIENT), seen(workspace, &SERVERS));
    let client = client::build(workspace, Finish::Draft)?;
    progress::step("servers", "building the app and the dev org");
    let mut servers = cargo::servers(workspace, Profile::Dev)?;
    let mut built = servers.written();
    let mut running = run::start(&servers, &addresses, &client)?;
    running.announce();
    loop {
        running.check()?;
        thread::sleep(Duration::from_millis(200));
        if changed(workspace, &CLIENT, &mut client_seen) {
            told(client::build(workspace, Finish::Draft));
        }
        if changed(workspace, &SERVERS, &mut servers_seen) {
            progress::step("servers", "building again");
            let Some(anew) = told(cargo::servers(workspace, Profile::Dev)) else { continue };
            servers = anew;
            if servers.written() != built {
                built = servers.written();
                progress::step("servers", "starting again; who was signed in signs in again");
                drop(running);
                running = run::start(&servers, &addresses, &client)?;
            }
        }
    }
}

/// A build that fails while someone types is no reason to stop.
fn told<T>(outcome: Result<T, Error>) -> Option<T> {
    outcome.inspect_err(|error| eprintln!("{error}")).ok()
}

fn changed(workspace: &Workspace, rooms: &[&str], before: &mut Seen) -> bool {
    let now = seen(workspace, rooms);
    let changed = now != *before;
    *before = now;
    changed
}

fn seen(workspace: &Workspace, rooms: &[&str]) -> Seen {
    let mut seen = Seen::new();
    for room in rooms {
        look(&workspace.root().join(room), &mut seen);
    }
    seen
}

/// A file that goes while we look has changed; the next look will tell.
fn look(folder: &Path, seen: &mut Seen) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => look(&path, seen),
            Ok(metadata) => {
                if let Ok(written) = metadata.modified() {
                    seen.insert(path, written);
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
    fn a_file_that_was_written_removed_or_added_is_seen() {
        let folder = env::temp_dir().join(format!("latchkey-watch-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let looked = || {
            let mut seen = Seen::new();
            look(&folder, &mut seen);
            seen
        };
        let empty = looked();
        let file = folder.join("deep").join("a.rs");
        fs::write(&file, "a").unwrap();
        let added = looked();
        fs::File::open(&file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let written = looked();
        fs::remove_dir_all(&folder).unwrap();
        assert_ne!(empty, added);
        assert_ne!(added, written);
    }
}
