//! A Chromium for the tests: the one that is named, the one that is there, or one that is fetched.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// Which browser the tests drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chromium {
    /// The one at this path.
    At(PathBuf),
    /// The one that Playwright keeps for itself.
    Playwrights,
}

impl Chromium {
    /// What the tests find in `CHROMIUM`: a path, or nothing when Playwright knows best.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::At(path) => path.clone(),
            Self::Playwrights => PathBuf::new(),
        }
    }
}

/// Chromium without a window, toolbars and their pages: the tests take half as long in it.
const SHELL: &str = "chromium-headless-shell";
const WITH_A_WINDOW: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Finds a Chromium or installs one: from Debian when we may, from Playwright else.
pub(crate) fn chromium(workspace: &Workspace) -> Result<Chromium, Error> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|named| !named.is_empty()).map(PathBuf::from) {
        if named.is_file() {
            return Ok(Chromium::At(named));
        }
        return Err(Error::usage(format!("CHROMIUM names {}, and there is no such file.", named.display())));
    }
    if let Some(found) = process::find_program(SHELL) {
        return Ok(Chromium::At(found));
    }
    let _lock = workspace.tool_lock()?;
    let may_install = rustix::process::geteuid().is_root() && process::find_program("apt-get").is_some();
    if may_install
        && from_debian()?
        && let Some(found) = process::find_program(SHELL)
    {
        return Ok(Chromium::At(found));
    }
    if let Some(found) = WITH_A_WINDOW.into_iter().find_map(process::find_program) {
        return Ok(Chromium::At(found));
    }
    from_playwright(workspace)?;
    Ok(Chromium::Playwrights)
}

fn from_debian() -> Result<bool, Error> {
    let mut progress = Progress::start("tools", "installing Chromium from Debian");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("apt-get update && apt-get install --yes --no-install-recommends {SHELL}")]);
    let captured = process::capture(command.env("DEBIAN_FRONTEND", "noninteractive"), &mut progress)?;
    progress.end(if captured.success { "done" } else { "not possible" });
    Ok(captured.success)
}

fn from_playwright(workspace: &Workspace) -> Result<(), Error> {
    let mut progress = Progress::start("tools", "installing Playwright's Chromium, unless it is there");
    let mut command = Command::new("npx");
    command.args(["playwright", "install", "--only-shell", "chromium"]).current_dir(workspace.e2e());
    let captured = process::capture(&mut command, &mut progress)?;
    progress.end(if captured.success { "done" } else { "failed" });
    if captured.success {
        return Ok(());
    }
    Err(Error::new("There is no Chromium on the path, and none could be installed.").hint(format!(
        "Install one (Debian: apt-get install {SHELL}), or name yours in CHROMIUM. Playwright said:\n{}",
        captured.output.trim_end()
    )))
}
