//! Rules that hold in every room.

use super::{Findings, Source, catches, holds_everywhere, lines_with, sources, spares};

/// A longer file has more than one subject.
const MAX_LINES: usize = 400;

/// A path that exists on one machine only. The words are put together here so that this file does not hold them.
fn no_machine_paths(source: &Source) -> Findings {
    lines_with(
        &source.text,
        &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("C:\\", "Users")],
    )
}

/// The first line says what the room is for.
fn opens_with_its_purpose(source: &Source) -> Findings {
    let says = source.text.strip_prefix("//! ").is_some_and(|rest| !rest.starts_with(char::is_whitespace));
    if !source.ends_with(".rs") || says {
        Vec::new()
    } else {
        vec![(1, "opens without a line `//!`".to_owned())]
    }
}

fn nothing_left_for_later(source: &Source) -> Findings {
    lines_with(
        &source.text,
        &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("HA", "CK:")],
    )
}

/// An exception gives its reason, and goes when the reason goes.
fn exceptions_are_expected(source: &Source) -> Findings {
    if source.ends_with(".rs") {
        lines_with(&source.text, &[concat!("#[", "allow("), concat!("#![", "allow(")])
    } else {
        Vec::new()
    }
}

fn is_long(source: &Source) -> bool {
    let written = [".rs", ".css", ".mjs", ".js"].iter().any(|ending| source.ends_with(ending));
    written && source.text.lines().count() > MAX_LINES
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    catches(no_machine_paths, "README.md", concat!("see /ro", "ot/.cache"));
    spares(no_machine_paths, "README.md", "see ~/.cache and /usr/bin/chromium");
    holds_everywhere(no_machine_paths);
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    catches(opens_with_its_purpose, "a.rs", "use std::fs;");
    catches(opens_with_its_purpose, "a.rs", "//! \nuse std::fs;");
    holds_everywhere(opens_with_its_purpose);
}

#[test]
fn nothing_is_left_for_later() {
    catches(nothing_left_for_later, "a.rs", concat!("// TO", "DO: later"));
    holds_everywhere(nothing_left_for_later);
}

#[test]
fn an_exception_to_a_lint_gives_its_reason() {
    catches(exceptions_are_expected, "a.rs", concat!("#[", "allow(dead_code)]"));
    spares(exceptions_are_expected, "a.rs", "#[expect(dead_code, reason = \"kept for the wire\")]");
    holds_everywhere(exceptions_are_expected);
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let lines = |count| Source { path: "a.rs".to_owned(), text: "\n".repeat(count) };
    assert!(is_long(&lines(MAX_LINES + 1)) && !is_long(&lines(MAX_LINES)));
    let sources = sources();
    let long: Vec<String> =
        sources.iter().filter(|source| is_long(source)).map(|source| source.path.clone()).collect();
    assert!(long.is_empty(), "{long:#?}");
}
