//! Firefox and WebKit for the tests: found on this machine, or installed from Debian when we may; skipped elsewhere.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// A browser engine other than Chromium's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Firefox,
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 2] = [Self::Firefox, Self::WebKit];

    /// The row of the report, and the project in `e2e/engines.config.mjs`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// What must be on the path.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Firefox => &["firefox-esr"],
            Self::WebKit => &["WebKitWebDriver", "Xvfb"],
        }
    }

    /// The packages of Debian that bring them.
    fn packages(self) -> &'static str {
        match self {
            Self::Firefox => "firefox-esr",
            Self::WebKit => "webkit2gtk-driver xvfb",
        }
    }

    /// Whether the tests can run in it, once what Debian has was installed.
    pub(crate) fn is_ready(self, workspace: &Workspace) -> Result<bool, Error> {
        if self.is_installed() {
            return Ok(true);
        }
        let _lock = workspace.tool_lock()?;
        let may_install = rustix::process::geteuid().is_root() && process::find_program("apt-get").is_some();
        Ok(may_install && self.install()? && self.is_installed())
    }

    /// What is shown where it is not ready.
    pub(crate) fn advice(self) -> String {
        format!("skipped, because it is not installed (Debian: apt-get install {})", self.packages())
    }

    fn is_installed(self) -> bool {
        self.named().is_some_and(|program| program.is_file())
            || self.programs().iter().all(|program| process::find_program(program).is_some())
    }

    /// A Firefox of another name: what the tests read from the environment, too.
    fn named(self) -> Option<PathBuf> {
        match self {
            Self::Firefox => env::var_os("FIREFOX").map(PathBuf::from),
            Self::WebKit => None,
        }
    }

    fn install(self) -> Result<bool, Error> {
        let mut progress = Progress::start("tools", &format!("installing {} from Debian", self.packages()));
        let mut command = Command::new("sh");
        let install = format!("apt-get install --yes --no-install-recommends {}", self.packages());
        command.args(["-c", &format!("apt-get update && {install}")]);
        let captured = process::capture(command.env("DEBIAN_FRONTEND", "noninteractive"), &mut progress)?;
        progress.end(if captured.success { "done" } else { "not possible" });
        Ok(captured.success)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_skipped_engine_names_the_packages() {
        let lines = Engine::ALL.map(Engine::advice);
        assert!(lines.iter().zip(Engine::ALL).all(|(line, engine)| line.contains(engine.packages())));
    }
}
