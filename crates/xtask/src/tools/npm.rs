//! Node and what npm brings: the client's optimisers, and what the browser tests and Okta's own JavaScript SDK run on.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};

use crate::workspace::{self, Workspace};
use latchkey_harness::Error;
use latchkey_harness::process;
use latchkey_harness::progress::Progress;

/// Installs the packages of the lock file in `e2e`, unless they are installed.
pub(crate) fn packages(workspace: &Workspace) -> Result<(), Error> {
    packages_of(workspace, "e2e")
}

/// Installs the packages of the lock file in a folder of the checkout, unless they are installed.
pub(crate) fn packages_of(workspace: &Workspace, name: &str) -> Result<(), Error> {
    for program in ["node", "npm", "npx"] {
        if process::find_program(program).is_none() {
            return Err(Error::new(format!(
                "The client's optimisers and the browser tests need Node, and `{program}` is not on the path."
            ))
            .hint(
                "Install Node 20 or newer with npm (Debian: apt-get install nodejs npm) and start again.",
            ));
        }
    }
    let folder = workspace.root().join(name);
    let _lock = workspace::lock_file(&folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules").join(".package-lock.json");
    if has_all(&packages_in(&folder.join("package-lock.json")), &packages_in(&installed)) {
        return Ok(());
    }
    let mut progress = Progress::start("tools", &format!("installing the packages that {name} names"));
    let mut command = Command::new("npm");
    // `chromium` finds or installs the browser.
    command.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    let captured = process::capture(command.current_dir(&folder), &mut progress)?;
    progress.end(if captured.success { "done" } else { "failed" });
    if captured.success {
        return Ok(());
    }
    Err(Error::new(format!("The packages that {name} names cannot be installed.")).hint(format!(
        "Connect to the network and run `npm ci` in {name}. The output of npm was:\n{}",
        captured.output.trim_end()
    )))
}

/// The packages of a lock file by their folder.
fn packages_in(lock: &Path) -> Map<String, Value> {
    let Ok(text) = fs::read_to_string(lock) else { return Map::new() };
    let Ok(Value::Object(mut lock)) = serde_json::from_str(&text) else { return Map::new() };
    match lock.remove("packages") {
        Some(Value::Object(packages)) => packages,
        _ => Map::new(),
    }
}

/// Whether all packages are installed in their versions. An optional one may be for another system.
fn has_all(wanted: &Map<String, Value>, installed: &Map<String, Value>) -> bool {
    let needed = |package: &&(String, Value)| !package.0.is_empty() && package.1.get("optional").is_none();
    let wanted: Vec<(String, Value)> = wanted.iter().map(|(name, it)| (name.clone(), it.clone())).collect();
    !installed.is_empty()
        && wanted.iter().filter(needed).all(|(name, it)| {
            installed.get(name).is_some_and(|have| have.get("version") == it.get("version"))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lock(packages: Value) -> Map<String, Value> {
        packages.as_object().cloned().unwrap()
    }

    #[test]
    fn a_package_in_another_version_is_missing() {
        let wanted = lock(json!({ "": { "name": "e2e" }, "node_modules/a": { "version": "1.0.0" } }));
        assert!(has_all(&wanted, &lock(json!({ "node_modules/a": { "version": "1.0.0" } }))));
        assert!(!has_all(&wanted, &lock(json!({ "node_modules/a": { "version": "1.0.1" } }))));
        assert!(!has_all(&wanted, &Map::new()));
    }

    #[test]
    fn an_optional_package_may_be_missing() {
        let wanted = lock(json!({
            "node_modules/a": { "version": "1.0.0" },
            "node_modules/a-for-another-system": { "version": "1.0.0", "optional": true },
        }));
        assert!(has_all(&wanted, &lock(json!({ "node_modules/a": { "version": "1.0.0" } }))));
    }
}
