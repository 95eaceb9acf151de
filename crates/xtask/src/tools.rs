//! Tools that cargo can install: looked for first, fetched once, kept for every checkout.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo;
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// The version of cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// cargo-deny, built without optimisation: it reads a graph once, and so is ready minutes earlier.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf, Error> {
    if let Some(program) = process::find_program("cargo-deny").filter(|program| is(program, CARGO_DENY)) {
        return Ok(program);
    }
    let folder = workspace.tools().join(format!("cargo-deny-{CARGO_DENY}"));
    let program = folder.join("bin").join("cargo-deny");
    let _lock = workspace.tool_lock()?;
    if is(&program, CARGO_DENY) {
        return Ok(program);
    }
    let mut progress = Progress::start("tools", &format!("installing cargo-deny {CARGO_DENY}"));
    let mut command = cargo::cargo(workspace);
    command.args(["install", "--locked", "--debug", "--version", CARGO_DENY, "cargo-deny", "--root"]);
    command.arg(&folder).arg("--target-dir").arg(folder.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0");
    let captured = process::capture(&mut command, &mut progress)?;
    progress.end(if captured.success { "done" } else { "failed" });
    // Only the program is of use from here on; what is left behind takes room and does no harm.
    let _ = std::fs::remove_dir_all(folder.join("build"));
    if captured.success {
        return Ok(program);
    }
    Err(Error::new(format!("cargo-deny {CARGO_DENY} cannot be installed.")).hint(format!(
        "Connect to the network and start again, or install it yourself with \
         `cargo install --locked cargo-deny@{CARGO_DENY}`. Cargo said:\n{}",
        captured.output.trim_end()
    )))
}

fn is(program: &Path, version: &str) -> bool {
    let said = process::stdout_of(Command::new(program).arg("--version"));
    said.is_ok_and(|said| said.split_whitespace().last() == Some(version))
}
