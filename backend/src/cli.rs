//! The command line.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use latchkey::config;
use latchkey_idx::Intent;
use std::{
    io::{self, Write},
    path::PathBuf,
};

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
    Doctor(Doctor),
    /// Print the version
    Version,
    /// Print a completion script for a shell: `source <(latchkey completions bash)`
    Completions { shell: Shell },
    /// Print the man page: `latchkey man | man -l -`
    Man,
}

/// What the doctor does.
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// Walk through a flow step by step instead, and write a trace of it without secrets and personal data
    #[arg(long, value_name = "FLOW", num_args = 0..=1, default_missing_value = "sign-in")]
    pub(crate) walk: Option<WalkFlow>,
    /// Where to write the trace
    #[arg(long, value_name = "FILE", default_value = "latchkey-trace.json", requires = "walk")]
    pub(crate) trace: PathBuf,
    /// Take the answers from this file, one a line, instead of the terminal
    #[arg(long, value_name = "FILE", requires = "walk")]
    pub(crate) answers: Option<PathBuf>,
}

/// A flow to walk through.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum WalkFlow {
    /// Sign in
    SignIn,
    /// Create an account
    Register,
    /// Recover a password
    Recover,
    /// Unlock an account
    Unlock,
}

impl WalkFlow {
    pub(crate) fn intent(self) -> Intent {
        match self {
            Self::SignIn => Intent::Authenticate,
            Self::Register => Intent::Register,
            Self::Recover => Intent::RecoverPassword,
            Self::Unlock => Intent::UnlockAccount,
        }
    }
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
