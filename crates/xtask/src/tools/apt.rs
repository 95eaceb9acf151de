//! Debian's packages: installed where that is possible.

use std::process::Command;

use latchkey_harness::progress::Progress;
use latchkey_harness::{Error, process};

/// Whether packages can be installed: as root on Debian.
pub(crate) fn is_available() -> bool {
    rustix::process::geteuid().is_root() && process::find_program("apt-get").is_some()
}

/// Installs packages; false if that failed.
pub(crate) fn install(packages: &str) -> Result<bool, Error> {
    let mut progress = Progress::start("tools", &format!("installing {packages} from Debian"));
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("apt-get update && apt-get install --yes --no-install-recommends {packages}")]);
    let captured = process::capture(command.env("DEBIAN_FRONTEND", "noninteractive"), &mut progress)?;
    progress.end(if captured.success { "done" } else { "failed" });
    Ok(captured.success)
}
