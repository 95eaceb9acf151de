//! The built programs that are measured, read from the environment, and started on free ports.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

use latchkey_harness::Error;
use latchkey_harness::launch::{self, AppClient};
use latchkey_harness::server::ServerProcess;

/// The programs, as far as xtask has built them for this run.
pub(crate) struct Setup {
    latchkey: Option<PathBuf>,
    devorg: Option<PathBuf>,
    client: Option<PathBuf>,
    bare_pass: Option<PathBuf>,
    idx_speed: Option<PathBuf>,
}

/// Any free port.
const BIND: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Setup {
    pub(crate) fn read(env: impl Fn(&str) -> Option<OsString>) -> Self {
        let path = |name: &str| env(name).map(PathBuf::from);
        Self {
            latchkey: path("LATCHKEY_BIN"),
            devorg: path("DEVORG_BIN"),
            client: path("LATCHKEY_ASSETS"),
            bare_pass: path("BARE_PASS_BIN"),
            idx_speed: path("IDX_SPEED_BIN"),
        }
    }

    /// The folder of the built client.
    pub(crate) fn client(&self) -> Result<&Path, Error> {
        given(self.client.as_deref(), "LATCHKEY_ASSETS")
    }

    /// The program of the dev org.
    pub(crate) fn devorg(&self) -> Result<&Path, Error> {
        given(self.devorg.as_deref(), "DEVORG_BIN")
    }

    /// The least that a server between browser and org does, to compare with.
    pub(crate) fn bare_pass(&self) -> Result<&Path, Error> {
        given(self.bare_pass.as_deref(), "BARE_PASS_BIN")
    }

    /// The example of the `idx` crate that measures itself.
    pub(crate) fn idx_speed(&self) -> Result<&Path, Error> {
        given(self.idx_speed.as_deref(), "IDX_SPEED_BIN")
    }

    pub(crate) fn org(&self) -> Result<ServerProcess, Error> {
        launch::org(self.devorg()?, BIND)
    }

    pub(crate) fn app(&self, org: &str) -> Result<ServerProcess, Error> {
        ServerProcess::start("app", &self.app_command(org)?)
    }

    pub(crate) fn app_command(&self, org: &str) -> Result<Command, Error> {
        let latchkey = given(self.latchkey.as_deref(), "LATCHKEY_BIN")?;
        Ok(launch::app(latchkey, BIND, self.client.as_deref(), org, &AppClient::default()))
    }
}

fn given<'a>(path: Option<&'a Path>, name: &str) -> Result<&'a Path, Error> {
    path.ok_or_else(|| {
        Error::usage(format!("{name} is not set.")).hint("Run the benchmarks with `cargo xtask bench`.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_named_by_its_variable() {
        let setup = Setup::read(|name| (name == "DEVORG_BIN").then(|| "/bin/devorg".into()));
        assert_eq!(setup.devorg(), Ok(Path::new("/bin/devorg")));
        assert!(setup.client().is_err_and(|error| error.to_string().contains("LATCHKEY_ASSETS")));
    }
}
