//! The Identity Engine's client by itself: reading a document, building the next request, keeping a flow.

use std::collections::BTreeMap;
use std::process::Command;

use crate::figure::{Bound, heading, held};
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::process;

/// Reading 30 KB into a step and building the next request may take so many microseconds together.
const MICROSECONDS: f64 = 100.0;

/// Runs the crate's own example and holds its figures to their bounds.
pub(crate) fn measure(setup: &Setup) -> Result<bool, Error> {
    let said = process::stdout_of(&mut Command::new(setup.idx_speed()?))?;
    let figures = figures(&said);
    let figure = |name: &str| {
        let missing = || Error::new(format!("The example `speed` did not say {name}."));
        figures.get(name).copied().ok_or_else(missing)
    };
    let micros = figure("read_30kb_us")? + figure("next_request_us")?;
    heading("the client of the engine");
    Ok(held(&[
        ("read 30 KB, build the next, µs", micros, Bound::AtMost(MICROSECONDS)),
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
    fn figures_are_read_by_name_and_other_words_are_passed_over() {
        let read = figures("measured read_us=12.5 kept=900 machine=fast\n");
        assert_eq!(read, BTreeMap::from([("read_us", 12.5), ("kept", 900.0)]));
    }
}
