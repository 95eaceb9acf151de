//! What the app holds in memory: at rest, and with many who have begun to sign in and not gone on. And how soon it listens.

use std::time::Instant;

use crate::figure::{Bound, heading, held, mebibytes, median, millis};
use crate::load;
use crate::machine;
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::Error;
use latchkey_harness::progress;

/// How many have begun.
const SESSIONS: usize = 10_000;

/// What it may hold at rest, and with all of them, in mebibytes.
const BUDGET: (f64, f64) = (15.0, 150.0);

/// How often it is started, and in how many milliseconds it should listen.
const STARTS: usize = 9;
const LISTENS: f64 = 30.0;

/// What one parked flow may cost, in bytes.
const EACH: f64 = 12_288.0;

/// Shows both figures, and whether they are within the budget.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let stub = Stub::start()?;
    let listens = listens(setup, stub.url())?;
    let app = setup.app(stub.url())?;
    let idle = machine::memory(app.id())?;
    progress::step("bench", &format!("parking {SESSIONS} sessions"));
    load::park(app.url(), SESSIONS)?;
    let full = machine::memory(app.id())?;
    let each = full.saturating_sub(idle) as f64 / SESSIONS as f64;
    heading("memory of the app");
    Ok(held(&[
        ("listens after, ms", listens, Bound::AtMost(LISTENS)),
        ("at rest, MiB", mebibytes(idle), Bound::AtMost(BUDGET.0)),
        ("with 10,000 sessions, MiB", mebibytes(full), Bound::AtMost(BUDGET.1)),
        ("one session, bytes", each, Bound::AtMost(EACH)),
    ]))
}

/// The time from its start until it says that it listens, in milliseconds: half of the starts were faster.
fn listens(setup: &Setup, org: &str) -> Result<f64, Error> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let asked = Instant::now();
        let app = setup.app(org)?;
        times.push(millis(asked.elapsed()));
        drop(app);
    }
    Ok(median(times))
}
