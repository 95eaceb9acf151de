//! Tests from outside: a person at a browser, and Okta's own JavaScript SDK, against the real programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::browser::{self, Chromium};
use crate::cargo::{self, Profile, Servers};
use crate::client::{self, Finish};
use crate::engines::Engine;
use crate::node;
use crate::report::{Report, Tally};
use crate::steps;
use crate::workspace::Workspace;
use latchkey_harness::process;
use latchkey_harness::progress;
use latchkey_harness::store::{LocalStore, StoreKind};
use latchkey_harness::{Context, Error};

/// All that the tests from outside need.
pub(crate) struct Ready {
    servers: Servers,
    client: PathBuf,
    chromium: Chromium,
}

/// `cargo xtask e2e`: Playwright alone, with its own words.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Error> {
    let ready = ready(workspace)?;
    process::run(ready.playwright(workspace).args(arguments))
}

/// `cargo xtask e2e --pair`: the same, before two instances of the app that share a store.
pub(crate) fn pair(workspace: &Workspace, kind: StoreKind, arguments: &[String]) -> Result<(), Error> {
    let store = LocalStore::start(kind)?;
    let ready = ready(workspace)?;
    process::run(ready.playwright(workspace).args(arguments).env("LATCHKEY_E2E_STORE", store.url()))
}

/// `cargo xtask e2e --shots`: a picture of every page.
pub(crate) fn shots(workspace: &Workspace) -> Result<(), Error> {
    let ready = ready(workspace)?;
    let folder = workspace.e2e().join("shots");
    process::run(ready.playwright(workspace).arg("shots").env("SHOTS", "1").env("SHOTS_DIR", &folder))?;
    println!("The pictures are in {}.", folder.display());
    Ok(())
}

/// Builds what is tested and gets what tests it.
pub(crate) fn ready(workspace: &Workspace) -> Result<Ready, Error> {
    // First, because it brings the optimisers of the client.
    node::packages(workspace)?;
    let chromium = browser::chromium(workspace)?;
    let client = client::build(workspace, Finish::Full)?;
    progress::step("servers", "building the app and the dev org");
    let servers = cargo::servers(workspace, Profile::Dev)?;
    Ok(Ready { servers, client, chromium })
}

/// Okta's SDK signs in at the dev org.
pub(crate) fn sdk(workspace: &Workspace, ready: &Ready, report: &mut Report) -> Result<(), Error> {
    let tests = sdk_tests(&workspace.e2e().join("okta"))?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter", "tap"]).args(&tests);
    steps::step("okta sdk", ready.around(workspace, &mut command), report, |output, success| {
        if tests.is_empty() { Tally::default() } else { tap(output).counted(success) }
    })
}

/// A person at a browser.
pub(crate) fn browser(workspace: &Workspace, ready: &Ready, report: &mut Report) -> Result<(), Error> {
    counted("browser", &mut ready.playwright(workspace), report)
}

/// The same person at a browser of another engine.
pub(crate) fn engine(
    engine: Engine,
    workspace: &Workspace,
    ready: &Ready,
    report: &mut Report,
) -> Result<(), Error> {
    if !engine.is_ready(workspace)? {
        progress::step(engine.name(), &engine.advice());
        return Ok(());
    }
    let mut command = ready.playwright(workspace);
    command.args(["--config", "engines.config.mjs", "--project", engine.name()]);
    counted(engine.name(), &mut command, report)
}

/// Runs Playwright and reads its sums from the file it writes.
fn counted(kind: &'static str, command: &mut Command, report: &mut Report) -> Result<(), Error> {
    let results = std::env::temp_dir().join(format!("latchkey-{kind}-{}.json", std::process::id()));
    command.args(["--reporter", "list,json"]).env("PLAYWRIGHT_JSON_OUTPUT_NAME", &results);
    steps::step(kind, command, report, |_, success| played(&results).counted(success))?;
    // It lies among temporary files, so it goes sooner or later.
    let _ = fs::remove_file(&results);
    Ok(())
}

impl Ready {
    fn playwright(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new("npx");
        command.args(["playwright", "test"]);
        self.around(workspace, &mut command);
        command
    }

    /// Tells the tests where the programs are that they start.
    fn around<'a>(&self, workspace: &Workspace, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(workspace.e2e())
            .env("LATCHKEY_BIN", &self.servers.latchkey)
            .env("DEVORG_BIN", &self.servers.devorg)
            .env("LATCHKEY_ASSETS", &self.client)
            .env("CHROMIUM", self.chromium.path())
    }
}

/// Node's own way to find tests in a folder differs from version to version, so we name the files.
fn sdk_tests(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let about = || format!("Cannot read {}", folder.display());
    let mut tests = Vec::new();
    for entry in fs::read_dir(folder).context(about())? {
        let path = entry.context(about())?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            tests.push(path);
        }
    }
    tests.sort();
    Ok(tests)
}

/// The sums at the end of node's report.
fn tap(output: &str) -> Tally {
    let sum = |name: &str| {
        let number = output.lines().rev().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
        number.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    };
    Tally { passed: sum("pass "), failed: sum("fail ") + sum("cancelled ") }
}

/// The sums in Playwright's report. A test that passed at the second try has not passed.
fn played(results: &Path) -> Tally {
    let Ok(text) = fs::read_to_string(results) else { return Tally::default() };
    let Ok(results) = serde_json::from_str::<Value>(&text) else { return Tally::default() };
    let sum = |name: &str| {
        let number = results.pointer(&format!("/stats/{name}")).and_then(Value::as_u64).unwrap_or(0);
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    Tally { passed: sum("expected"), failed: sum("unexpected") + sum("flaky") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_sums_are_read_and_a_cancelled_test_has_failed() {
        let output = "ok 1 - a\n# tests 7\n# suites 0\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(tap(output), Tally { passed: 5, failed: 2 });
        assert_eq!(tap("Error: cannot find module"), Tally::default());
    }

    #[test]
    fn playwrights_sums_are_read_and_a_flaky_test_has_failed() {
        let path = std::env::temp_dir().join(format!("latchkey-played-{}.json", std::process::id()));
        fs::write(&path, r#"{"stats":{"expected":9,"skipped":1,"unexpected":2,"flaky":1}}"#).unwrap();
        let tally = played(&path);
        fs::remove_file(&path).unwrap();
        assert_eq!(tally, Tally { passed: 9, failed: 3 });
    }
}
