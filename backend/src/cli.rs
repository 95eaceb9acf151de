//! The command line.

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use latchkey::config;
use std::io::{self, Write};

/// A sign-in server in front of an Okta org
#[derive(Debug, Parser)]
#[command(
    name = "latchkey",
    version,
    after_help = "All settings: latchkey --help",
    after_long_help = config::help()
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the sign-in server until SIGTERM or Ctrl-C
    #[command(after_long_help = config::help())]
    Serve,
    /// Show the settings in effect, with secrets hidden
    #[command(after_long_help = config::help())]
    Config,
    /// Check the org as a sign-in would, and say what to change there
    #[command(after_long_help = config::help())]
    Doctor,
    /// Print the version
    Version,
    /// Print a completion script for a shell: `source <(latchkey completions bash)`
    Completions { shell: Shell },
    /// Print the man page: `latchkey man | man -l -`
    Man,
}

/// Prints a completion script.
pub(crate) fn print_completions(shell: Shell, out: &mut impl Write) -> io::Result<()> {
    // The generator panics if it cannot write, so it gets a buffer.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "latchkey", &mut script);
    out.write_all(&script)
}

/// Prints the man page.
pub(crate) fn print_man_page(out: &mut impl Write) -> io::Result<()> {
    clap_mangen::Man::new(Cli::command()).render(out)
}
