//! Far more people than the app can answer at once: what it still gets done, how the others are told, and how soon it is itself again.

use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

use super::Bed;
use super::figure::{Bound, figure, heading, held, mebibytes, millis};
use super::load::Walk;
use super::machine;
use super::rush::{Rush, Seen};
use super::stub::Stub;
use crate::say;
use crate::trouble::Trouble;

/// As many as keep it busy, and as many as come then: twice what it lets in.
const USUAL: usize = 64;
const MANY: usize = 2048;

/// How long it is watched at its usual work, and how long in the rush.
const USUALLY: Duration = Duration::from_secs(4);
const LASTS: Duration = Duration::from_secs(10);

/// How long whoever was turned away waits before the next try.
const PAUSE: Duration = Duration::from_millis(500);

/// It gets so much of the usual done, whoever is let in is answered within this time, and it holds no more than so much.
const GOODPUT: f64 = 0.8;
const SLOWEST: f64 = 500.0;
const MEMORY: f64 = 150.0;

/// Shows the figures, and whether they are within their bounds.
pub(super) fn measure(bed: &Bed) -> Result<bool, Trouble> {
    raise_the_limit_of_files();
    let stub = Stub::start()?;
    let app = bed.app(stub.url())?;
    let come = |people, lasts| Rush { people, lasts, pause: PAUSE }.at(app.url(), &Walk::at_the_app());
    say::step("bench", &format!("{USUAL} people, then {MANY} for {} s, then {USUAL} again", LASTS.as_secs()));
    let before = rate(&come(USUAL, USUALLY)?, USUALLY);
    let began = machine::memory(app.id())?;
    let seen = come(MANY, LASTS)?;
    let most = machine::most_memory(app.id())?;
    let after = rate(&come(USUAL, USUALLY)?, USUALLY);

    heading("overload");
    figure("steps a second before", before);
    figure("turned away a second", seen.turned_away.len() as f64 / LASTS.as_secs_f64());
    figure("  told within, ms, median", millis(at(&seen.turned_away, 500)));
    figure("memory before, MiB", mebibytes(began));
    let floor = Bound::AtLeast(before * GOODPUT);
    let slowest = millis(at(&seen.answered, 990));
    Ok(held(&[
        ("steps a second in the rush", rate(&seen, LASTS), floor),
        ("  p99 of those let in, ms", slowest, Bound::AtMost(SLOWEST)),
        ("memory in the rush, at most, MiB", mebibytes(most), Bound::AtMost(MEMORY)),
        ("steps a second after", after, floor),
    ]))
}

/// Each of them has a connection, and so has the org for each that is let in.
fn raise_the_limit_of_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the rush says that it cannot begin.
    let _ = setrlimit(Resource::Nofile, rustix::process::Rlimit { current: limit.maximum, ..limit });
}

/// How many were answered a second.
fn rate(seen: &Seen, lasted: Duration) -> f64 {
    seen.answered.len() as f64 / lasted.as_secs_f64()
}

/// The time that so many of a thousand stay below.
fn at(sorted: &[Duration], permille: usize) -> Duration {
    sorted.get(sorted.len().saturating_sub(1) * permille / 1000).copied().unwrap_or_default()
}
