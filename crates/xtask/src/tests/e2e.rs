//! The end-to-end tests: a person at a browser, and Okta's JavaScript SDK, against the built programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::report::{Report, Tally};
use super::steps;
use super::tested_packages::TestedPackages;
use crate::cargo::{self, BuildProfile, Servers};
use crate::cli;
use crate::client::{self, Finish};
use crate::packages;
use crate::tools::chromium::{self, Chromium};
use crate::tools::engines::Engine;
use crate::tools::npm;
use crate::workspace::Workspace;
use latchkey_harness::process;
use latchkey_harness::progress;
use latchkey_harness::store::LocalStore;
use latchkey_harness::{Context, Error};

/// Everything that the tests need.
pub(crate) struct TestSetup {
    servers: Servers,
    client: PathBuf,
    chromium: Chromium,
}

/// Runs Playwright as the command line says.
pub(crate) fn run(workspace: &Workspace, arguments: &cli::E2e) -> Result<(), Error> {
    let store = arguments.pair.map(|store| LocalStore::start(store.kind())).transpose()?;
    // First, because npm installs Playwright, which lists the tests.
    npm::packages(workspace)?;
    let tested = TestedPackages::of_chosen_tests(workspace, &arguments.arguments)?;
    let ready = ready(workspace, tested)?;
    let mut command = ready.playwright(workspace);
    command.args(&arguments.arguments);
    if let Some(store) = &store {
        command.env("LATCHKEY_E2E_STORE", store.url());
    }
    if !arguments.shots {
        return process::run(&mut command);
    }
    let folder = workspace.e2e().join("shots");
    process::run(command.arg("shots").env("SHOTS", "1").env("SHOTS_DIR", &folder))?;
    println!("The pictures are in {}.", folder.display());
    Ok(())
}

/// Builds the programs and installs what tests them.
pub(crate) fn ready(workspace: &Workspace, tested: TestedPackages) -> Result<TestSetup, Error> {
    // First, because npm installs the optimisers of the client.
    npm::packages(workspace)?;
    let chromium = chromium::find_or_install(workspace)?;
    tested.prepare(workspace)?;
    let client = client::build(workspace, Finish::Full)?;
    progress::step("servers", "building the app and the dev org");
    let servers = cargo::servers(workspace, BuildProfile::Dev)?;
    Ok(TestSetup { servers, client, chromium })
}

/// Runs the tests of Okta's SDK against the dev org.
pub(crate) fn sdk(workspace: &Workspace, ready: &TestSetup, report: &mut Report) -> Result<(), Error> {
    let tests = node_tests(&workspace.e2e().join("okta"))?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter", "tap"]).args(&tests);
    steps::step("okta sdk", ready.with_programs(workspace, &mut command), report, |output, success| {
        if tests.is_empty() { Tally::default() } else { tap_tally(output).counted(success) }
    })
}

/// Runs the tests of the npm packages.
pub(crate) fn npm_packages(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let folder = workspace.root().join(packages::SOURCES);
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter", "tap"]).args(node_tests(&folder.join("test"))?);
    steps::step("npm packages", command.current_dir(folder), report, |output, success| {
        tap_tally(output).counted(success)
    })
}

/// Runs the browser tests.
pub(crate) fn browser(workspace: &Workspace, ready: &TestSetup, report: &mut Report) -> Result<(), Error> {
    run_playwright("browser", &mut ready.playwright(workspace), report)
}

/// Runs the tests of Okta's widget against the dev org, which are browser tests too.
pub(crate) fn widget(workspace: &Workspace, ready: &TestSetup, report: &mut Report) -> Result<(), Error> {
    run_playwright("okta widget", ready.playwright(workspace).arg("e2e/widget/"), report)
}

/// Runs the browser tests in a browser of another engine.
pub(crate) fn engine(
    engine: Engine,
    workspace: &Workspace,
    ready: &TestSetup,
    report: &mut Report,
) -> Result<(), Error> {
    if !engine.is_ready(workspace)? {
        progress::step(engine.name(), &engine.advice());
        return Ok(());
    }
    let mut command = ready.playwright(workspace);
    command.args(["--config", "engines.config.mjs", "--project", engine.name()]);
    run_playwright(engine.name(), &mut command, report)
}

/// Runs Playwright and adds the sums of its report.
fn run_playwright(kind: &'static str, command: &mut Command, report: &mut Report) -> Result<(), Error> {
    let results =
        std::env::temp_dir().join(format!("latchkey-{}-{}.json", kind.replace(' ', "-"), std::process::id()));
    command.args(["--reporter", "list,json"]).env("PLAYWRIGHT_JSON_OUTPUT_NAME", &results);
    steps::step(kind, command, report, |_, success| playwright_tally(&results).counted(success))?;
    // The system removes temporary files later.
    let _ = fs::remove_file(&results);
    Ok(())
}

impl TestSetup {
    fn playwright(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new("npx");
        command.args(["playwright", "test"]);
        self.with_programs(workspace, &mut command);
        command
    }

    /// Names the programs in the environment of the tests.
    fn with_programs<'a>(&self, workspace: &Workspace, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(workspace.e2e())
            .env("LATCHKEY_BIN", &self.servers.latchkey)
            .env("DEVORG_BIN", &self.servers.devorg)
            .env("LATCHKEY_ASSETS", &self.client)
            .env("CHROMIUM", self.chromium.path())
    }
}

/// The tests in a folder that Node runs. Node's own search differs between versions.
fn node_tests(folder: &Path) -> Result<Vec<PathBuf>, Error> {
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

/// The sums at the end of Node's report.
fn tap_tally(output: &str) -> Tally {
    let sum = |name: &str| {
        let number = output.lines().rev().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
        number.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    };
    Tally { passed: sum("pass "), failed: sum("fail ") + sum("cancelled ") }
}

/// The sums in Playwright's report. A test that passed only when repeated has failed.
fn playwright_tally(results: &Path) -> Tally {
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
    fn a_cancelled_test_of_node_has_failed() {
        let output = "ok 1 - a\n# tests 7\n# suites 0\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(tap_tally(output), Tally { passed: 5, failed: 2 });
        assert_eq!(tap_tally("Error: cannot find module"), Tally::default());
    }

    #[test]
    fn a_flaky_test_of_playwright_has_failed() {
        let path = std::env::temp_dir().join(format!("latchkey-played-{}.json", std::process::id()));
        fs::write(&path, r#"{"stats":{"expected":9,"skipped":1,"unexpected":2,"flaky":1}}"#).unwrap();
        let tally = playwright_tally(&path);
        fs::remove_file(&path).unwrap();
        assert_eq!(tally, Tally { passed: 9, failed: 3 });
    }
}
