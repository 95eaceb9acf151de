//! `cargo xtask check`: the quick part of the tests.

use std::process::ExitCode;

use super::report::Report;
use super::steps;
use crate::workspace::Workspace;
use latchkey_harness::Error;

/// Checks the format, the lints and the unit tests.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Error> {
    let mut report = Report::default();
    steps::format(workspace, &mut report)?;
    steps::lints(workspace, &mut report)?;
    steps::unit(workspace, &mut report)?;
    Ok(report.conclude())
}
