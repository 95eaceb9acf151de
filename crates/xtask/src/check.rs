//! `cargo xtask check`: what can be known in a minute, to be quiet before anything is called done.

use std::process::ExitCode;

use crate::report::Report;
use crate::steps;
use crate::workspace::Workspace;
use latchkey_harness::Error;

/// Format, lints and unit tests.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Error> {
    let mut report = Report::default();
    steps::format(workspace, &mut report)?;
    steps::lints(workspace, &mut report)?;
    steps::unit(workspace, &mut report)?;
    Ok(report.conclude())
}
