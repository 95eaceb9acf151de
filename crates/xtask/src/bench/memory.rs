//! What the app holds in memory: at rest, and with many who have begun to sign in and not gone on.

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

/// What one parked flow may cost, in bytes.
const EACH: f64 = 12_288.0;

/// Shows both figures, and whether they are within the budget.
pub(super) fn measure(bed: &Bed) -> Result<bool, Trouble> {
    let stub = Stub::start()?;
    let app = bed.app(stub.url())?;
    let idle = machine::memory(app.id())?;
    say::step("bench", &format!("parking {SESSIONS} sessions"));
    load::park(app.url(), SESSIONS)?;
    let full = machine::memory(app.id())?;
    let each = full.saturating_sub(idle) as f64 / SESSIONS as f64;
    let rows = [
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

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
