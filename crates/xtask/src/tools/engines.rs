//! Firefox and WebKit for the tests: found on the path or installed from Debian; skipped elsewhere.

use std::env;
use std::path::PathBuf;

use super::apt;
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;

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

    /// The programs that must be on the path.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Firefox => &["firefox-esr"],
            Self::WebKit => &["WebKitWebDriver", "Xvfb"],
        }
    }

    /// Debian's packages for them.
    fn packages(self) -> &'static str {
        match self {
            Self::Firefox => "firefox-esr",
            Self::WebKit => "webkit2gtk-driver xvfb",
        }
    }

    /// Whether the tests can run in it. Installs it if that is possible.
    pub(crate) fn is_ready(self, workspace: &Workspace) -> Result<bool, Error> {
        if self.is_installed() {
            return Ok(true);
        }
        let _lock = workspace.tool_lock()?;
        Ok(apt::is_available() && apt::install(self.packages())? && self.is_installed())
    }

    /// The message for a machine without it.
    pub(crate) fn advice(self) -> String {
        format!("skipped, because it is not installed (Debian: apt-get install {})", self.packages())
    }

    fn is_installed(self) -> bool {
        self.named().is_some_and(|program| program.is_file())
            || self.programs().iter().all(|program| process::find_program(program).is_some())
    }

    /// The Firefox in `FIREFOX`, which the tests read, too.
    fn named(self) -> Option<PathBuf> {
        match self {
            Self::Firefox => env::var_os("FIREFOX").map(PathBuf::from),
            Self::WebKit => None,
        }
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
