//! `cargo xtask run · test · check · e2e · bench · dist`: from an empty machine to a running app, and the proof that it works.

mod bench;
mod browser;
mod cargo;
mod check;
mod children;
mod client;
mod command;
mod dist;
mod e2e;
mod http;
mod node;
mod process;
mod report;
mod run;
mod say;
mod steps;
mod test;
mod tools;
mod trouble;
mod watch;
mod workspace;

#[cfg(test)]
mod tidy;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use command::Command;
use trouble::Trouble;
use workspace::Workspace;

fn main() -> ExitCode {
    let mut arguments = env::args();
    let started_as = arguments.next().unwrap_or_default();
    let arguments: Vec<String> = arguments.collect();
    let outcome = if Path::new(&started_as).file_stem().is_some_and(|name| name == "wasm-bindgen") {
        client::stand_in::answer(&arguments).map(|()| ExitCode::SUCCESS)
    } else {
        Command::parse(&arguments).and_then(obey)
    };
    outcome.unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        trouble.exit_code()
    })
}

fn obey(command: Command) -> Result<ExitCode, Trouble> {
    // A server must not hear signals the way we do, so this comes first.
    if let Command::Bound { program, arguments } = &command {
        return Err(children::become_bound(program, arguments));
    }
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
        Command::Bench(measures) => bench::run(&workspace, &measures),
        Command::Faults(each) => bench::faults(&workspace, each),
        Command::Dist(linked) => dist::run(&workspace, linked).map(done),
        Command::Bound { program, arguments } => Err(children::become_bound(&program, &arguments)),
    }
}
