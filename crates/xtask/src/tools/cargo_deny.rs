//! cargo-deny: found on the path, or installed once for all checkouts.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo;
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// The version of cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// Finds it, or builds it without optimisation, which takes minutes less.
pub(crate) fn find_or_install(workspace: &Workspace) -> Result<PathBuf, Error> {
    if let Some(program) =
        process::find_program("cargo-deny").filter(|program| is_version(program, CARGO_DENY))
    {
        return Ok(program);
    }
    let folder = workspace.tools().join(format!("cargo-deny-{CARGO_DENY}"));
    let program = folder.join("bin").join("cargo-deny");
    let _lock = workspace.tool_lock()?;
    if is_version(&program, CARGO_DENY) {
        return Ok(program);
    }
    let mut progress = Progress::start("tools", &format!("installing cargo-deny {CARGO_DENY}"));
    let mut command = cargo::cargo(workspace);
    command.args(["install", "--locked", "--debug", "--version", CARGO_DENY, "cargo-deny", "--root"]);
    command.arg(&folder).arg("--target-dir").arg(folder.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0");
    let captured = process::capture(&mut command, &mut progress)?;
    progress.end(if captured.success { "done" } else { "failed" });
    // A failure leaves files that nothing reads.
    let _ = std::fs::remove_dir_all(folder.join("build"));
    if captured.success {
        return Ok(program);
    }
    Err(Error::new(format!("cargo-deny {CARGO_DENY} cannot be installed.")).hint(format!(
        "Connect to the network and start again, or install it yourself with \
         `cargo install --locked cargo-deny@{CARGO_DENY}`. The output of cargo was:\n{}",
        captured.output.trim_end()
    )))
}

fn is_version(program: &Path, version: &str) -> bool {
    let output = process::stdout_of(Command::new(program).arg("--version"));
    output.is_ok_and(|output| output.split_whitespace().last() == Some(version))
}
