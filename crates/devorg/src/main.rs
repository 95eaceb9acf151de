//! The dev org as a program.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use latchkey_devorg::{Options, Org};

const USAGE: &str = "usage: devorg [--org FILE] [--data FILE]

  --org FILE    users, apps and policies (TOML); the default org without it
  --data FILE   where the state is kept across restarts; without it nothing is kept

environment: DEVORG_BIND   where to listen, 127.0.0.1:8081 by default; loopback only
             DEVORG_CANARY 1 makes every secret begin with CNRY, so that a leak can be searched for";

/// The end of the program for a mistake in how it was called.
const MISTAKE: u8 = 2;

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1), |name| std::env::var(name).ok()) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(why) => return fail(&why, MISTAKE),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no threads to run on: {error}"), 1),
    };
    runtime.block_on(run(options))
}

async fn run(options: Options) -> ExitCode {
    let org = match Org::start(options).await {
        Ok(org) => org,
        Err(error @ latchkey_devorg::StartError::Bind(..)) => return fail(&error.to_string(), 1),
        Err(error) => return fail(&error.to_string(), MISTAKE),
    };
    say(&format!("devorg listening on {}", org.origin()));
    say(&format!("console {}/dev · a development org: this machine only, no real accounts", org.origin()));
    asked_to_end().await;
    match org.stop() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(&format!("the state could not be written down: {why}"), 1),
    }
}

/// Prints a line, if anybody is left to read it: whoever started this may only have wanted the first.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Waits for Ctrl-C, or for a friendly kill.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut told) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = told.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Reads the arguments and the environment; nothing, if only help was wanted.
fn options(
    mut arguments: impl Iterator<Item = String>,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Option<Options>, String> {
    if env("PROFILE").is_some_and(|profile| profile == "production") {
        return Err("PROFILE is production, and this is a development org".to_owned());
    }
    let bind = env("DEVORG_BIND").unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let bind: SocketAddr = bind.replace("localhost", "127.0.0.1").parse().map_err(|_| {
        format!("DEVORG_BIND is {bind:?}, and must be an address with a port, such as 127.0.0.1:8081")
    })?;
    let mut options = Options {
        bind: Some(bind),
        canary: env("DEVORG_CANARY").is_some_and(|value| value == "1"),
        ..Options::default()
    };
    while let Some(argument) = arguments.next() {
        let mut file = || {
            arguments.next().map(PathBuf::from).ok_or_else(|| format!("{argument} needs a file\n\n{USAGE}"))
        };
        match argument.as_str() {
            "--org" => {
                let path = file()?;
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
                options.org = Some(text);
            }
            "--data" => options.data = Some(file()?),
            "--help" | "-h" => return Ok(None),
            _ => return Err(format!("there is no option {argument:?}\n\n{USAGE}")),
        }
    }
    Ok(Some(options))
}

fn fail(why: &str, code: u8) -> ExitCode {
    eprintln!("devorg: {why}");
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], env: &[(&str, &str)]) -> Result<Option<Options>, String> {
        let env = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        options(arguments.iter().map(|a| (*a).to_owned()), env)
    }

    #[test]
    fn it_listens_on_8081_of_this_machine_unless_told_otherwise() {
        let options = read(&[], &[]).unwrap().unwrap();
        assert_eq!(options.bind.unwrap().to_string(), "127.0.0.1:8081");
        let options = read(&["--data", "x"], &[("DEVORG_BIND", "localhost:0"), ("DEVORG_CANARY", "1")])
            .unwrap()
            .unwrap();
        assert_eq!((options.bind.unwrap().port(), options.canary, options.data.is_some()), (0, true, true));
    }

    #[test]
    fn a_mistake_is_told_by_the_name_of_what_is_wrong() {
        assert!(read(&[], &[("DEVORG_BIND", "8081")]).unwrap_err().contains("DEVORG_BIND"));
        assert!(read(&["--port"], &[]).unwrap_err().contains("--port"));
        assert!(read(&["--org"], &[]).unwrap_err().contains("needs a file"));
        assert!(read(&[], &[("PROFILE", "production")]).is_err());
    }
}
