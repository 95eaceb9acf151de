//! The optimisers that npm installs for the tests, in the versions of its lock file: wasm-opt and esbuild.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use latchkey_harness::{Context, Error, process, progress};

use super::function_order;
use crate::workspace::Workspace;

/// The oldest browsers that sign in and look right (docs/browsers.md): what is newer, esbuild writes in older words.
pub(super) const OLDEST_BROWSERS: &str = "--target=chrome109,firefox115,safari16.4";

/// What makes a WebAssembly file smaller. The stack comes first in memory, so only its very end lies in the lowest kilobyte.
const SHRINK: [&str; 6] = ["--flatten", "--rereloop", "-Oz", "--gufa", "-Oz", "--low-memory-unused"];

/// What sorts its functions, and writes them as densely as `-Oz` does. The browser does not need the list of features.
const SORT: [&str; 6] = [
    "--reorder-functions-by-name",
    "--optimize-level=2",
    "--shrink-level=2",
    "--generate-stack-ir",
    "--optimize-stack-ir",
    "--strip-target-features",
];

/// Optimises a WebAssembly file in place, and orders its functions for the compression.
pub(super) fn wasm(workspace: &Workspace, file: &Path) -> Result<(), Error> {
    progress::step("client", "optimising with wasm-opt");
    wasm_opt(workspace, file, &SHRINK)?;
    let about = format!("Cannot optimise {}", file.display());
    let named = function_order::named_by_likeness(&fs::read(file).context(&about)?)?;
    fs::write(file, named).context(&about)?;
    wasm_opt(workspace, file, &SORT)
}

fn wasm_opt(workspace: &Workspace, file: &Path, passes: &[&str]) -> Result<(), Error> {
    let mut command = Command::new(program(workspace, "wasm-opt")?);
    process::run(command.arg("--detect-features").args(passes).arg(file).arg("-o").arg(file))
}

/// Minifies a script that is a module, in place.
pub(super) fn module_script(workspace: &Workspace, file: &Path) -> Result<(), Error> {
    progress::step("client", "minifying with esbuild");
    let mut command = Command::new(program(workspace, "esbuild")?);
    command.args([
        "--minify",
        "--format=esm",
        "--charset=utf8",
        "--log-level=warning",
        "--allow-overwrite",
        OLDEST_BROWSERS,
    ]);
    process::run(command.arg(file).arg(format!("--outfile={}", file.display())))
}

/// A script as esbuild minifies it.
pub(super) fn script(workspace: &Workspace, file: &Path) -> Result<Vec<u8>, Error> {
    let mut command = Command::new(program(workspace, "esbuild")?);
    command.args(["--minify", "--charset=utf8", "--log-level=warning", OLDEST_BROWSERS]);
    process::stdout_of(command.arg(file)).map(String::into_bytes)
}

/// A script of `folder` as esbuild minifies it together with the modules that it imports, except for `apart`.
pub(super) fn script_with_modules(
    workspace: &Workspace,
    folder: &Path,
    script: &str,
    apart: &[&str],
) -> Result<Vec<u8>, Error> {
    let mut command = Command::new(program(workspace, "esbuild")?);
    command.args([
        "--bundle",
        "--format=esm",
        "--minify",
        "--charset=utf8",
        "--log-level=warning",
        OLDEST_BROWSERS,
    ]);
    command.args(apart.iter().map(|other| format!("--external:./{other}"))).arg(script).current_dir(folder);
    process::stdout_of(&mut command).map(String::into_bytes)
}

/// One of the programs.
pub(super) fn program(workspace: &Workspace, name: &str) -> Result<PathBuf, Error> {
    let own = workspace.e2e().join("node_modules").join(".bin").join(name);
    if own.exists() {
        return Ok(own);
    }
    Err(Error::new(format!("The client cannot be optimised: npm has not installed `{name}`."))
        .hint("Run `npm ci` in e2e and start again."))
}
