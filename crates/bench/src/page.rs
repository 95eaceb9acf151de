//! The sign-in page in a browser, beside other sign-in pages: what is downloaded, and how soon it can be used.

use std::path::Path;
use std::process::Command;

use latchkey_harness::Error;
use latchkey_harness::process;

/// Runs the yardstick in Chromium, then the proof of work of a CAPTCHA, then three engines. Each shows its own table; `CHROMIUM` names the browser.
pub(crate) fn measure(client: &Path) -> Result<bool, Error> {
    let scripts = ["yardstick/run.mjs", "yardstick/altcha.mjs", "yardstick/engines.mjs"];
    let run = |script| {
        let mut command = Command::new("node");
        command.arg(script).current_dir("e2e").env("LATCHKEY_ASSETS", client);
        process::run(&mut command).inspect_err(|error| eprintln!("{error}")).is_ok()
    };
    let mut succeeded = true;
    for script in scripts {
        succeeded &= run(script);
    }
    Ok(succeeded)
}
