//! The `idx` crate by itself: the time to read a document and build a request, and the size of a stored flow.

use std::collections::BTreeMap;
use std::process::Command;

use crate::figure::{Bound, check, heading};
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::process;

/// The longest time to read 30 KB and build the next request, in microseconds.
const MAX_TIME: f64 = 100.0;

/// Runs the example `speed` of the crate and checks its figures.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let output = process::stdout_of(&mut Command::new(setup.idx_speed()?))?;
    let figures = figures(&output);
    let figure = |name: &str| {
        let missing = || Error::new(format!("The example `speed` did not print {name}."));
        figures.get(name).copied().ok_or_else(missing)
    };
    let micros = figure("read_30kb_us")? + figure("next_request_us")?;
    heading("the client of the engine");
    Ok(check(&[
        ("read 30 KB, build the next, µs", micros, Bound::AtMost(MAX_TIME)),
        ("a kept flow, bytes", figure("kept_bytes")?, Bound::AtMost(figure("document_bytes")?)),
    ]))
}

/// Every `name=number` in a text.
fn figures(text: &str) -> BTreeMap<&str, f64> {
    let words = text.split_whitespace().filter_map(|word| word.split_once('='));
    words.filter_map(|(name, number)| Some((name, number.parse().ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_name_and_other_words_are_ignored() {
        let read = figures("measured read_us=12.5 kept=900 machine=fast\n");
        assert_eq!(read, BTreeMap::from([("read_us", 12.5), ("kept", 900.0)]));
    }
}
