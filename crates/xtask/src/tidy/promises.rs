//! The table of what is promised: each row names tests that are there, and each test that names a row is in it.

use std::collections::BTreeSet;

use super::{Source, sources};

const TABLE: &str = "docs/security-rows.md";
const BROWSERS: &str = "docs/browsers.md";
const STEPS: &str = "docs/steps.md";

/// The tests that a line of the table names: functions in Rust, or `FILE: TITLE` in the browser.
fn named(line: &str) -> Vec<&str> {
    let tests = line.rsplit('|').nth(1).unwrap_or_default();
    tests.split('`').skip(1).step_by(2).collect()
}

/// The rows that a test names in its own name, such as `SEC-15`.
fn rows(test: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut kind = None;
    for word in test.split('_') {
        match (word, word.parse::<u32>()) {
            ("sec" | "rel", _) => kind = Some(word.to_uppercase()),
            ("to" | "and", _) if kind.is_some() => {}
            (_, Ok(number)) => rows.extend(kind.as_ref().map(|kind| format!("{kind}-{number:02}"))),
            _ => break,
        }
    }
    rows
}

fn functions(sources: &[Source]) -> BTreeSet<&str> {
    let rust = sources.iter().filter(|source| source.ends_with(".rs"));
    let words = rust.flat_map(|source| source.text.split("fn ").skip(1));
    words.filter_map(|rest| rest.split(['(', '<']).next()).collect()
}

fn is_there(test: &str, functions: &BTreeSet<&str>, sources: &[Source]) -> bool {
    match test.split_once(": ") {
        None => functions.contains(test),
        Some((file, title)) => {
            let mut files = sources.iter().filter(|source| source.path.ends_with(file));
            files.any(|source| {
                ['\'', '`'].iter().any(|quote| source.text.contains(&format!("{quote}{title}{quote}")))
            })
        }
    }
}

#[test]
fn every_test_that_the_table_names_is_there() {
    let sources = sources();
    let functions = functions(&sources);
    let table = sources.iter().find(|source| source.path == TABLE).map_or("", |source| &source.text);
    let lines: Vec<&str> =
        table.lines().filter(|line| line.starts_with("| SEC-") || line.starts_with("| REL-")).collect();
    assert!(lines.len() > 40, "{TABLE} has no table");
    let missing: Vec<&str> = lines
        .iter()
        .flat_map(|line| named(line))
        .filter(|test| !is_there(test, &functions, &sources))
        .collect();
    assert!(missing.is_empty(), "{TABLE} names tests that are not there: {missing:#?}");
}

#[test]
fn every_test_that_the_table_of_browsers_names_is_there() {
    let sources = sources();
    let functions = functions(&sources);
    let table = sources.iter().find(|source| source.path == BROWSERS).map_or("", |source| &source.text);
    let is_test = |name: &&str| name.contains(".mjs: ");
    let rows = table.lines().filter(|line| line.starts_with("| "));
    let tests: Vec<&str> = rows.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(is_test).collect();
    assert!(tests.len() > 30, "{BROWSERS} has no table of tests");
    let missing: Vec<_> = tests.iter().filter(|test| !is_there(test, &functions, &sources)).collect();
    assert!(missing.is_empty(), "{BROWSERS} names tests that are not there: {missing:#?}");
    let engines = sources.iter().filter(|source| source.ends_with(".engine.mjs"));
    let titles = engines.flat_map(|source| source.text.split("test('").skip(1));
    let unlisted: Vec<&str> = titles
        .filter_map(|rest| rest.split('\'').next())
        .filter(|title| !tests.iter().any(|test| test.ends_with(&format!(": {title}"))))
        .collect();
    assert!(unlisted.is_empty(), "{BROWSERS} lacks {unlisted:#?}");
}

#[test]
fn every_cell_of_the_table_of_steps_names_a_test_that_is_there() {
    let sources = sources();
    let functions = functions(&sources);
    let table = sources.iter().find(|source| source.path == STEPS).map_or("", |source| &source.text);
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 40, "{STEPS} has no table");
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 5, "{row}");
        for cell in &cells[1..] {
            let test = cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
            match test {
                Some(test) => assert!(is_there(test, &functions, &sources), "{STEPS} names `{test}`"),
                None => panic!("{STEPS} says {cell} instead of a test"),
            }
        }
    }
}

#[test]
fn every_test_that_names_a_row_is_in_the_table() {
    let sources = sources();
    let table = sources.iter().find(|source| source.path == TABLE).map_or("", |source| &source.text);
    let listed = |row: &str, test: &str| {
        let begins = format!("| {row} |");
        table.lines().any(|line| line.starts_with(&begins) && named(line).contains(&test))
    };
    let missing: Vec<String> = functions(&sources)
        .iter()
        .flat_map(|test| rows(test).into_iter().map(move |row| (row, *test)))
        .filter(|(row, test)| !listed(row, test))
        .map(|(row, test)| format!("{row}: {test}"))
        .collect();
    assert!(missing.is_empty(), "{TABLE} lacks {missing:#?}");
}

#[test]
fn a_test_names_its_rows_first() {
    assert_eq!(rows("sec_15_to_17_the_name_of_9"), ["SEC-15", "SEC-17"]);
    assert_eq!(rows("rel_04_an_answer"), ["REL-04"]);
    assert_eq!(rows("a_plain_name"), Vec::<String>::new());
    assert_eq!(named("| SEC-01 | what | `one`, `two` |"), ["one", "two"]);
}
