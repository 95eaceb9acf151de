//! `cargo xtask test` and what it runs. What cannot run counts as failed, and the rest still runs.

pub(crate) mod check;
pub(crate) mod e2e;
mod report;
mod steps;
pub(crate) mod tested_packages;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use latchkey_harness::Error;

use crate::tools::engines::Engine;
use crate::workspace::Workspace;
use report::{Report, Tally};
use tested_packages::TestedPackages;

type Step = (&'static str, fn(&Workspace, &mut Report) -> Result<(), Error>);

/// Steps that use all processors; the fastest first.
const FIRST: [Step; 4] = [
    ("format", steps::format),
    ("lints", steps::lints),
    ("unit", steps::unit),
    ("dependencies", steps::dependencies),
];

/// Steps that mostly wait for stores and timers, and therefore run at the same time as the browser.
const PARALLEL: [Step; 2] = [("integration", steps::integration), ("doc", steps::doc)];

/// Runs everything that must be green.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Error> {
    let mut report = run_steps(workspace, &FIRST);
    let (parallel, end_to_end) = thread::scope(|scope| {
        let parallel = scope.spawn(|| run_steps(workspace, &PARALLEL));
        let end_to_end = run_end_to_end(workspace);
        (parallel.join().unwrap_or_default(), end_to_end)
    });
    report.append(parallel);
    report.append(end_to_end);
    Ok(report.conclude())
}

/// Runs Okta's own SDK and widget.
pub(crate) fn run_okta_suite(workspace: &Workspace) -> Result<ExitCode, Error> {
    let ready = e2e::ready(workspace, TestedPackages::None)?;
    let mut report = Report::default();
    e2e::sdk(workspace, &ready, &mut report)?;
    e2e::widget(workspace, &ready, &mut report)?;
    Ok(report.conclude())
}

fn run_steps(workspace: &Workspace, steps: &[Step]) -> Report {
    let mut report = Report::default();
    for (kind, step) in steps {
        let started = Instant::now();
        if let Err(error) = step(workspace, &mut report) {
            add_failure(kind, &error, &mut report, started.elapsed());
        }
    }
    report
}

/// Runs the tests against the built programs.
fn run_end_to_end(workspace: &Workspace) -> Report {
    let mut report = Report::default();
    let started = Instant::now();
    match e2e::ready(workspace, TestedPackages::OwnAndSamples) {
        Ok(ready) => {
            report.add("build", Tally::one(true), started.elapsed());
            let sdk = ("okta sdk", e2e::sdk(workspace, &ready, &mut report));
            let packages = ("npm packages", e2e::npm_packages(workspace, &mut report));
            let browser = ("browser", e2e::browser(workspace, &ready, &mut report));
            let engines = Engine::ALL
                .map(|engine| (engine.name(), e2e::engine(engine, workspace, &ready, &mut report)));
            for (kind, outcome) in [sdk, packages, browser].into_iter().chain(engines) {
                if let Err(error) = outcome {
                    add_failure(kind, &error, &mut report, Duration::ZERO);
                }
            }
        }
        Err(error) => {
            add_failure("build", &error, &mut report, started.elapsed());
            for kind in ["okta sdk", "npm packages", "browser"] {
                report.add(kind, Tally::default(), Duration::ZERO);
            }
        }
    }
    report
}

fn add_failure(kind: &'static str, error: &Error, report: &mut Report, took: Duration) {
    eprintln!("{error}");
    report.add(kind, Tally::one(false), took);
}
