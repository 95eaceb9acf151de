//! The time of one step through the app: alone and in a crowd, against the dev org and against a stub.

use std::time::Duration;

use super::Bed;
use super::load::{self, Steps};
use super::machine;
use super::stub::Stub;
use crate::say;
use crate::trouble::Trouble;

/// How many people there are in a crowd.
const CROWD: usize = 64;

/// How many steps are taken in all: enough to be even, few enough to be waited for.
const STEPS: usize = 32_000;

/// The dev org checks passwords the slow way, so it is asked less often.
const STEPS_AT_THE_ORG: usize = 200;

/// One line of the table.
struct Row {
    what: &'static str,
    people: usize,
    steps: Steps,
    processor: Duration,
}

/// Shows the table. There is no budget for time here: machines differ too much.
pub(super) fn measure(bed: &Bed) -> Result<bool, Trouble> {
    let stub = Stub::start()?;
    let org = bed.org()?;
    let rows = [
        row(bed, "static stub", stub.url(), 1, STEPS / 16)?,
        row(bed, "static stub", stub.url(), CROWD, STEPS)?,
        row(bed, "dev org", org.url(), 1, STEPS_AT_THE_ORG)?,
    ];
    println!("{}", table(&rows));
    Ok(true)
}

fn row(bed: &Bed, what: &'static str, org: &str, people: usize, steps: usize) -> Result<Row, Trouble> {
    say::step("bench", &format!("{steps} steps by {people} against the {what}"));
    let app = bed.app(org)?;
    let mut before = Ok(Duration::ZERO);
    let steps =
        load::steps(app.url(), people, steps / people, || before = machine::processor_time(app.id()))?;
    let processor = machine::processor_time(app.id())?.saturating_sub(before?);
    Ok(Row { what, people, steps, processor })
}

fn table(rows: &[Row]) -> String {
    let mut table = format!(
        "\n{:<20} {:>8} {:>8} {:>10} {:>10} {:>12} {:>10}",
        "one step, app to", "at once", "steps", "median µs", "p99 µs", "app CPU µs", "steps/s"
    );
    for Row { what, people, steps, processor } in rows {
        let each = processor.as_secs_f64() * 1e6 / steps.count().max(1) as f64;
        table.push_str(&format!(
            "\n{what:<20} {people:>8} {:>8} {:>10} {:>10} {each:>12.0} {:>10.0}",
            steps.count(),
            steps.permille(500).as_micros(),
            steps.permille(990).as_micros(),
            steps.rate()
        ));
    }
    table
}
