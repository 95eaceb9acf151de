//! `cargo xtask dist`: the program that is released, with the client inside.

use std::fs;

use crate::cargo::{self, Profile};
use crate::client::{self, Finish};
use crate::node;
use crate::say;
use crate::trouble::{About, Trouble};
use crate::workspace::Workspace;

/// What the program needs of the machine that it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linked {
    /// The C library of a machine like this one.
    ToThisMachine,
    /// Nothing but the kernel.
    Statically,
}

/// Builds the client with every optimiser there is, then the server around it.
pub(crate) fn run(workspace: &Workspace, linked: Linked) -> Result<(), Trouble> {
    let finish = match node::packages(workspace) {
        Ok(()) => Finish::Full,
        Err(trouble) => {
            // It works as well.
            eprintln!("{trouble}");
            say::step("client", "going on without the optimisers that npm brings: three percent larger");
            Finish::Plain
        }
    };
    client::build(workspace, finish)?;
    say::step("servers", "building the app for release");
    let latchkey = match linked {
        Linked::ToThisMachine => cargo::servers(workspace, Profile::Release)?.latchkey,
        Linked::Statically => cargo::static_server(workspace)?,
    };
    let size = fs::metadata(&latchkey).about(format_args!("Cannot read {}", latchkey.display()))?.len();
    println!("{} ({:.1} MB, the client inside)", latchkey.display(), size as f64 / 1e6);
    Ok(())
}
