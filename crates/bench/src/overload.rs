//! Far more people than the app can answer at once: what it still gets done, how the others are told, and how soon it is itself again.

use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::attack;
use crate::figure::{self, Bound, figure, heading, held, mebibytes, millis};
use crate::load::{self, Seen, Times, Walk};
use crate::machine;
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::Error;
use latchkey_harness::progress;

/// As many as keep it busy, ten times as many, and twice as many as it lets in.
const USUAL: usize = 64;
const TEN_TIMES: usize = 10 * USUAL;
const A_FLOOD: usize = 2048;

/// How often they come, and for how long each time. What the machine itself gets done differs by a fifth from one
/// minute to the next, so that each crowd is compared with the usual one right before and right after it.
const ROUNDS: usize = 5;
const LASTS: Duration = Duration::from_secs(3);

/// It gets so much of the usual done, in percent; whoever is let in is answered within this time, and whoever is not is
/// told so within that; and it holds no more than so much.
const GOODPUT: f64 = 80.0;
const ANSWERED: f64 = 500.0;
const TURNED_AWAY: f64 = 20.0;
const MEMORY: f64 = 150.0;

/// What came of one round.
struct Round {
    ten_times: Seen,
    a_flood: Seen,
    /// Steps a second of the usual crowd, before and after.
    usual: (f64, f64),
}

impl Round {
    /// What part of the usual was done, in percent.
    fn goodput(&self, seen: &Seen) -> f64 {
        seen.answered.rate(LASTS) / f64::midpoint(self.usual.0, self.usual.1) * 100.0
    }
}

/// Shows the figures, with crowds and under attack, and whether they are within their bounds.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    raise_the_limit_of_files();
    let stub = Stub::start()?;
    let crowds = crowds(setup, &stub)?;
    Ok(attack::measure(setup, &stub)? && crowds)
}

fn crowds(setup: &Setup, stub: &Stub) -> Result<bool, Error> {
    let app = setup.app(stub.url())?;
    let come = |people| load::rush(app.url(), &Walk::at_the_app(), people, LASTS);
    progress::step("bench", &format!("{USUAL}, {TEN_TIMES} and {A_FLOOD} people in turn, {ROUNDS} times"));
    come(USUAL)?;
    let mut usual = come(USUAL)?.answered.rate(LASTS);
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (before, ten_times, a_flood) = (usual, come(TEN_TIMES)?, come(A_FLOOD)?);
        usual = come(USUAL)?.answered.rate(LASTS);
        rounds.push(Round { ten_times, a_flood, usual: (before, usual) });
    }
    let median = |of: &dyn Fn(&Round) -> f64| figure::median(rounds.iter().map(of).collect());
    let slowest = |times: &Times| millis(times.permille(990));

    heading("overload, medians");
    figure("steps a second, 64 people", median(&|round| round.usual.1));
    figure("turned away a second, 2,048 people", median(&|round| round.a_flood.turned_away.rate(LASTS)));
    figure("  told so within, ms, p99", median(&|round| slowest(&round.a_flood.turned_away)));
    Ok(held(&[
        (
            "640 people, % of the usual done",
            median(&|round| round.goodput(&round.ten_times)),
            Bound::AtLeast(GOODPUT),
        ),
        (
            "  p99 of those let in, ms",
            median(&|round| slowest(&round.ten_times.answered)),
            Bound::AtMost(ANSWERED),
        ),
        (
            "2,048 people, % of the usual done",
            median(&|round| round.goodput(&round.a_flood)),
            Bound::AtLeast(GOODPUT),
        ),
        (
            "  p99 of those let in, ms",
            median(&|round| slowest(&round.a_flood.answered)),
            Bound::AtMost(ANSWERED),
        ),
        (
            "  the others told so within, ms",
            median(&|round| millis(round.a_flood.turned_away.permille(500))),
            Bound::AtMost(TURNED_AWAY),
        ),
        (
            "64 people after it, % of before",
            median(&|round| round.usual.1 / round.usual.0 * 100.0),
            Bound::AtLeast(GOODPUT),
        ),
        ("memory at most, MiB", mebibytes(machine::most_memory(app.id())?), Bound::AtMost(MEMORY)),
    ]))
}

/// Each of them has a connection, and so has the org for each that is let in.
fn raise_the_limit_of_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the flood says that it cannot begin.
    let _ = setrlimit(Resource::Nofile, rustix::process::Rlimit { current: limit.maximum, ..limit });
}
