//! The time of one step through the app: alone and in a crowd, against the dev org and against a stub; and beside it,
//! the same through what does less.

use std::process::Command;
use std::time::Duration;

use super::Bed;
use super::figure::{Bound, figure, held, millis};
use super::load::{self, Times, Walk};
use super::machine;
use super::nginx::{MISSING, Nginx};
use super::store::{KEY, Kind, Store};
use super::stub::Stub;
use crate::children::Server;
use crate::run;
use crate::say;
use crate::trouble::Trouble;

/// How many people there are in a crowd.
const CROWD: usize = 64;

/// How many steps are taken in all: enough to be even, few enough to be waited for.
const STEPS: usize = 32_000;

/// The dev org checks passwords the slow way, so it is asked less often.
const STEPS_AT_THE_ORG: usize = 200;

/// A submit may cost so many times the processor time that nginx takes to pass a request.
const TIMES_NGINX: f64 = 3.5;

/// So many submits a second, in the crowd.
const RATE: f64 = 5_000.0;

/// The app may add so much to the slowest hundredth, in the crowd.
const ADDED: Duration = Duration::from_millis(15);

/// One line of the table.
struct Row {
    what: &'static str,
    people: usize,
    times: Times,
    /// From the first step to the last.
    took: Duration,
    processor: Duration,
}

impl Row {
    /// Processor time of one step, in microseconds.
    fn each(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / self.times.count().max(1) as f64
    }

    /// How many steps a second.
    fn rate(&self) -> f64 {
        self.times.rate(self.took)
    }
}

/// Shows the table, and whether the app keeps to its bounds. Only rows of the same run are compared: machines differ.
pub(super) fn measure(bed: &Bed) -> Result<bool, Trouble> {
    let stub = Stub::start()?;
    let mut rows = Vec::new();
    let nginx = Nginx::start(&[stub.url()])?;
    if let Some(nginx) = &nginx {
        rows.push(row("nginx to the stub", nginx.url(), nginx.id(), &Walk::at_the_stub(), CROWD, STEPS)?);
    } else {
        say::step("bench", &format!("{MISSING}, so nothing is compared with it"));
    }
    drop(nginx);
    if let Some(bare_pass) = &bed.bare_pass {
        let bare = Server::start("bare pass", Command::new(bare_pass).arg(stub.url()))?;
        rows.push(row("bare pass to the stub", bare.url(), bare.id(), &Walk::at_the_app(), CROWD, STEPS)?);
    }
    let app = bed.app(stub.url())?;
    rows.push(row("app to the stub", app.url(), app.id(), &Walk::at_the_app(), 1, STEPS / 16)?);
    rows.push(row("app to the stub", app.url(), app.id(), &Walk::at_the_app(), CROWD, STEPS)?);
    drop(app);
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Memory) {
        if let Err(trouble) = kind.is_here() {
            say::step("bench", &format!("{trouble}"));
            continue;
        }
        let store = Store::start(kind)?;
        let mut command = bed.app_command(stub.url());
        command.env("LATCHKEY_STORE", store.address()).env("LATCHKEY_KEYS", KEY);
        let app = Server::start("app", &command)?;
        rows.push(row(kind.name(), app.url(), app.id(), &Walk::at_the_app(), CROWD, STEPS / 4)?);
    }
    let org = bed.org()?;
    let app = bed.app(org.url())?;
    run::introduce(org.url(), run::CLIENT_ID, app.url())?;
    rows.push(row("app to the dev org", app.url(), app.id(), &Walk::at_the_app(), 1, STEPS_AT_THE_ORG)?);
    println!("{}", table(&rows));
    Ok(verdicts(&rows))
}

fn row(
    what: &'static str,
    url: &str,
    process: u32,
    walk: &Walk,
    people: usize,
    steps: usize,
) -> Result<Row, Trouble> {
    say::step("bench", &format!("{steps} steps, {people} at once, {what}"));
    let mut before = Ok(Duration::ZERO);
    let (times, took) = load::steps(url, walk, people, steps, || before = machine::processor_time(process))?;
    let processor = machine::processor_time(process)?.saturating_sub(before?);
    Ok(Row { what, people, times, took, processor })
}

fn table(rows: &[Row]) -> String {
    let mut table = format!(
        "\n{:<24} {:>8} {:>8} {:>10} {:>10} {:>10} {:>10}",
        "one step", "at once", "steps", "median µs", "p99 µs", "CPU µs", "steps/s"
    );
    for row in rows {
        table.push_str(&format!(
            "\n{:<24} {:>8} {:>8} {:>10} {:>10} {:>10.0} {:>10.0}",
            row.what,
            row.people,
            row.times.count(),
            row.times.permille(500).as_micros(),
            row.times.permille(990).as_micros(),
            row.each(),
            row.rate()
        ));
    }
    table
}

/// Says of each bound how near the app is, and returns whether it keeps to all of them.
fn verdicts(rows: &[Row]) -> bool {
    let in_the_crowd = |what: &str| rows.iter().find(|row| row.what == what && row.people == CROWD);
    let Some(app) = in_the_crowd("app to the stub") else { return false };
    let mut within = held(&[("submits a second", app.rate(), Bound::AtLeast(RATE))]);
    if let Some(bare) = in_the_crowd("bare pass to the stub") {
        figure("CPU, times a bare pass's", app.each() / bare.each());
    }
    if let Some(nginx) = in_the_crowd("nginx to the stub") {
        let times = app.each() / nginx.each();
        let added = app.times.permille(990).saturating_sub(nginx.times.permille(990));
        within &= held(&[
            ("CPU, times nginx's", times, Bound::AtMost(TIMES_NGINX)),
            ("p99 added to nginx's, ms", millis(added), Bound::AtMost(millis(ADDED))),
        ]);
    }
    within
}
