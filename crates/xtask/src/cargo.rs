//! Cargo, asked for programs: what it built comes back by name.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::Value;

use crate::workspace::Workspace;
use latchkey_harness::process;
use latchkey_harness::{Context, Error};

/// The browser's compile target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Which of the profiles in `Cargo.toml` is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
    Client,
}

/// The two servers as built programs.
pub(crate) struct Servers {
    pub(crate) latchkey: PathBuf,
    pub(crate) devorg: PathBuf,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Client => "client",
        }
    }
}

impl Servers {
    /// When each was last written: whether a build changed anything.
    pub(crate) fn written(&self) -> [Option<SystemTime>; 2] {
        let written = |program: &Path| fs::metadata(program).and_then(|it| it.modified()).ok();
        [written(&self.latchkey), written(&self.devorg)]
    }
}

/// The cargo that started us, at the top level.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(workspace.root());
    command
}

/// Builds the app and the dev org. For us, as a part of the workspace, so that the tests find them built already;
/// for others, with the features that they ask for themselves and no more.
pub(crate) fn servers(workspace: &Workspace, profile: Profile) -> Result<Servers, Error> {
    let mut command = build(workspace, profile);
    match profile {
        Profile::Release => command.args(["--package", "latchkey", "--package", "latchkey-devorg"]),
        Profile::Dev | Profile::Client => command.arg("--workspace"),
    };
    command.args(["--bin", "latchkey", "--bin", "devorg"]);
    let built = artifacts(&mut command, "The servers do not build.")?;
    Ok(Servers { latchkey: program(&built, "latchkey")?, devorg: program(&built, "devorg")? })
}

/// Builds the dev org alone.
pub(crate) fn devorg(workspace: &Workspace, profile: Profile) -> Result<PathBuf, Error> {
    let mut command = build(workspace, profile);
    command.args(["--package", "latchkey-devorg", "--bin", "devorg"]);
    program(&artifacts(&mut command, "The dev org does not build.")?, "devorg")
}

/// Builds the app for release so that it needs nothing of the machine but its kernel.
pub(crate) fn static_server(workspace: &Workspace) -> Result<PathBuf, Error> {
    let target = format!("{}-unknown-linux-musl", env::consts::ARCH);
    has_target(&target, "servers")?;
    if process::find_program("musl-gcc").is_none() {
        return Err(Error::new("There is no musl-gcc on the path, which some dependencies are built with.")
            .hint("On Debian: apt-get install musl-tools"));
    }
    let mut command = build(workspace, Profile::Release);
    command.args(["--package", "latchkey", "--bin", "latchkey", "--target", &target]);
    program(&artifacts(&mut command, "The app does not build.")?, "latchkey")
}

/// Builds the benchmarks for release: they share the processors with what they measure.
pub(crate) fn bench(workspace: &Workspace) -> Result<PathBuf, Error> {
    let mut command = build(workspace, Profile::Release);
    command.args(["--package", "latchkey-bench", "--bin", "latchkey-bench"]);
    program(&artifacts(&mut command, "The benchmarks do not build.")?, "latchkey-bench")
}

/// Builds an example of a package for release.
pub(crate) fn example(workspace: &Workspace, package: &str, name: &str) -> Result<PathBuf, Error> {
    let mut command = build(workspace, Profile::Release);
    command.args(["--package", package, "--example", name]);
    program(&artifacts(&mut command, "The example does not build.")?, name)
}

/// Builds the client and returns its WebAssembly, not bound to JavaScript yet.
pub(crate) fn client(workspace: &Workspace, profile: Profile) -> Result<PathBuf, Error> {
    let mut command = build(workspace, profile);
    command.args(["--package", "latchkey-frontend", "--bin", "latchkey-frontend", "--target", WASM]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_folders(&dependencies()));
    let built = artifacts(&mut command, "The client does not build.")?;
    built
        .into_iter()
        // Some dependencies make a module of their own.
        .find(|file| file.file_name().is_some_and(|name| name == "latchkey-frontend.wasm"))
        .ok_or_else(|| Error::new("The client was built, but cargo does not say where it lies."))
}

/// The folders that cargo keeps the sources of dependencies in. Ours came from there too, so they are filled by now.
fn dependencies() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let folders = fs::read_dir(home.join("registry").join("src")).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.path()).collect();
    folders.sort();
    folders
}

/// What tells the compiler to leave these folders out of the names of source files. The client carries such names for
/// what it might say when it ends badly, and no browser needs to know where things lie on the machine that built it.
fn without_folders(folders: &[PathBuf]) -> OsString {
    let mut flags = OsString::new();
    for folder in folders {
        flags.push("--remap-path-prefix=");
        flags.push(folder);
        flags.push("/= ");
    }
    flags
}

/// Sees to it that the compiler can build for the browser.
pub(crate) fn browser_target() -> Result<(), Error> {
    has_target(WASM, "client")
}

fn has_target(target: &str, what_for: &str) -> Result<(), Error> {
    let library =
        process::stdout_of(Command::new("rustc").args(["--print", "target-libdir", "--target", target]));
    if library.is_ok_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    latchkey_harness::progress::step(what_for, &format!("adding the target {target}"));
    process::run(Command::new("rustup").args(["target", "add", target])).map_err(|_| {
        Error::new(format!("The compile target {target} is missing and rustup could not add it."))
            .hint(format!("Connect to the network, run `rustup target add {target}` and start again."))
    })
}

fn build(workspace: &Workspace, profile: Profile) -> Command {
    let mut command = cargo(workspace);
    command.args(["build", "--profile", profile.name(), "--message-format", "json-render-diagnostics"]);
    command
}

/// Runs a build whose progress and errors cargo shows by itself, and returns the files it made.
fn artifacts(command: &mut Command, or_else: &str) -> Result<Vec<PathBuf>, Error> {
    let mut living = process::spawn(command.stdout(Stdio::piped()))?;
    let mut files = Vec::new();
    if let Some(stdout) = living.stdout() {
        for line in BufReader::new(stdout).lines() {
            files.extend(files_in(&line.context("Cannot read what cargo says")?));
        }
    }
    if living.wait()?.success() {
        return Ok(files);
    }
    Err(Error::new(or_else).hint("The compiler's own words are above; mend what they name and start again."))
}

/// The files that one of cargo's messages announces.
fn files_in(message: &str) -> Vec<PathBuf> {
    let Ok(message) = serde_json::from_str::<Value>(message) else { return Vec::new() };
    if message.get("reason").and_then(Value::as_str) != Some("compiler-artifact") {
        return Vec::new();
    }
    let files = message.get("filenames").and_then(Value::as_array).into_iter().flatten();
    files.filter_map(Value::as_str).map(PathBuf::from).collect()
}

fn program(built: &[PathBuf], name: &str) -> Result<PathBuf, Error> {
    let is_it = |file: &&PathBuf| file.file_name().is_some_and(|file| file == name);
    built
        .iter()
        .find(is_it)
        .cloned()
        .ok_or_else(|| Error::new(format!("`{name}` was built, but cargo does not say where it lies.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_of_this_machine_are_left_out_one_by_one() {
        let flags = without_folders(&["/a/src/one".into(), "/a/src/two".into()]);
        assert_eq!(flags, "--remap-path-prefix=/a/src/one/= --remap-path-prefix=/a/src/two/= ");
        assert_eq!(without_folders(&[]), "");
    }

    #[test]
    fn only_messages_about_artifacts_name_files() {
        let artifact = r#"{"reason":"compiler-artifact","filenames":["/t/debug/devorg"]}"#;
        assert_eq!(files_in(artifact), [PathBuf::from("/t/debug/devorg")]);
        assert!(files_in(r#"{"reason":"build-finished","success":true}"#).is_empty());
        assert!(files_in("warning: unused").is_empty());
    }

    #[test]
    fn a_program_is_found_by_its_whole_name() {
        let built = [PathBuf::from("/t/debug/liblatchkey.rlib"), PathBuf::from("/t/debug/latchkey")];
        assert_eq!(program(&built, "latchkey"), Ok(PathBuf::from("/t/debug/latchkey")));
        assert!(program(&built, "devorg").is_err());
    }
}
