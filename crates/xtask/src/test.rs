//! `cargo xtask test`: all there is. What cannot be run counts as failed, and the rest still runs.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::check;
use crate::e2e;
use crate::report::{Report, Tally};
use crate::steps;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

type Step = fn(&Workspace, &mut Report) -> Result<(), Trouble>;

/// What cargo runs, in order: the quick answers come first.
const STEPS: [(&str, Step); 6] = [
    ("format", steps::format),
    ("lints", steps::lints),
    ("unit", steps::unit),
    ("integration", steps::integration),
    ("doc", steps::doc),
    ("dependencies", steps::dependencies),
];

/// Everything that must be green.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Trouble> {
    let mut report = Report::default();
    for (kind, step) in STEPS {
        let started = Instant::now();
        if let Err(trouble) = step(workspace, &mut report) {
            failed(kind, &trouble, &mut report, started.elapsed());
        }
    }
    let started = Instant::now();
    match e2e::ready(workspace) {
        Ok(ready) => {
            report.add("build", Tally::one(true), started.elapsed());
            for (kind, outcome) in [
                ("okta sdk", e2e::sdk(workspace, &ready, &mut report)),
                ("browser", e2e::browser(workspace, &ready, &mut report)),
            ] {
                if let Err(trouble) = outcome {
                    failed(kind, &trouble, &mut report, Duration::ZERO);
                }
            }
        }
        Err(trouble) => {
            failed("build", &trouble, &mut report, started.elapsed());
            report.add("okta sdk", Tally::default(), Duration::ZERO);
            report.add("browser", Tally::default(), Duration::ZERO);
        }
    }
    Ok(check::conclude(&report))
}

fn failed(kind: &'static str, trouble: &Trouble, report: &mut Report, took: Duration) {
    eprintln!("{trouble}");
    report.add(kind, Tally::one(false), took);
}
