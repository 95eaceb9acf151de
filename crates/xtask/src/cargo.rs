//! Builds programs with cargo and finds the files that it made.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::workspace::Workspace;
use latchkey_harness::process;
use latchkey_harness::{Context, Error};

/// The browser's compile target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A profile of `Cargo.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BuildProfile {
    Dev,
    Release,
    Client,
}

/// The built servers.
pub(crate) struct Servers {
    pub(crate) latchkey: PathBuf,
    pub(crate) devorg: PathBuf,
}

impl BuildProfile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Client => "client",
        }
    }
}

/// The cargo that started this program, in the top folder.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(workspace.root());
    command
}

/// Builds the app and the dev org. In development with the features of the whole workspace, so that the tests need no second
/// build; for a release with their own features only.
pub(crate) fn servers(workspace: &Workspace, profile: BuildProfile) -> Result<Servers, Error> {
    let mut command = build(workspace, profile);
    match profile {
        BuildProfile::Release => command.args(["--package", "latchkey", "--package", "latchkey-devorg"]),
        BuildProfile::Dev | BuildProfile::Client => command.arg("--workspace"),
    };
    command.args(["--bin", "latchkey", "--bin", "devorg"]);
    let built = artifacts(&mut command, "The servers do not build.")?;
    Ok(Servers { latchkey: program(&built, "latchkey")?, devorg: program(&built, "devorg")? })
}

/// Builds the dev org alone.
pub(crate) fn devorg(workspace: &Workspace, profile: BuildProfile) -> Result<PathBuf, Error> {
    let mut command = build(workspace, profile);
    command.args(["--package", "latchkey-devorg", "--bin", "devorg"]);
    program(&artifacts(&mut command, "The dev org does not build.")?, "devorg")
}

/// Builds the app for release, linked statically.
pub(crate) fn static_server(workspace: &Workspace) -> Result<PathBuf, Error> {
    let target = format!("{}-unknown-linux-musl", env::consts::ARCH);
    install_target(&target, "servers")?;
    if process::find_program("musl-gcc").is_none() {
        return Err(Error::new("There is no musl-gcc on the path, and some dependencies need it.")
            .hint("On Debian: apt-get install musl-tools"));
    }
    let mut command = build(workspace, BuildProfile::Release);
    command.args(["--package", "latchkey", "--bin", "latchkey", "--target", &target]);
    program(&artifacts(&mut command, "The app does not build.")?, "latchkey")
}

/// Builds the benchmarks for release: they share the processors with what they measure.
pub(crate) fn bench(workspace: &Workspace) -> Result<PathBuf, Error> {
    let mut command = build(workspace, BuildProfile::Release);
    command.args(["--package", "latchkey-bench", "--bin", "latchkey-bench"]);
    program(&artifacts(&mut command, "The benchmarks do not build.")?, "latchkey-bench")
}

/// Builds an example of a package for release.
pub(crate) fn example(workspace: &Workspace, package: &str, name: &str) -> Result<PathBuf, Error> {
    let mut command = build(workspace, BuildProfile::Release);
    command.args(["--package", package, "--example", name]);
    program(&artifacts(&mut command, "The example does not build.")?, name)
}

/// Builds the client and returns its WebAssembly, which is not bound to JavaScript yet.
pub(crate) fn client(workspace: &Workspace, profile: BuildProfile) -> Result<PathBuf, Error> {
    let mut command = build(workspace, profile);
    command.args(["--package", "latchkey-frontend", "--bin", "latchkey-frontend"]);
    if profile == BuildProfile::Client {
        command.args(["--features", "split"]);
    }
    browser_program(&mut command, "latchkey-frontend")
}

/// Builds the sample in Leptos, which is a workspace of its own, and returns its WebAssembly.
pub(crate) fn leptos_sample(workspace: &Workspace, manifest: &Path) -> Result<PathBuf, Error> {
    let mut command = build(workspace, BuildProfile::Client);
    command.arg("--locked").arg("--manifest-path").arg(manifest);
    if env::var_os("CARGO_TARGET_DIR").is_none() {
        // Most dependencies are those of the client, built in the same way.
        command.arg("--target-dir").arg(workspace.root().join("target"));
    }
    browser_program(&mut command, "latchkey-sample-leptos")
}

fn browser_program(command: &mut Command, name: &str) -> Result<PathBuf, Error> {
    command.args(["--target", WASM]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remap_flags(&dependency_folders()));
    // Some dependencies build a WebAssembly file, too.
    program(&artifacts(command, "The client does not build.")?, &format!("{name}.wasm"))
}

/// The folders of the sources of dependencies. xtask has dependencies itself, so they exist by now.
fn dependency_folders() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let folders = fs::read_dir(home.join("registry").join("src")).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.path()).collect();
    folders.sort();
    folders
}

/// Compiler flags that remove these folders from source paths. The client contains such paths for panics, and they would
/// name folders of the machine that built it.
fn remap_flags(folders: &[PathBuf]) -> OsString {
    let mut flags = OsString::new();
    for folder in folders {
        flags.push("--remap-path-prefix=");
        flags.push(folder);
        flags.push("/= ");
    }
    flags
}

/// Installs the compile target of the browser, unless it is installed.
pub(crate) fn browser_target() -> Result<(), Error> {
    install_target(WASM, "client")
}

fn install_target(target: &str, area: &str) -> Result<(), Error> {
    let library =
        process::stdout_of(Command::new("rustc").args(["--print", "target-libdir", "--target", target]));
    if library.is_ok_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    latchkey_harness::progress::step(area, &format!("adding the target {target}"));
    process::run(Command::new("rustup").args(["target", "add", target])).map_err(|_| {
        Error::new(format!("The compile target {target} is missing and rustup could not add it."))
            .hint(format!("Connect to the network, run `rustup target add {target}` and start again."))
    })
}

fn build(workspace: &Workspace, profile: BuildProfile) -> Command {
    let mut command = cargo(workspace);
    command.args(["build", "--profile", profile.name(), "--message-format", "json-render-diagnostics"]);
    command
}

/// Runs a build and returns the files that it made. Cargo shows its progress and errors itself.
fn artifacts(command: &mut Command, failure: &str) -> Result<Vec<PathBuf>, Error> {
    let mut build = process::spawn(command.stdout(Stdio::piped()))?;
    let mut files = Vec::new();
    if let Some(stdout) = build.stdout() {
        for line in BufReader::new(stdout).lines() {
            files.extend(files_in(&line.context("Cannot read the output of cargo")?));
        }
    }
    if build.wait()?.success() {
        return Ok(files);
    }
    Err(Error::new(failure).hint("Correct the errors that the compiler shows above and start again."))
}

/// The files that a message of cargo names.
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
        .ok_or_else(|| Error::new(format!("Cargo built `{name}`, but does not name its file.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_is_removed_from_paths() {
        let flags = remap_flags(&["/a/src/one".into(), "/a/src/two".into()]);
        assert_eq!(flags, "--remap-path-prefix=/a/src/one/= --remap-path-prefix=/a/src/two/= ");
        assert_eq!(remap_flags(&[]), "");
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
