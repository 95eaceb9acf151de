//! The time of one step through the app: one client and many, against the dev org and a stub, beside plain proxies.

use std::process::Command;
use std::time::Duration;

use crate::figure::{Bound, check, figure, median, micros};
use crate::load::{self, Requests};
use crate::nginx::{MISSING, Nginx};
use crate::process_stats;
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::Error;
use latchkey_harness::launch;
use latchkey_harness::progress;
use latchkey_harness::server::ServerProcess;
use latchkey_harness::store::{LocalStore, SEALING_KEY, StoreKind};

/// The clients that run at once.
const CLIENTS: usize = 64;

/// The steps of one run: enough for stable figures.
const STEPS: usize = 16_000;

/// How often the servers are measured in turn. The speed of a machine varies by a fifth from minute to minute.
const ROUNDS: usize = 5;

/// The steps against the dev org, which hashes passwords.
const STEPS_AT_ORG: usize = 200;

/// The most processor time of a step, as a multiple of nginx's.
const MAX_TIMES_NGINX: f64 = 3.5;

/// The lowest rate of steps a second.
const MIN_RATE: f64 = 5_000.0;

/// The most milliseconds that the app adds to nginx's 99th percentile.
const MAX_ADDED: f64 = 15.0;

/// The servers that are compared.
const NGINX: &str = "nginx to the stub";
const BARE: &str = "bare pass to the stub";
const APP: &str = "app to the stub";

/// One line of the table. Times are in microseconds.
#[derive(Clone, Copy)]
struct Row {
    what: &'static str,
    clients: usize,
    steps: usize,
    median: f64,
    p99: f64,
    /// Processor time of one step.
    processor: f64,
    /// Steps a second.
    rate: f64,
}

/// Prints the table; true if the app is within its bounds. Rows are compared only within one run, since machines differ.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let stub = Stub::start()?;
    let nginx = Nginx::start(&[stub.url()])?;
    let bare = ServerProcess::start("bare pass", Command::new(setup.bare_pass()?).arg(stub.url()))?;
    let app = setup.app(stub.url())?;
    let (to_stub, to_app) = (Requests::to_stub(), Requests::to_app());
    if nginx.is_none() {
        progress::step("bench", &format!("{MISSING}, so the app is not compared with it"));
    }
    let mut targets = Vec::new();
    targets.extend(nginx.as_ref().map(|nginx| Target::new(NGINX, (nginx.url(), nginx.id()), &to_stub)));
    targets.push(Target::new(BARE, (bare.url(), bare.id()), &to_app));
    targets.push(Target::new(APP, (app.url(), app.id()), &to_app));
    let mut rows = in_turn(&targets)?;
    rows.push(Target::new(APP, (app.url(), app.id()), &to_app).run(1, STEPS / 8)?);
    drop((nginx, bare, app));
    for kind in StoreKind::ALL.into_iter().filter(|kind| *kind != StoreKind::Memory) {
        if let Err(error) = kind.check_installed() {
            progress::step("bench", &format!("{error}"));
            continue;
        }
        let store = LocalStore::start(kind)?;
        let mut command = setup.app_command(stub.url())?;
        command.env("LATCHKEY_STORE", store.url()).env("LATCHKEY_KEYS", SEALING_KEY);
        let app = ServerProcess::start("app", &command)?;
        rows.push(Target::new(kind.name(), (app.url(), app.id()), &to_app).run(CLIENTS, STEPS / 2)?);
    }
    let org = setup.org()?;
    let app = setup.app(org.url())?;
    launch::register(org.url(), launch::CLIENT_ID, app.url())?;
    let target = Target::new("app to the dev org", (app.url(), app.id()), &to_app);
    rows.push(target.run(1, STEPS_AT_ORG)?);
    println!("{}", table(&rows));
    Ok(verdicts(&rows))
}

/// Measures the targets in turn, and returns the medians of each.
fn in_turn(targets: &[Target<'_>]) -> Result<Vec<Row>, Error> {
    let mut runs: Vec<Vec<Row>> = targets.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for (target, runs) in targets.iter().zip(&mut runs) {
            runs.push(target.run(CLIENTS, STEPS)?);
        }
    }
    Ok(runs.iter().filter_map(|runs| median_row(runs)).collect())
}

/// A row with the median of each figure.
fn median_row(runs: &[Row]) -> Option<Row> {
    let of = |figure: fn(&Row) -> f64| median(runs.iter().map(figure).collect());
    Some(Row {
        median: of(|run| run.median),
        p99: of(|run| run.p99),
        processor: of(|run| run.processor),
        rate: of(|run| run.rate),
        ..*runs.first()?
    })
}

/// A server to measure, and the requests to it.
struct Target<'a> {
    what: &'static str,
    url: &'a str,
    process: u32,
    requests: &'a Requests,
}

impl<'a> Target<'a> {
    fn new(what: &'static str, (url, process): (&'a str, u32), requests: &'a Requests) -> Self {
        Self { what, url, process, requests }
    }

    /// Measures so many steps by so many clients at once.
    fn run(&self, clients: usize, steps: usize) -> Result<Row, Error> {
        progress::step("bench", &format!("{steps} steps, {clients} at once, {}", self.what));
        let mut before = Ok(Duration::ZERO);
        let start_clock = || before = process_stats::processor_time(self.process);
        let (times, took) = load::steps(self.url, self.requests, clients, steps, start_clock)?;
        let processor = process_stats::processor_time(self.process)?.saturating_sub(before?);
        Ok(Row {
            what: self.what,
            clients,
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
            row.what, row.clients, row.steps, row.median, row.p99, row.processor, row.rate
        ));
    }
    table
}

/// Prints the bounds of the app; true if it is within all of them.
fn verdicts(rows: &[Row]) -> bool {
    let with_all_clients = |what: &str| rows.iter().find(|row| row.what == what && row.clients == CLIENTS);
    let Some(app) = with_all_clients(APP) else { return false };
    let mut within = check(&[("steps a second", app.rate, Bound::AtLeast(MIN_RATE))]);
    if let Some(bare) = with_all_clients(BARE) {
        figure("CPU, times a bare pass's", app.processor / bare.processor);
    }
    if let Some(nginx) = with_all_clients(NGINX) {
        let (times, added) = (app.processor / nginx.processor, (app.p99 - nginx.p99) / 1e3);
        within &= check(&[
            ("CPU, times nginx's", times, Bound::AtMost(MAX_TIMES_NGINX)),
            ("p99 added to nginx's, ms", added, Bound::AtMost(MAX_ADDED)),
        ]);
    }
    within
}
