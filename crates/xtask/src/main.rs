//! `cargo xtask run · test · check · e2e · okta-suite · bench · dist · gallery`: from an empty machine to a running app, and the proof that it works.

mod bench;
mod cargo;
mod cli;
mod client;
mod dist;
mod gallery;
mod packages;
mod run;
mod tests;
mod tools;
mod watch;
mod workspace;

#[cfg(test)]
mod tidy;

use std::env;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use latchkey_harness::{Error, parent_death, process};

use cli::{Cli, Command};
use dist::Linking;
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
        execute(Cli::parse().command)
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        error.exit_code()
    })
}

fn execute(command: Command) -> Result<ExitCode, Error> {
    process::end_children_on_signals()?;
    let workspace = Workspace::find()?;
    match command {
        Command::Run { watch: false } => run::run(&workspace)?,
        Command::Run { watch: true } => watch::run(&workspace)?,
        Command::Test => return tests::run(&workspace),
        Command::Check => return tests::check::run(&workspace),
        Command::E2e(arguments) => tests::e2e::run(&workspace, &arguments)?,
        Command::OktaSuite => return tests::run_okta_suite(&workspace),
        Command::Bench(arguments) => bench::run(&workspace, &arguments)?,
        Command::Dist { statically } => {
            let linking = if statically { Linking::Static } else { Linking::Dynamic };
            dist::run(&workspace, linking)?;
        }
        Command::Gallery { bind } => gallery::serve(&workspace, bind)?,
        Command::Sample => println!("{}", client::sample::build(&workspace)?.display()),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "xtask", &mut io::stdout());
        }
    }
    Ok(ExitCode::SUCCESS)
}
