//! Versions that must be one and the same.

use serde_json::Value;

use super::sources;
use crate::client::bindgen_command::VERSION;

/// The versions of a package in the text of `Cargo.lock`.
fn locked<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let name = format!("name = \"{package}\"\nversion = \"");
    lock.split(name.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn text_of(path: &str) -> String {
    sources().into_iter().find(|source| source.path == path).map(|source| source.text).unwrap_or_default()
}

/// The packages that stand in for others, by name and file.
fn stubs() -> Vec<(String, String)> {
    let stub =
        |path: &str| Some(path.strip_prefix("frontend/stubs/")?.strip_suffix("/Cargo.toml")?.to_owned());
    sources().into_iter().filter_map(|source| Some((stub(&source.path)?, source.path))).collect()
}

#[test]
fn the_client_is_bound_by_the_version_it_was_built_for() {
    let lock = text_of("Cargo.lock");
    assert_eq!(locked(&lock, "wasm-bindgen"), [VERSION]);
    assert_eq!(locked(&lock, "wasm-bindgen-cli-support"), [VERSION]);
}

#[test]
fn there_is_one_version_of_the_library_that_rewrites_the_client() {
    assert_eq!(locked(&text_of("Cargo.lock"), "walrus").len(), 1);
}

#[test]
fn trunk_asks_for_the_version_that_we_answer_with() {
    assert!(text_of("Trunk.toml").contains(&format!("wasm_bindgen = \"{VERSION}\"")));
}

#[test]
fn no_package_that_the_client_does_without_comes_back_in_another_version() {
    // Cargo only warns about a patch whose version is no longer used.
    let lock = text_of("Cargo.lock");
    for (name, package) in stubs() {
        let of_ours =
            lock.split("[[package]]").filter(|entry| entry.contains(&format!("name = \"{name}\"\n")));
        let (ours, other): (Vec<_>, Vec<_>) = of_ours.partition(|entry| !entry.contains("source = "));
        assert_eq!((ours.len(), other.len()), (1, 0), "{package} does not stand in for {name} any more");
    }
}

#[test]
fn there_is_a_package_that_the_client_does_without() {
    assert!(stubs().iter().any(|(name, _)| name == "wasm-streams"));
}

#[test]
fn every_version_of_a_package_is_found() {
    let lock = "name = \"a\"\nversion = \"1.0.0\"\n\nname = \"a-b\"\nversion = \"3.0.0\"\n\nname = \"a\"\nversion = \"2.0.0\"\n";
    assert_eq!(locked(lock, "a"), ["1.0.0", "2.0.0"]);
}

#[test]
fn renovate_finds_the_versions_that_stand_outside_of_manifests() {
    let settings: Value = serde_json::from_str(&text_of(".github/renovate.json")).unwrap();
    let managers = settings["customManagers"].as_array().unwrap();
    assert_eq!(managers.len(), 3);
    for manager in managers {
        let text = |list: &str| manager[list][0].as_str().unwrap().to_owned();
        let (file, pattern) = (text("managerFilePatterns"), text("matchStrings"));
        let start = pattern.split("(?<").next().unwrap();
        assert!(text_of(&file).contains(start), "{file} does not contain {start}");
    }
}
