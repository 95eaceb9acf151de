//! `cargo xtask bench`: builds what is measured, then runs the benchmarks, which are a program of their own.

use std::process::Command;

use latchkey_harness::{Error, process, progress};

use crate::cargo::{self, BuildProfile};
use crate::cli::{Bench, Measure};
use crate::client::{self, Finish};
use crate::tools::chromium;
use crate::tools::npm;
use crate::workspace::Workspace;

/// Runs the benchmarks that are asked for. A figure over its bound is a failure.
pub(crate) fn run(workspace: &Workspace, arguments: &Bench) -> Result<(), Error> {
    let mut command = Command::new(cargo::bench(workspace)?);
    match arguments.faults {
        Some(seconds) => {
            command.args(["--faults", &seconds.to_string()]);
            add_servers(workspace, &mut command)?;
        }
        None => add_measures(workspace, &mut command, &arguments.chosen())?,
    }
    process::run(command.current_dir(workspace.root()))
}

/// Builds what these benchmarks measure, and names it in the environment.
fn add_measures(workspace: &Workspace, command: &mut Command, measures: &[Measure]) -> Result<(), Error> {
    let needed_by = |names: &[Measure]| measures.iter().any(|measure| names.contains(measure));
    command.args(measures.iter().map(|measure| measure.name()));
    let of_the_app = [Measure::Step, Measure::Overload, Measure::Memory];
    if needed_by(&of_the_app) || needed_by(&[Measure::Sizes, Measure::Page]) {
        // npm brings the optimisers of the client, which is measured as it is released.
        npm::packages(workspace)?;
        command.env("LATCHKEY_ASSETS", client::build(workspace, Finish::Full)?);
    }
    if needed_by(&of_the_app) {
        add_servers(workspace, command)?;
        command.env("BARE_PASS_BIN", cargo::example(workspace, "latchkey-bench", "bare_pass")?);
    } else if needed_by(&[Measure::Org]) {
        progress::step("servers", "building the dev org for release");
        command.env("DEVORG_BIN", cargo::devorg(workspace, BuildProfile::Release)?);
    }
    if needed_by(&[Measure::Idx]) {
        command.env("IDX_SPEED_BIN", cargo::example(workspace, "latchkey-idx", "speed")?);
    }
    if needed_by(&[Measure::Page]) {
        command.env("CHROMIUM", chromium::find_or_install(workspace)?.path());
    }
    Ok(())
}

fn add_servers(workspace: &Workspace, command: &mut Command) -> Result<(), Error> {
    progress::step("servers", "building the app and the dev org for release");
    let servers = cargo::servers(workspace, BuildProfile::Release)?;
    command.env("LATCHKEY_BIN", servers.latchkey).env("DEVORG_BIN", servers.devorg);
    Ok(())
}
