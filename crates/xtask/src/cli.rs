//! The command line.

use std::net::SocketAddr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use latchkey_harness::store::StoreKind;

/// The commands of the workspace.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Build everything, start the dev org and the app, and show where to sign in
    #[command(after_help = RUN_ENVIRONMENT)]
    Run {
        /// Build again after a change, and reload the page
        #[arg(long)]
        watch: bool,
    },
    /// Run everything that must be green
    Test,
    /// Run the quick part of the tests: format, lints, unit tests
    Check,
    /// Run the browser tests
    E2e(E2e),
    /// Run Okta's own JavaScript SDK and Sign-In Widget against the dev org
    OktaSuite,
    /// Measure, each figure beside its bound
    Bench(Bench),
    /// Build the released program, with the client inside, the npm packages and the gallery
    Dist {
        /// Link it statically, so that it needs only a Linux kernel
        #[arg(long = "static")]
        statically: bool,
    },
    /// Show every screen of the client in every state, without a server
    Gallery {
        /// Where it listens
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8082")]
        bind: SocketAddr,
    },
    /// Build the sample in Leptos: `npm start leptos` in frontend/samples calls this
    #[command(hide = true)]
    Sample,
    /// Print a completion script for a shell: `source <(cargo xtask completions bash)` with `alias xtask='cargo xtask'`
    #[command(hide = true)]
    Completions { shell: Shell },
}

const RUN_ENVIRONMENT: &str = "Environment:
  LATCHKEY_BIND        Where the app listens [default: 127.0.0.1:8080]
  LATCHKEY_PUBLIC_URL  Where people reach the app, if elsewhere
  DEVORG_BIND          Where the dev org listens [default: 127.0.0.1:8081]
  LATCHKEY_…           All other settings of the app: see `latchkey --help`";

/// What the browser tests run against.
#[derive(Args, Debug, PartialEq, Eq)]
pub(crate) struct E2e {
    /// Take a picture of every page instead
    #[arg(long, conflicts_with_all = ["pair", "arguments"])]
    pub(crate) shots: bool,
    /// Test two instances of the app that share this store
    #[arg(long, value_name = "STORE")]
    pub(crate) pair: Option<SharedStore>,
    /// Arguments for Playwright
    #[arg(last = true)]
    pub(crate) arguments: Vec<String>,
}

/// A store that several instances can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SharedStore {
    Redis,
    Postgres,
}

impl SharedStore {
    pub(crate) fn kind(self) -> StoreKind {
        match self {
            Self::Redis => StoreKind::Redis,
            Self::Postgres => StoreKind::Postgres,
        }
    }
}

/// What to measure.
#[derive(Args, Debug, PartialEq, Eq)]
pub(crate) struct Bench {
    /// What to measure; everything but faults if none is named
    #[arg(value_enum)]
    pub(crate) measures: Vec<Measure>,
    /// Kill and pause instances and stores instead, for so many seconds with each store
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "180", conflicts_with = "measures")]
    pub(crate) faults: Option<u64>,
}

/// A benchmark, as `crates/bench` calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// What the browser downloads for the sign-in page
    Sizes,
    /// The time of one step
    Step,
    /// Many times more people than can be served at once
    Overload,
    /// The memory of the app
    Memory,
    /// The client of the Identity Engine by itself
    Idx,
    /// The dev org
    Org,
    /// The sign-in page in a browser
    Page,
}

impl Bench {
    /// The benchmarks to run, in the order of the list if none is named.
    pub(crate) fn chosen(&self) -> Vec<Measure> {
        if self.measures.is_empty() { Measure::value_variants().to_vec() } else { self.measures.clone() }
    }
}

impl Measure {
    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Cli::try_parse_from(["xtask"].into_iter().chain(line.split_whitespace())).map(|cli| cli.command)
    }

    fn e2e(line: &str) -> E2e {
        match parse(line) {
            Ok(Command::E2e(e2e)) => e2e,
            other => panic!("{other:?}"),
        }
    }

    fn bench(line: &str) -> Bench {
        match parse(line) {
            Ok(Command::Bench(bench)) => bench,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definition_of_the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_is_in_the_help_text() {
        let help = Cli::command().render_help().to_string();
        for name in ["run", "test", "check", "e2e", "okta-suite", "bench", "dist", "gallery"] {
            assert!(help.contains(&format!("\n  {name} ")), "{name} is not in\n{help}");
        }
    }

    #[test]
    fn arguments_after_two_dashes_go_to_playwright() {
        let arguments = vec!["sign-in".to_owned(), "--headed".to_owned()];
        assert_eq!(e2e("e2e -- sign-in --headed").arguments, arguments);
        let pair = e2e("e2e --pair redis -- sign-in --headed");
        assert_eq!((pair.pair, pair.arguments), (Some(SharedStore::Redis), arguments));
        assert!(parse("e2e --pair memory").is_err() && parse("e2e --shots --pair redis").is_err());
    }

    #[test]
    fn bench_without_a_name_measures_everything() {
        assert_eq!(bench("bench").chosen().len(), 7);
        assert_eq!(bench("bench sizes idx").chosen(), [Measure::Sizes, Measure::Idx]);
        assert_eq!(bench("bench --faults").faults, Some(180));
        assert_eq!(bench("bench --faults 20").faults, Some(20));
        assert!(parse("bench --faults soon").is_err() && parse("bench speed").is_err());
    }

    #[test]
    fn an_unknown_argument_is_an_error_that_names_it() {
        let refused = parse("run --fast").map_err(|error| error.to_string());
        assert!(refused.is_err_and(|message| message.contains("--fast")));
        assert!(parse("walk").is_err() && parse("").is_err());
    }
}
