//! Overload: how much the app still serves, how fast it refuses the rest, and whether it recovers.

use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::attack;
use crate::figure::{self, Bound, check, figure, heading, mebibytes, millis};
use crate::load::{self, Requests, ResponseTimes, Times};
use crate::process_stats;
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::Error;
use latchkey_harness::progress;

/// Clients that keep the app busy, ten times as many, and twice as many as it admits.
const USUAL: usize = 64;
const TEN_TIMES: usize = 10 * USUAL;
const FLOOD: usize = 2048;

/// The rounds, and the time of each load. The speed of a machine varies by a fifth from minute to minute, so each load is
/// compared with the usual load right before and after it.
const ROUNDS: usize = 5;
const ROUND_TIME: Duration = Duration::from_secs(3);

/// The least share of the usual rate in percent, the longest times to serve and to refuse in milliseconds, and the most
/// memory in mebibytes.
const MIN_GOODPUT: f64 = 80.0;
const MAX_SERVED: f64 = 500.0;
const MAX_REFUSED: f64 = 20.0;
const MAX_MEMORY: f64 = 150.0;

/// The results of one round.
struct Round {
    ten_times: ResponseTimes,
    flood: ResponseTimes,
    /// Steps a second under the usual load, before and after.
    usual: (f64, f64),
}

impl Round {
    /// The share of the usual rate, in percent.
    fn goodput(&self, times: &ResponseTimes) -> f64 {
        times.served.rate(ROUND_TIME) / f64::midpoint(self.usual.0, self.usual.1) * 100.0
    }
}

/// Prints the figures under load and under attack; true if all are within their bounds.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    raise_file_limit();
    let stub = Stub::start()?;
    let under_load = measure_load(setup, &stub)?;
    Ok(attack::measure(setup, &stub)? && under_load)
}

fn measure_load(setup: &Setup, stub: &Stub) -> Result<bool, Error> {
    let app = setup.app(stub.url())?;
    let run = |clients| load::run_for(app.url(), &Requests::to_app(), clients, ROUND_TIME);
    progress::step("bench", &format!("{USUAL}, {TEN_TIMES} and {FLOOD} clients in turn, {ROUNDS} times"));
    run(USUAL)?;
    let mut usual = run(USUAL)?.served.rate(ROUND_TIME);
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (before, ten_times, flood) = (usual, run(TEN_TIMES)?, run(FLOOD)?);
        usual = run(USUAL)?.served.rate(ROUND_TIME);
        rounds.push(Round { ten_times, flood, usual: (before, usual) });
    }
    let median = |of: &dyn Fn(&Round) -> f64| figure::median(rounds.iter().map(of).collect());
    let slowest = |times: &Times| millis(times.permille(990));

    heading("overload, medians");
    figure("steps a second, 64 clients", median(&|round| round.usual.1));
    figure("refused a second, 2,048 clients", median(&|round| round.flood.refused.rate(ROUND_TIME)));
    figure("  p99 of those refused, ms", median(&|round| slowest(&round.flood.refused)));
    Ok(check(&[
        (
            "640 clients, % of the usual",
            median(&|round| round.goodput(&round.ten_times)),
            Bound::AtLeast(MIN_GOODPUT),
        ),
        (
            "  p99 of those served, ms",
            median(&|round| slowest(&round.ten_times.served)),
            Bound::AtMost(MAX_SERVED),
        ),
        (
            "2,048 clients, % of the usual",
            median(&|round| round.goodput(&round.flood)),
            Bound::AtLeast(MIN_GOODPUT),
        ),
        (
            "  p99 of those served, ms",
            median(&|round| slowest(&round.flood.served)),
            Bound::AtMost(MAX_SERVED),
        ),
        (
            "  median of those refused, ms",
            median(&|round| millis(round.flood.refused.permille(500))),
            Bound::AtMost(MAX_REFUSED),
        ),
        (
            "64 clients after it, % of before",
            median(&|round| round.usual.1 / round.usual.0 * 100.0),
            Bound::AtLeast(MIN_GOODPUT),
        ),
        ("memory at most, MiB", mebibytes(process_stats::peak_memory(app.id())?), Bound::AtMost(MAX_MEMORY)),
    ]))
}

/// Each client needs a file, and each admitted one needs another towards the org.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    // Without it, connecting the clients fails with a message.
    let _ = setrlimit(Resource::Nofile, rustix::process::Rlimit { current: limit.maximum, ..limit });
}
