//! Versions that must be one and the same.

use super::sources;
use crate::client::stand_in::VERSION;

/// The versions of a package in the text of `Cargo.lock`.
fn locked<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let name = format!("name = \"{package}\"\nversion = \"");
    lock.split(name.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn text_of(path: &str) -> String {
    sources().into_iter().find(|source| source.path == path).map(|source| source.text).unwrap_or_default()
}

#[test]
fn the_client_is_bound_by_the_version_it_was_built_for() {
    let lock = text_of("Cargo.lock");
    assert_eq!(locked(&lock, "wasm-bindgen"), [VERSION]);
    assert_eq!(locked(&lock, "wasm-bindgen-cli-support"), [VERSION]);
}

#[test]
fn trunk_asks_for_the_version_that_we_answer_with() {
    assert!(text_of("Trunk.toml").contains(&format!("wasm_bindgen = \"{VERSION}\"")));
}

#[test]
fn every_version_of_a_package_is_found() {
    let lock = "name = \"a\"\nversion = \"1.0.0\"\n\nname = \"a-b\"\nversion = \"3.0.0\"\n\nname = \"a\"\nversion = \"2.0.0\"\n";
    assert_eq!(locked(lock, "a"), ["1.0.0", "2.0.0"]);
}
