//! The time of one step through the app: alone and in a crowd, against the dev org and against a stub; and beside it,
//! the same through what does less.

use std::process::Command;
use std::time::Duration;

use crate::figure::{Bound, figure, held, median, micros};
use crate::load::{self, Walk};
use crate::machine;
use crate::nginx::{MISSING, Nginx};
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::Error;
use latchkey_harness::launch;
use latchkey_harness::progress;
use latchkey_harness::server::Server;
use latchkey_harness::store::{LocalStore, SEALING_KEY, StoreKind};

/// How many people there are in a crowd.
const CROWD: usize = 64;

/// How many steps are taken at a time: enough to be even, few enough to be waited for.
const STEPS: usize = 16_000;

/// How often those that are compared take turns. What the machine itself gets done differs by a fifth from one minute to
/// the next.
const ROUNDS: usize = 5;

/// The dev org checks passwords the slow way, so it is asked less often.
const STEPS_AT_THE_ORG: usize = 200;

/// A submit may cost so many times the processor time that nginx takes to pass a request.
const TIMES_NGINX: f64 = 3.5;

/// So many submits a second, in the crowd.
const RATE: f64 = 5_000.0;

/// The app may add so many milliseconds to the slowest hundredth, in the crowd.
const ADDED: f64 = 15.0;

/// What is compared.
const NGINX: &str = "nginx to the stub";
const BARE: &str = "bare pass to the stub";
const APP: &str = "app to the stub";

/// One line of the table. Times are in microseconds.
#[derive(Clone, Copy)]
struct Row {
    what: &'static str,
    people: usize,
    steps: usize,
    median: f64,
    p99: f64,
    /// Processor time of one step.
    processor: f64,
    /// Steps a second.
    rate: f64,
}

/// Shows the table, and whether the app keeps to its bounds. Only rows of the same run are compared: machines differ.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let stub = Stub::start()?;
    let nginx = Nginx::start(&[stub.url()])?;
    let bare = Server::start("bare pass", Command::new(setup.bare_pass()?).arg(stub.url()))?;
    let app = setup.app(stub.url())?;
    let (at_the_stub, at_the_app) = (Walk::at_the_stub(), Walk::at_the_app());
    if nginx.is_none() {
        progress::step("bench", &format!("{MISSING}, so nothing is compared with it"));
    }
    let mut asked = Vec::new();
    asked.extend(nginx.as_ref().map(|nginx| Asked::new(NGINX, (nginx.url(), nginx.id()), &at_the_stub)));
    asked.push(Asked::new(BARE, (bare.url(), bare.id()), &at_the_app));
    asked.push(Asked::new(APP, (app.url(), app.id()), &at_the_app));
    let mut rows = side_by_side(&asked)?;
    rows.push(Asked::new(APP, (app.url(), app.id()), &at_the_app).by(1, STEPS / 8)?);
    drop((nginx, bare, app));
    for kind in StoreKind::ALL.into_iter().filter(|kind| *kind != StoreKind::Memory) {
        if let Err(error) = kind.check_installed() {
            progress::step("bench", &format!("{error}"));
            continue;
        }
        let store = LocalStore::start(kind)?;
        let mut command = setup.app_command(stub.url())?;
        command.env("LATCHKEY_STORE", store.url()).env("LATCHKEY_KEYS", SEALING_KEY);
        let app = Server::start("app", &command)?;
        rows.push(Asked::new(kind.name(), (app.url(), app.id()), &at_the_app).by(CROWD, STEPS / 2)?);
    }
    let org = setup.org()?;
    let app = setup.app(org.url())?;
    launch::register(org.url(), launch::CLIENT_ID, app.url())?;
    let asked = Asked::new("app to the dev org", (app.url(), app.id()), &at_the_app);
    rows.push(asked.by(1, STEPS_AT_THE_ORG)?);
    println!("{}", table(&rows));
    Ok(verdicts(&rows))
}

/// Lets them take turns, and says of each what was in the middle.
fn side_by_side(all: &[Asked<'_>]) -> Result<Vec<Row>, Error> {
    let mut runs: Vec<Vec<Row>> = all.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for (asked, runs) in all.iter().zip(&mut runs) {
            runs.push(asked.by(CROWD, STEPS)?);
        }
    }
    Ok(runs.iter().filter_map(|runs| middle(runs)).collect())
}

/// Of each figure the one that half of the others stay below.
fn middle(runs: &[Row]) -> Option<Row> {
    let of = |figure: fn(&Row) -> f64| median(runs.iter().map(figure).collect());
    Some(Row {
        median: of(|run| run.median),
        p99: of(|run| run.p99),
        processor: of(|run| run.processor),
        rate: of(|run| run.rate),
        ..*runs.first()?
    })
}

/// Who is asked, and how.
struct Asked<'a> {
    what: &'static str,
    url: &'a str,
    process: u32,
    walk: &'a Walk,
}

impl<'a> Asked<'a> {
    fn new(what: &'static str, (url, process): (&'a str, u32), walk: &'a Walk) -> Self {
        Self { what, url, process, walk }
    }

    /// So many steps, by so many people at once.
    fn by(&self, people: usize, steps: usize) -> Result<Row, Error> {
        progress::step("bench", &format!("{steps} steps, {people} at once, {}", self.what));
        let mut before = Ok(Duration::ZERO);
        let watch = || before = machine::processor_time(self.process);
        let (times, took) = load::steps(self.url, self.walk, people, steps, watch)?;
        let processor = machine::processor_time(self.process)?.saturating_sub(before?);
        Ok(Row {
            what: self.what,
            people,
            steps,
            median: micros(times.permille(500)),
            p99: micros(times.permille(990)),
            processor: micros(processor) / steps as f64,
            rate: times.rate(took),
        })
    }
}

fn table(rows: &[Row]) -> String {
    let mut table = format!(
        "\n{:<24} {:>8} {:>8} {:>10} {:>10} {:>10} {:>10}",
        "one step", "at once", "steps", "median µs", "p99 µs", "CPU µs", "steps/s"
    );
    for row in rows {
        table.push_str(&format!(
            "\n{:<24} {:>8} {:>8} {:>10.0} {:>10.0} {:>10.0} {:>10.0}",
            row.what, row.people, row.steps, row.median, row.p99, row.processor, row.rate
        ));
    }
    table
}

/// Says of each bound how near the app is, and returns whether it keeps to all of them.
fn verdicts(rows: &[Row]) -> bool {
    let in_the_crowd = |what: &str| rows.iter().find(|row| row.what == what && row.people == CROWD);
    let Some(app) = in_the_crowd(APP) else { return false };
    let mut within = held(&[("submits a second", app.rate, Bound::AtLeast(RATE))]);
    if let Some(bare) = in_the_crowd(BARE) {
        figure("CPU, times a bare pass's", app.processor / bare.processor);
    }
    if let Some(nginx) = in_the_crowd(NGINX) {
        let (times, added) = (app.processor / nginx.processor, (app.p99 - nginx.p99) / 1e3);
        within &= held(&[
            ("CPU, times nginx's", times, Bound::AtMost(TIMES_NGINX)),
            ("p99 added to nginx's, ms", added, Bound::AtMost(ADDED)),
        ]);
    }
    within
}
