//! `cargo xtask run · test · check · e2e · bench · dist`: from an empty machine to a running app, and the proof that it works.

mod bench;
mod browser;
mod cargo;
mod check;
mod client;
mod command;
mod dist;
mod e2e;
mod engines;
mod node;
mod report;
mod run;
mod steps;
mod test;
mod tools;
mod watch;
mod workspace;

#[cfg(test)]
mod tidy;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use latchkey_harness::{Error, parent_death, process};

use command::Command;
use workspace::Workspace;

fn main() -> ExitCode {
    let mut arguments = env::args();
    let started_as = arguments.next().unwrap_or_default();
    let arguments: Vec<String> = arguments.collect();
    let outcome = if Path::new(&started_as).file_stem().is_some_and(|name| name == "wasm-bindgen") {
        client::bindgen_command::run(&arguments).map(|()| ExitCode::SUCCESS)
    } else if let Some(error) = parent_death::exec_if_asked(&arguments) {
        Err(error)
    } else {
        Command::parse(&arguments).and_then(obey)
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        error.exit_code()
    })
}

fn obey(command: Command) -> Result<ExitCode, Error> {
    process::end_children_on_signals()?;
    let workspace = Workspace::find()?;
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Usage => {
            println!("{}", command::USAGE);
            Ok(ExitCode::SUCCESS)
        }
        Command::Run => run::run(&workspace).map(done),
        Command::Watch => watch::run(&workspace).map(done),
        Command::Test => test::run(&workspace),
        Command::Check => check::run(&workspace),
        Command::E2e(arguments) => e2e::run(&workspace, &arguments).map(done),
        Command::Pair(kind, arguments) => e2e::pair(&workspace, kind, &arguments).map(done),
        Command::Shots => e2e::shots(&workspace).map(done),
        Command::Bench(measures) => bench::run(&workspace, &measures).map(done),
        Command::Faults(each) => bench::faults(&workspace, each).map(done),
        Command::Dist(linked) => dist::run(&workspace, linked).map(done),
    }
}
