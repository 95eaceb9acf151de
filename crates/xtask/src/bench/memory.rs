//! What the app holds in memory: at rest, and with many who have begun to sign in and not gone on. And how soon it listens.

use std::time::Instant;

use super::Bed;
use super::load;
use super::machine;
use super::stub::Stub;
use crate::say;
use crate::trouble::Trouble;

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
pub(super) fn measure(bed: &Bed) -> Result<bool, Trouble> {
    let stub = Stub::start()?;
    let listens = median(bed, stub.url())?;
    let app = bed.app(stub.url())?;
    let idle = machine::memory(app.id())?;
    say::step("bench", &format!("parking {SESSIONS} sessions"));
    load::park(app.url(), SESSIONS)?;
    let full = machine::memory(app.id())?;
    let each = full.saturating_sub(idle) as f64 / SESSIONS as f64;
    let rows = [
        ("listens after, ms", listens, LISTENS),
        ("at rest, MiB", mebibytes(idle), BUDGET.0),
        ("with 10,000 sessions, MiB", mebibytes(full), BUDGET.1),
        ("one session, bytes", each, EACH),
    ];
    println!("\n{:<28} {:>9} {:>9}", "memory of the app", "is", "may be");
    for (what, is, may_be) in rows {
        println!("{what:<28} {is:>9.1} {may_be:>9.1}  {}", if is <= may_be { "within" } else { "OVER" });
    }
    Ok(rows.iter().all(|(_, is, may_be)| is <= may_be))
}

/// The time from its start until it says that it listens: half of the starts were faster.
fn median(bed: &Bed, org: &str) -> Result<f64, Trouble> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let asked = Instant::now();
        let app = bed.app(org)?;
        times.push(asked.elapsed());
        drop(app);
    }
    times.sort();
    Ok(times.get(STARTS / 2).copied().unwrap_or_default().as_secs_f64() * 1e3)
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
