//! The sign-in page in a browser, beside other sign-in pages: what is downloaded, and how soon it can be used.

use std::path::Path;
use std::process::Command;

use latchkey_harness::Error;
use latchkey_harness::process;

/// Runs the yardstick, which shows its own table and its own verdict. It finds the browser in `CHROMIUM`.
pub(crate) fn measure(client: &Path) -> Result<bool, Error> {
    let mut command = Command::new("node");
    command.arg("yardstick/run.mjs").current_dir("e2e").env("LATCHKEY_ASSETS", client);
    Ok(process::run(&mut command).inspect_err(|error| eprintln!("{error}")).is_ok())
}
