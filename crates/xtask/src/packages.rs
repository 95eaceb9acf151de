//! The npm packages: the client, the element and the dev org, written as npm publishes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use latchkey_harness::{Context, Error, process, progress};

use crate::tools::npm;
use crate::workspace::Workspace;

/// The sources of the packages, and the lock file of what builds and tests them.
pub(crate) const SOURCES: &str = "frontend/npm";

/// The apps that use the packages, and the lock file of their frameworks.
pub(crate) const SAMPLES: &str = "frontend/samples";

/// Writes the client and the element to where the samples take them from, and returns the folder.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf, Error> {
    let folder = workspace.root().join(SOURCES).join("dist");
    run_build(workspace, &folder, None)?;
    Ok(folder)
}

/// Writes all packages for a release, and returns the folder.
pub(crate) fn write(workspace: &Workspace, devorg: &Path) -> Result<PathBuf, Error> {
    let folder = released(workspace);
    run_build(workspace, &folder, Some(devorg))?;
    Ok(folder)
}

/// Removes the packages of an earlier release.
pub(crate) fn remove(workspace: &Workspace) -> Result<(), Error> {
    let folder = released(workspace);
    if folder.exists() {
        fs::remove_dir_all(&folder).context(format_args!("Cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn released(workspace: &Workspace) -> PathBuf {
    workspace.dist().join("npm")
}

fn run_build(workspace: &Workspace, folder: &Path, devorg: Option<&Path>) -> Result<(), Error> {
    // esbuild is that of `e2e`, which the client is built with.
    npm::packages(workspace)?;
    npm::packages_of(workspace, SOURCES)?;
    progress::step("packages", "writing the npm packages");
    let mut command = Command::new("node");
    command.current_dir(workspace.root().join(SOURCES)).arg("build.mjs").arg(folder);
    process::run(command.args(devorg))
}
