//! `cargo xtask bench`: what things cost, beside what they may cost.

mod crowd;
mod faults;
mod figure;
mod idx;
mod load;
mod machine;
mod memory;
mod nginx;
mod org;
mod overload;
mod page;
mod pair;
mod people;
mod place;
mod sizes;
mod step;
mod store;
mod stub;

pub(crate) use store::{Kind, Store};

use std::env;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::cargo::{self, Profile, Servers};
use crate::children::Server;
use crate::client::{self, Finish};
use crate::command::Measure;
use crate::node;
use crate::run::{self, Addresses};
use crate::say;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// Measures what was asked for. Something over its budget is a failure, and the rest is still measured.
pub(crate) fn run(workspace: &Workspace, measures: &[Measure]) -> Result<ExitCode, Trouble> {
    let is_load = |measure: &Measure| {
        matches!(measure, Measure::Step | Measure::Overload | Measure::Memory | Measure::Org)
    };
    if cfg!(debug_assertions) && measures.iter().any(is_load) {
        return swiftly(workspace);
    }
    let mut within = true;
    for measure in measures {
        within &= match measure {
            Measure::Sizes => sizes::measure(workspace)?,
            Measure::Step => step::measure(&Bed::make(workspace)?)?,
            Measure::Overload => overload::measure(&Bed::make(workspace)?)?,
            Measure::Memory => memory::measure(&Bed::make(workspace)?)?,
            Measure::Idx => idx::measure(workspace)?,
            Measure::Org => org::measure(workspace)?,
            Measure::Page => page::measure(workspace)?,
        };
    }
    if within { Ok(ExitCode::SUCCESS) } else { Ok(ExitCode::FAILURE) }
}

/// Lets things go wrong for so long, once for each store that instances can share.
pub(crate) fn faults(workspace: &Workspace, each: Duration) -> Result<ExitCode, Trouble> {
    let within = faults::measure(&Bed::without_client(workspace)?, each)?;
    if within { Ok(ExitCode::SUCCESS) } else { Ok(ExitCode::FAILURE) }
}

/// The same by ourselves as built for release. Whoever makes the load shares the processors with what is measured, so
/// that being slow at it would be measured, too.
fn swiftly(workspace: &Workspace) -> Result<ExitCode, Trouble> {
    say::step("bench", "building ourselves for release");
    let own = cargo::own(workspace)?;
    let error = Command::new(&own).args(env::args_os().skip(1)).exec();
    Err(Trouble::new(format!("Cannot start {}: {error}.", own.display())))
}

/// The programs as they are released, to be started on free ports.
struct Bed {
    servers: Servers,
    /// The floor under what a step can cost; none where nobody looks at that.
    bare_pass: Option<PathBuf>,
    /// The client beside the app; without one, it is the one inside.
    client: Option<PathBuf>,
    addresses: Addresses,
}

impl Bed {
    fn make(workspace: &Workspace) -> Result<Self, Trouble> {
        // It brings the optimisers of the client, which is measured as it is shipped.
        node::packages(workspace)?;
        let client = client::build(workspace, Finish::Full)?;
        say::step("servers", "building the app and the dev org for release");
        let servers = cargo::servers(workspace, Profile::Release)?;
        let bare_pass = cargo::example(workspace, "xtask", "bare_pass")?;
        Ok(Self { servers, bare_pass: Some(bare_pass), client: Some(client), addresses: Addresses::free() })
    }

    /// For what nobody looks at with a browser.
    fn without_client(workspace: &Workspace) -> Result<Self, Trouble> {
        say::step("servers", "building the app and the dev org for release");
        let servers = cargo::servers(workspace, Profile::Release)?;
        Ok(Self { servers, bare_pass: None, client: None, addresses: Addresses::free() })
    }

    fn org(&self) -> Result<Server, Trouble> {
        run::start_org(&self.servers, &self.addresses)
    }

    fn app(&self, org: &str) -> Result<Server, Trouble> {
        Server::start("app", &self.app_command(org))
    }

    fn app_command(&self, org: &str) -> Command {
        run::app(&self.servers, &self.addresses, self.client.as_deref(), org)
    }
}
