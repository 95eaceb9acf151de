//! The dev org as a program.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::BoolishValueParser;
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use latchkey_devorg::{Options, Org, OrgStartError, Replay};

/// An Okta-compatible org in one process, for development and tests: this machine only, no real accounts
#[derive(Debug, Parser)]
#[command(name = "devorg", version, disable_help_subcommand = true)]
struct Cli {
    /// Users, apps and policies (TOML); the default org without it
    #[arg(long, value_name = "FILE")]
    org: Option<PathBuf>,
    /// Where to keep the state across restarts; without it the state is lost
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Where to listen; loopback only
    #[arg(long, value_name = "ADDRESS", env = "DEVORG_BIND", default_value = "127.0.0.1:8081", value_parser = address)]
    bind: SocketAddr,
    /// Begin every secret with CNRY, so that a search finds a leaked one
    #[arg(long, env = "DEVORG_CANARY", value_parser = BoolishValueParser::new())]
    canary: bool,
    /// Play Okta Verify (FastPass) on this machine at this port, set up for the org's first user
    #[arg(long, value_name = "PORT", env = "DEVORG_FASTPASS")]
    fastpass: Option<u16>,
    /// Play a trace of `latchkey doctor --walk` back instead: docs/report-a-step.md
    #[arg(long, value_name = "TRACE", conflicts_with_all = ["org", "data", "canary", "fastpass"])]
    replay: Option<PathBuf>,
    #[command(subcommand)]
    print: Option<Print>,
}

/// Texts for packagers.
#[derive(Clone, Copy, Debug, Subcommand)]
enum Print {
    /// Print a completion script for a shell
    #[command(hide = true)]
    Completions { shell: Shell },
    /// Print the man page
    #[command(hide = true)]
    Man,
}

/// The exit code for wrong usage.
const USAGE_ERROR: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(print) = cli.print {
        return match print.to(&mut io::stdout()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&format!("cannot print: {error}"), 1),
        };
    }
    let options = match options(&cli, |name| std::env::var(name).ok()) {
        Ok(options) => options,
        Err(message) => return fail(&message, USAGE_ERROR),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start the threads: {error}"), 1),
    };
    match &cli.replay {
        Some(trace) => runtime.block_on(replay(trace, cli.bind)),
        None => runtime.block_on(run(options)),
    }
}

impl Print {
    fn to(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Completions { shell } => {
                // The generator panics if it cannot write, so it gets a buffer.
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "devorg", &mut script);
                out.write_all(&script)
            }
            Self::Man => clap_mangen::Man::new(Cli::command()).render(out),
        }
    }
}

async fn run(options: Options) -> ExitCode {
    let org = match Org::start(options).await {
        Ok(org) => org,
        Err(error) => return start_failure(&error),
    };
    print_line(&format!("devorg listening on {}", org.origin()));
    print_line(&format!(
        "console {}/dev · a development org: this machine only, no real accounts",
        org.origin()
    ));
    wait_for_signal().await;
    match org.stop() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("the state could not be saved: {error}"), 1),
    }
}

async fn replay(path: &Path, bind: SocketAddr) -> ExitCode {
    let trace = match std::fs::read_to_string(path) {
        Ok(trace) => trace,
        Err(error) => return fail(&format!("cannot read {}: {error}", path.display()), USAGE_ERROR),
    };
    match Replay::start(bind, &trace).await {
        Ok(replay) => {
            print_line(&format!("devorg listening on {}", replay.origin()));
            let calls = replay.calls();
            print_line(&format!(
                "replay of {}: {calls} calls, for any client id and any values",
                path.display()
            ));
            wait_for_signal().await;
            ExitCode::SUCCESS
        }
        Err(error) => start_failure(&error),
    }
}

fn start_failure(error: &OrgStartError) -> ExitCode {
    let code = if matches!(error, OrgStartError::Bind(..)) { 1 } else { USAGE_ERROR };
    fail(&error.to_string(), code)
}

/// Prints a line. An error is ignored: the reader may have closed the pipe after the first line.
fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Waits for Ctrl-C or SIGTERM.
async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Reads the file of the org and refuses to run in production.
fn options(cli: &Cli, env: impl Fn(&str) -> Option<String>) -> Result<Options, String> {
    if env("PROFILE").is_some_and(|profile| profile == "production") {
        return Err("PROFILE is production, and this is a development org".to_owned());
    }
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    Ok(Options {
        bind: Some(cli.bind),
        org: cli.org.as_ref().map(read).transpose()?,
        data: cli.data.clone(),
        canary: cli.canary,
        fastpass: cli.fastpass,
    })
}

fn address(value: &str) -> Result<SocketAddr, String> {
    value
        .replace("localhost", "127.0.0.1")
        .parse()
        .map_err(|_| "DEVORG_BIND must be an address with a port, such as 127.0.0.1:8081".to_owned())
}

fn fail(message: &str, code: u8) -> ExitCode {
    eprintln!("devorg: {message}");
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, String> {
        Cli::try_parse_from(line.split_whitespace()).map_err(|error| error.to_string())
    }

    #[test]
    fn it_listens_on_port_8081_of_this_machine_by_default() {
        let cli = parse("devorg").unwrap();
        assert_eq!((cli.bind.to_string(), cli.canary), ("127.0.0.1:8081".to_owned(), false));
        let cli = parse("devorg --bind localhost:0 --data x --canary").unwrap();
        assert_eq!((cli.bind.port(), cli.canary, cli.data), (0, true, Some("x".into())));
    }

    #[test]
    fn every_setting_is_in_the_help_text_with_its_variable() {
        let help = Cli::command().render_long_help().to_string();
        for word in
            ["--org", "--data", "--replay", "--fastpass", "DEVORG_BIND", "DEVORG_CANARY", "127.0.0.1:8081"]
        {
            assert!(help.contains(word), "{word} is not in\n{help}");
        }
    }

    #[test]
    fn an_error_names_the_setting_that_is_wrong() {
        assert!(parse("devorg --bind 8081").unwrap_err().contains("DEVORG_BIND"));
        assert!(parse("devorg --port").unwrap_err().contains("--port"));
        assert!(parse("devorg --org").unwrap_err().contains("--org"));
        let cli = parse("devorg --org /no/such/file.toml").unwrap();
        assert!(options(&cli, |_| None).unwrap_err().contains("/no/such/file.toml"));
    }

    #[test]
    fn a_replay_has_neither_an_org_file_nor_a_state() {
        assert_eq!(parse("devorg --replay trace.json").unwrap().replay, Some("trace.json".into()));
        for other in ["--org x", "--data x", "--canary", "--fastpass 2000"] {
            let refused = parse(&format!("devorg --replay trace.json {other}")).unwrap_err();
            assert!(refused.contains("--replay"), "{refused}");
        }
    }

    #[test]
    fn it_does_not_run_in_production() {
        let env = |name: &str| (name == "PROFILE").then(|| "production".to_owned());
        assert!(options(&parse("devorg").unwrap(), env).is_err());
    }

    #[test]
    fn completions_and_the_man_page_name_every_option() {
        for print in [Print::Man, Print::Completions { shell: Shell::Bash }] {
            let mut out = Vec::new();
            print.to(&mut out).unwrap();
            // The man page writes hyphens as `\-`.
            let text = String::from_utf8(out).unwrap().replace('\\', "");
            for option in ["--org", "--data", "--bind", "--canary", "--fastpass", "--replay"] {
                assert!(text.contains(option), "{print:?} lacks {option}");
            }
        }
    }
}
