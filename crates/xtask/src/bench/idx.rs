//! The Identity Engine's client by itself: reading a document, building the next request, keeping a flow.

use std::collections::BTreeMap;
use std::process::Command;

use super::figure::{Bound, heading, held};
use crate::cargo;
use crate::process;
use crate::say;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// Reading 30 KB into a step and building the next request may take so many microseconds together.
const MICROSECONDS: f64 = 100.0;

/// Runs the crate's own example and holds its figures to their bounds.
pub(super) fn measure(workspace: &Workspace) -> Result<bool, Trouble> {
    say::step("bench", "building what measures the client of the Identity Engine");
    let program = cargo::example(workspace, "latchkey-idx", "speed")?;
    let said = process::answer(&mut Command::new(program))?;
    let figures = figures(&said);
    let figure = |name: &str| {
        let missing = || Trouble::new(format!("The example `speed` did not say {name}."));
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
