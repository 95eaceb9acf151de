//! The checks and tests that cargo runs, each as one step of a report.

use std::process::Command;

use super::report::{Report, Tally};
use crate::cargo::{self, WASM};
use crate::tools::cargo_deny;
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// Checks the format of every file.
pub(crate) fn format(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let mut command = cargo::cargo(workspace);
    command.args(["fmt", "--all", "--check"]);
    step("format", &mut command, report, |_, success| Tally::one(success))
}

/// Runs the lints for this machine and for the browser. A warning is an error.
pub(crate) fn lints(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let mut command = cargo::cargo(workspace);
    command.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"]);
    step("lints", &mut command, report, |_, success| Tally::one(success))?;
    cargo::browser_target()?;
    let mut command = cargo::cargo(workspace);
    command.args(["clippy", "--package", "latchkey-frontend", "--target", WASM, "--locked"]);
    command.args(["--", "--deny", "warnings"]);
    step("lints, wasm", &mut command, report, |_, success| Tally::one(success))
}

/// Checks licences, sources and bans of the dependencies.
pub(crate) fn dependencies(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let deny = cargo_deny::find_or_install(workspace)?;
    let mut command = Command::new(deny);
    // Advisories need a database from the network: `cargo deny check advisories`.
    command.current_dir(workspace.root()).args(["--all-features", "check", "bans", "licenses", "sources"]);
    step("dependencies", &mut command, report, |_, success| Tally::one(success))
}

/// Runs the tests in the sources, the tidy tests among them.
pub(crate) fn unit(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let mut command = cargo::cargo(workspace);
    command.args(["test", "--workspace", "--lib", "--bins", "--locked", "--no-fail-fast"]);
    step("unit", &mut command, report, counted)
}

/// Runs the tests that use a crate from outside.
pub(crate) fn integration(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let mut command = cargo::cargo(workspace);
    command.args(["test", "--workspace", "--test", "*", "--examples", "--locked", "--no-fail-fast"]);
    step("integration", &mut command, report, counted)
}

/// Runs the examples in the documentation.
pub(crate) fn doc(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let mut command = cargo::cargo(workspace);
    command.args(["test", "--workspace", "--doc", "--locked", "--no-fail-fast"]);
    step("doc", &mut command, report, counted)
}

/// Runs one step and adds it to the report. Its output is shown only if it fails.
pub(crate) fn step(
    kind: &'static str,
    command: &mut Command,
    report: &mut Report,
    tally: impl FnOnce(&str, bool) -> Tally,
) -> Result<(), Error> {
    let mut progress = Progress::start(kind, "running");
    let captured = process::capture(command, &mut progress)?;
    let tally = tally(&captured.output, captured.success);
    if !captured.success || tally.failed > 0 {
        eprintln!("\n{}", without_progress(&captured.output));
    }
    let took = progress.end(if captured.success { "passed" } else { "failed" });
    report.add(kind, tally, took);
    Ok(())
}

/// The output without cargo's lines on what it compiles.
fn without_progress(output: &str) -> String {
    let progress = ["Compiling ", "Checking ", "Downloading ", "Downloaded ", "Blocking ", "Documenting "];
    let keep = |line: &&str| !progress.iter().any(|word| line.trim_start().starts_with(word));
    output.trim_end().lines().filter(keep).collect::<Vec<_>>().join("\n")
}

/// The sum of libtest's result lines.
fn counted(output: &str, success: bool) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines().filter_map(|line| line.trim_start().strip_prefix("test result: ")) {
        tally.passed += before(line, " passed");
        tally.failed += before(line, " failed");
    }
    tally.counted(success)
}

/// The number before a word: 12 in `ok. 12 passed; 0 failed`.
fn before(line: &str, word: &str) -> usize {
    let number = line.split_once(word).and_then(|(before, _)| before.split_whitespace().last());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_are_added_up() {
        let output = "running 2 tests\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\n\
                      test result: FAILED. 3 passed; 2 failed; 0 ignored";
        assert_eq!(counted(output, false), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn lines_on_compilation_are_left_out() {
        let output = "   Compiling serde v1.0\nerror: mismatched types\n   Blocking waiting for file lock\n";
        assert_eq!(without_progress(output), "error: mismatched types");
    }

    #[test]
    fn tests_that_do_not_compile_are_a_failure() {
        assert_eq!(counted("error: could not compile", false), Tally { passed: 0, failed: 1 });
    }
}
