//! The benchmarks: each figure beside its bound, against what does the same work in the same run.
//!
//! `cargo xtask bench` builds what is measured, names it in environment variables and runs this program.

mod attack;
mod clients;
mod faults;
mod figure;
mod idx;
mod load;
mod memory;
mod nginx;
mod org;
mod overload;
mod page;
mod pair;
mod process_stats;
mod setup;
mod sign_in;
mod sizes;
mod step;
mod stub;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use latchkey_harness::Error;
use latchkey_harness::{parent_death, process};

use setup::Setup;

/// One run of the benchmarks.
#[derive(Debug, PartialEq, Eq)]
enum Run {
    Benchmarks(Vec<Benchmark>),
    Faults(Duration),
}

/// What can be measured, by the name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Benchmark {
    Sizes,
    Step,
    Overload,
    Memory,
    Idx,
    Org,
    Page,
}

impl Benchmark {
    fn named(name: &str) -> Result<Self, Error> {
        match name {
            "sizes" => Ok(Self::Sizes),
            "step" => Ok(Self::Step),
            "overload" => Ok(Self::Overload),
            "memory" => Ok(Self::Memory),
            "idx" => Ok(Self::Idx),
            "org" => Ok(Self::Org),
            "page" => Ok(Self::Page),
            other => Err(Error::usage(format!("There is no benchmark `{other}`."))
                .hint("The names are in `cargo xtask bench --help`.")),
        }
    }

    /// Shows its figures; true if all are within their bounds.
    fn measure(self, setup: &Setup) -> Result<bool, Error> {
        match self {
            Self::Sizes => sizes::measure(setup.client()?),
            Self::Step => step::measure(setup),
            Self::Overload => overload::measure(setup),
            Self::Memory => memory::measure(setup),
            Self::Idx => idx::measure(setup),
            Self::Org => org::measure(setup),
            Self::Page => page::measure(setup.client()?),
        }
    }
}

impl Run {
    /// Reads `NAME…` or `--faults SECONDS`.
    fn parse(arguments: &[String]) -> Result<Self, Error> {
        match arguments {
            [flag, seconds] if flag == "--faults" => seconds
                .parse()
                .map(|seconds| Self::Faults(Duration::from_secs(seconds)))
                .map_err(|_| Error::usage(format!("`{seconds}` is not a number of seconds."))),
            names => names
                .iter()
                .map(|name| Benchmark::named(name))
                .collect::<Result<_, _>>()
                .map(Self::Benchmarks),
        }
    }

    /// Measures everything even if a figure is over its bound; true if none is.
    fn measure(&self, setup: &Setup) -> Result<bool, Error> {
        match self {
            Self::Faults(each) => faults::measure(setup, *each),
            Self::Benchmarks(benchmarks) => {
                let mut within = true;
                for benchmark in benchmarks {
                    within &= benchmark.measure(setup)?;
                }
                Ok(within)
            }
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match parent_death::exec_if_asked(&arguments) {
        Some(error) => Err(error),
        None => run(&arguments),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            error.exit_code()
        }
    }
}

fn run(arguments: &[String]) -> Result<bool, Error> {
    process::end_children_on_signals()?;
    let run = Run::parse(arguments)?;
    run.measure(&Setup::read(|name| env::var_os(name).filter(|value| !value.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Run, Error> {
        Run::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn benchmarks_run_in_the_order_of_their_names() {
        assert_eq!(parse("page sizes"), Ok(Run::Benchmarks(vec![Benchmark::Page, Benchmark::Sizes])));
        assert_eq!(parse("--faults 20"), Ok(Run::Faults(Duration::from_secs(20))));
    }

    #[test]
    fn an_unknown_name_and_a_wrong_number_are_usage_errors() {
        assert!(parse("speed").is_err_and(|error| error.to_string().contains("`speed`")));
        assert!(parse("--faults soon").is_err());
    }
}
