//! `cargo xtask test`: all there is. What cannot be run counts as failed, and the rest still runs.

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use crate::e2e;
use crate::engines::Engine;
use crate::report::{Report, Tally};
use crate::steps;
use crate::workspace::Workspace;
use latchkey_harness::Error;

type Step = (&'static str, fn(&Workspace, &mut Report) -> Result<(), Error>);

/// What keeps the machine busy by itself; the quick answers come first.
const FIRST: [Step; 4] = [
    ("format", steps::format),
    ("lints", steps::lints),
    ("unit", steps::unit),
    ("dependencies", steps::dependencies),
];

/// What waits for stores and clocks more than it works, so that it may run beside a browser.
const BESIDE: [Step; 2] = [("integration", steps::integration), ("doc", steps::doc)];

/// Everything that must be green.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Error> {
    let mut report = in_order(workspace, &FIRST);
    let (beside, outside) = thread::scope(|scope| {
        let beside = scope.spawn(|| in_order(workspace, &BESIDE));
        let outside = from_outside(workspace);
        (beside.join().unwrap_or_default(), outside)
    });
    report.append(beside);
    report.append(outside);
    Ok(report.conclude())
}

fn in_order(workspace: &Workspace, steps: &[Step]) -> Report {
    let mut report = Report::default();
    for (kind, step) in steps {
        let started = Instant::now();
        if let Err(error) = step(workspace, &mut report) {
            failed(kind, &error, &mut report, started.elapsed());
        }
    }
    report
}

/// The tests of those who know only what is built.
fn from_outside(workspace: &Workspace) -> Report {
    let mut report = Report::default();
    let started = Instant::now();
    match e2e::ready(workspace) {
        Ok(ready) => {
            report.add("build", Tally::one(true), started.elapsed());
            let sdk = ("okta sdk", e2e::sdk(workspace, &ready, &mut report));
            let browser = ("browser", e2e::browser(workspace, &ready, &mut report));
            let engines = Engine::ALL
                .map(|engine| (engine.name(), e2e::engine(engine, workspace, &ready, &mut report)));
            for (kind, outcome) in [sdk, browser].into_iter().chain(engines) {
                if let Err(error) = outcome {
                    failed(kind, &error, &mut report, Duration::ZERO);
                }
            }
        }
        Err(error) => {
            failed("build", &error, &mut report, started.elapsed());
            report.add("okta sdk", Tally::default(), Duration::ZERO);
            report.add("browser", Tally::default(), Duration::ZERO);
        }
    }
    report
}

fn failed(kind: &'static str, error: &Error, report: &mut Report, took: Duration) {
    eprintln!("{error}");
    report.add(kind, Tally::one(false), took);
}
