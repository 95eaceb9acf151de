//! What can be asked of us: a closed set, read from the command line.

use std::time::Duration;

use crate::dist::Linked;
use latchkey_harness::Error;
use latchkey_harness::store::StoreKind;

/// What `cargo xtask` alone says.
pub(crate) const USAGE: &str = "\
cargo xtask COMMAND

  run [--watch]            build all, start the dev org and the app; --watch rebuilds and reloads on a change
  test                     everything that must be green
  check                    the quick part of test: format, lints, unit tests
  e2e [--shots] [-- ARGS]  the browser tests; ARGS go to Playwright; --shots takes a picture of every page
  e2e --pair STORE [-- ARGS]  the same before two instances that share a store: redis or postgres
  bench [WHAT…]            sizes, step, overload, memory, idx, org, page: what they are, beside what they may be
  bench --faults [SECONDS] two instances while one or the store is killed, with Redis and with PostgreSQL (180 s each)
  dist [--static]          the released program, with the client inside; --static needs nothing but a Linux kernel";

/// How long things go wrong, if nobody says.
const FAULTS: Duration = Duration::from_secs(180);

/// One command with what belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Usage,
    Run,
    Watch,
    Test,
    Check,
    E2e(Vec<String>),
    Pair(StoreKind, Vec<String>),
    Shots,
    Bench(Vec<Measure>),
    Faults(Duration),
    Dist(Linked),
}

/// What `bench` can measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Sizes,
    Step,
    Overload,
    Memory,
    Idx,
    Org,
    Page,
}

impl Measure {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 7] =
        [Self::Sizes, Self::Step, Self::Overload, Self::Memory, Self::Idx, Self::Org, Self::Page];

    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sizes => "sizes",
            Self::Step => "step",
            Self::Overload => "overload",
            Self::Memory => "memory",
            Self::Idx => "idx",
            Self::Org => "org",
            Self::Page => "page",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }
}

impl Command {
    /// Reads what follows `cargo xtask`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, Error> {
        let mut words = arguments.iter().map(String::as_str);
        let Some(name) = words.next() else { return Ok(Self::Usage) };
        let rest: Vec<&str> = words.collect();
        match (name, rest.as_slice()) {
            ("help" | "--help" | "-h", _) => Ok(Self::Usage),
            ("run", []) => Ok(Self::Run),
            ("run", ["--watch"]) => Ok(Self::Watch),
            ("test", []) => Ok(Self::Test),
            ("check", []) => Ok(Self::Check),
            ("dist", []) => Ok(Self::Dist(Linked::ToThisMachine)),
            ("dist", ["--static"]) => Ok(Self::Dist(Linked::Statically)),
            ("e2e", []) => Ok(Self::E2e(Vec::new())),
            ("e2e", ["--shots"]) => Ok(Self::Shots),
            ("e2e", ["--", arguments @ ..]) => Ok(Self::E2e(owned(arguments))),
            ("e2e", ["--pair", store]) => Ok(Self::Pair(shared(store)?, Vec::new())),
            ("e2e", ["--pair", store, "--", arguments @ ..]) => {
                Ok(Self::Pair(shared(store)?, owned(arguments)))
            }
            ("bench", ["--faults"]) => Ok(Self::Faults(FAULTS)),
            ("bench", ["--faults", seconds]) => seconds
                .parse()
                .map(|seconds| Self::Faults(Duration::from_secs(seconds)))
                .map_err(|_| unknown("bench --faults", seconds)),
            ("bench", []) => Ok(Self::Bench(Measure::ALL.to_vec())),
            ("bench", names) => names
                .iter()
                .map(|name| Measure::named(name).ok_or_else(|| unknown("bench", name)))
                .collect::<Result<_, _>>()
                .map(Self::Bench),
            ("run" | "test" | "check" | "dist" | "e2e", [first, ..]) => Err(unknown(name, first)),
            _ => Err(Error::usage(format!("There is no command `{name}`.")).hint(USAGE)),
        }
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A store that several instances can share.
fn shared(name: &str) -> Result<StoreKind, Error> {
    match name {
        "redis" => Ok(StoreKind::Redis),
        "postgres" => Ok(StoreKind::Postgres),
        other => Err(unknown("e2e --pair", other)),
    }
}

fn unknown(command: &str, argument: &str) -> Error {
    Error::usage(format!("`cargo xtask {command}` does not know `{argument}`.")).hint(USAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Error> {
        Command::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn each_command_is_known_by_its_name() {
        assert_eq!(parse("run"), Ok(Command::Run));
        assert_eq!(parse("run --watch"), Ok(Command::Watch));
        assert_eq!(parse("test"), Ok(Command::Test));
        assert_eq!(parse("check"), Ok(Command::Check));
        assert_eq!(parse("dist"), Ok(Command::Dist(Linked::ToThisMachine)));
        assert_eq!(parse("dist --static"), Ok(Command::Dist(Linked::Statically)));
        assert_eq!(parse(""), Ok(Command::Usage));
    }

    #[test]
    fn what_follows_two_dashes_goes_to_playwright() {
        let arguments = vec!["sign-in".to_owned(), "--headed".to_owned()];
        assert_eq!(parse("e2e -- sign-in --headed"), Ok(Command::E2e(arguments.clone())));
        assert_eq!(
            parse("e2e --pair redis -- sign-in --headed"),
            Ok(Command::Pair(StoreKind::Redis, arguments))
        );
        assert_eq!(parse("e2e --pair postgres"), Ok(Command::Pair(StoreKind::Postgres, Vec::new())));
        assert!(parse("e2e --pair memory").is_err());
    }

    #[test]
    fn bench_without_a_name_measures_everything() {
        assert_eq!(parse("bench"), Ok(Command::Bench(Measure::ALL.to_vec())));
        assert_eq!(parse("bench sizes"), Ok(Command::Bench(vec![Measure::Sizes])));
        assert_eq!(parse("bench --faults 20"), Ok(Command::Faults(Duration::from_secs(20))));
        assert!(parse("bench --faults soon").is_err());
    }

    #[test]
    fn an_unknown_word_is_refused_and_the_usage_shown() {
        let refused = parse("run --fast").map_err(|error| error.to_string());
        assert!(refused.is_err_and(|said| said.contains("`--fast`") && said.contains("cargo xtask COMMAND")));
        assert!(parse("walk").is_err());
        assert!(parse("bench speed").is_err());
    }
}
