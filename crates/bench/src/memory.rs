//! The memory of the app, idle and with many flows that wait for an answer; and the time until it listens.

use std::time::Instant;

use crate::figure::{Bound, check, heading, mebibytes, median, millis};
use crate::load;
use crate::process_stats;
use crate::setup::Setup;
use crate::stub::Stub;
use latchkey_harness::Error;
use latchkey_harness::progress;

/// The flows that wait.
const FLOWS: usize = 10_000;

/// The most memory idle and with all flows, in mebibytes.
const MAX_IDLE: f64 = 15.0;
const MAX_FULL: f64 = 150.0;

/// How often it is started, and the longest time until it listens, in milliseconds.
const STARTS: usize = 9;
const MAX_START_TIME: f64 = 30.0;

/// The most memory of one flow, in bytes.
const MAX_FLOW: f64 = 12_288.0;

/// Prints the figures; true if all are within their bounds.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let stub = Stub::start()?;
    let start_time = start_time(setup, stub.url())?;
    let app = setup.app(stub.url())?;
    let idle = process_stats::memory(app.id())?;
    progress::step("bench", &format!("beginning {FLOWS} flows"));
    load::begin_flows(app.url(), FLOWS)?;
    let full = process_stats::memory(app.id())?;
    let each = full.saturating_sub(idle) as f64 / FLOWS as f64;
    heading("memory of the app");
    Ok(check(&[
        ("listens after, ms", start_time, Bound::AtMost(MAX_START_TIME)),
        ("idle, MiB", mebibytes(idle), Bound::AtMost(MAX_IDLE)),
        ("with 10,000 flows, MiB", mebibytes(full), Bound::AtMost(MAX_FULL)),
        ("one flow, bytes", each, Bound::AtMost(MAX_FLOW)),
    ]))
}

/// The median time from start until it listens, in milliseconds.
fn start_time(setup: &Setup, org: &str) -> Result<f64, Error> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let started = Instant::now();
        let app = setup.app(org)?;
        times.push(millis(started.elapsed()));
        drop(app);
    }
    Ok(median(times))
}
