//! Chromium for the tests: the one in `CHROMIUM`, one on the path, or one that is installed.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::apt;
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// Which browser the tests drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chromium {
    /// The one at this path.
    At(PathBuf),
    /// The one that Playwright has installed.
    OfPlaywright,
}

impl Chromium {
    /// The value of `CHROMIUM` for the tests: a path, or empty for Playwright's own.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::At(path) => path.clone(),
            Self::OfPlaywright => PathBuf::new(),
        }
    }
}

/// Chromium without a window; the tests take half as long in it.
const HEADLESS_SHELL: &str = "chromium-headless-shell";
const WITH_WINDOW: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Finds a Chromium or installs one: with apt-get as root on Debian, else with Playwright.
pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Chromium, Error> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|named| !named.is_empty()).map(PathBuf::from) {
        if named.is_file() {
            return Ok(Chromium::At(named));
        }
        return Err(Error::usage(format!("CHROMIUM is {}, which does not exist.", named.display())));
    }
    if let Some(found) = process::find_program(HEADLESS_SHELL) {
        return Ok(Chromium::At(found));
    }
    let _lock = workspace.tool_lock()?;
    if apt::is_available()
        && apt::install(HEADLESS_SHELL)?
        && let Some(found) = process::find_program(HEADLESS_SHELL)
    {
        return Ok(Chromium::At(found));
    }
    if let Some(found) = WITH_WINDOW.into_iter().find_map(process::find_program) {
        return Ok(Chromium::At(found));
    }
    install_from_playwright(workspace)?;
    Ok(Chromium::OfPlaywright)
}

fn install_from_playwright(workspace: &Workspace) -> Result<(), Error> {
    let mut progress = Progress::start("tools", "installing Playwright's Chromium, unless it is installed");
    let mut command = Command::new("npx");
    command.args(["playwright", "install", "--only-shell", "chromium"]).current_dir(workspace.e2e());
    let captured = process::capture(&mut command, &mut progress)?;
    progress.end(if captured.success { "done" } else { "failed" });
    if captured.success {
        return Ok(());
    }
    Err(Error::new("There is no Chromium on the path, and none could be installed.").hint(format!(
        "Install one (Debian: apt-get install {HEADLESS_SHELL}), or name yours in CHROMIUM. The output of Playwright was:\n{}",
        captured.output.trim_end()
    )))
}
