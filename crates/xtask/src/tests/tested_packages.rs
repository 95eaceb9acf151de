//! The npm packages that browser tests use, so that a few tests do not build and install them all.

use std::process::Command;

use latchkey_harness::progress::Progress;
use latchkey_harness::{Error, process};

use crate::packages;
use crate::tools::npm;
use crate::workspace::Workspace;

/// The tests of our npm packages.
const OF_PACKAGES: [&str; 2] = ["packages/", "acceptance/overlay.spec.mjs"];
/// The tests of the apps that use them.
const OF_SAMPLES: [&str; 1] = ["samples/"];

/// What Playwright says if its arguments choose no test.
const NO_TESTS: &str = "No tests found";

/// The packages that tests use, besides those that run the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestedPackages {
    None,
    /// Our own.
    Own,
    /// Our own, and the frameworks of the sample apps.
    OwnAndSamples,
}

impl TestedPackages {
    /// Those of the tests that Playwright chooses by these arguments.
    pub(crate) fn of_chosen_tests(workspace: &Workspace, arguments: &[String]) -> Result<Self, Error> {
        // Without arguments all tests run, and Playwright's own page may run any.
        if arguments.is_empty() || arguments.iter().any(|argument| argument.starts_with("--ui")) {
            return Ok(Self::OwnAndSamples);
        }
        let mut progress = Progress::start("tests", "listing the tests");
        let mut command = Command::new("npx");
        command.args(["playwright", "test"]).args(arguments).args(["--list", "--reporter", "list"]);
        let listed = process::capture(command.current_dir(workspace.e2e()), &mut progress)?;
        progress.end("done");
        if listed.output.contains(NO_TESTS) {
            return Err(Error::new("Playwright finds no such tests.").hint(format!(
                "Correct the arguments after `--`. The output of Playwright was:\n{}",
                listed.output.trim_end()
            )));
        }
        // Some tests read the built client, and cannot be listed before it is there.
        Ok(if listed.success { Self::of_listed(&listed.output) } else { Self::OwnAndSamples })
    }

    /// Builds and installs them.
    pub(crate) fn prepare(self, workspace: &Workspace) -> Result<(), Error> {
        match self {
            Self::None => Ok(()),
            Self::Own => packages::build(workspace).map(drop),
            Self::OwnAndSamples => {
                packages::build(workspace)?;
                npm::packages_of(workspace, packages::SAMPLES)
            }
        }
    }

    /// Those of the tests that Playwright has listed, a line each that begins with the file.
    fn of_listed(output: &str) -> Self {
        let has = |files: &[&str]| {
            output.lines().any(|line| files.iter().any(|file| line.trim_start().starts_with(file)))
        };
        if has(&OF_SAMPLES) {
            Self::OwnAndSamples
        } else if has(&OF_PACKAGES) {
            Self::Own
        } else {
            Self::None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn only_listed_tests_of_packages_and_samples_need_them() {
        let listed = |file: &str| {
            TestedPackages::of_listed(&format!("Listing tests:\n  {file}:7:1 › packages/ and samples/\n"))
        };
        assert_eq!(listed("sign-in/secrets.spec.mjs"), TestedPackages::None);
        assert_eq!(listed("packages/client.spec.mjs"), TestedPackages::Own);
        assert_eq!(listed("acceptance/overlay.spec.mjs"), TestedPackages::Own);
        assert_eq!(listed("samples/samples.spec.mjs"), TestedPackages::OwnAndSamples);
    }

    #[test]
    fn every_browser_test_that_reads_a_package_is_known() {
        let e2e = Workspace::find().unwrap().e2e();
        let known = [&OF_PACKAGES[..], &OF_SAMPLES].concat();
        let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let folders = entries(&e2e).filter(|path| path.is_dir() && !path.ends_with("node_modules"));
        for path in folders.chain([e2e.clone()]).flat_map(|folder| entries(&folder)) {
            let name = path.strip_prefix(&e2e).unwrap().to_string_lossy();
            if name.ends_with(".spec.mjs") && !known.iter().any(|known| name.starts_with(known)) {
                let text = fs::read_to_string(&path).unwrap();
                let packages = ["frontend/npm/dist", "frontend/samples", "sample-site"];
                assert!(!packages.iter().any(|part| text.contains(part)), "{name} is not in OF_PACKAGES");
            }
        }
    }
}
