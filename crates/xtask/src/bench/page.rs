//! The sign-in page in a browser, beside what else one could put there: how much comes, and how soon it can be used.

use std::process::Command;

use crate::browser;
use crate::client::{self, Finish};
use crate::node;
use crate::process;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// Runs the yardstick, which shows its own table and has its own opinion of it.
pub(super) fn measure(workspace: &Workspace) -> Result<bool, Trouble> {
    node::packages(workspace)?;
    let chromium = browser::chromium(workspace)?;
    let client = client::build(workspace, Finish::Full)?;
    let mut command = Command::new("node");
    command.arg("yardstick/run.mjs").current_dir(workspace.e2e());
    command.env("CHROMIUM", chromium.path()).env("LATCHKEY_ASSETS", client);
    Ok(process::run(&mut command).inspect_err(|trouble| eprintln!("{trouble}")).is_ok())
}
