//! Which room may know which.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};

use super::root;

/// A dependency that must not be, as `from → to`.
type Stray = String;

/// The dependencies of a package, as cargo's metadata describes them.
fn dependencies<'m>(metadata: &'m Value, package: &'m str) -> impl Iterator<Item = &'m Value> {
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let of_it = packages.filter(move |it| it.get("name").and_then(Value::as_str) == Some(package));
    of_it.filter_map(|it| it.get("dependencies")?.as_array()).flatten()
}

fn names<'m>(dependencies: impl Iterator<Item = &'m Value>) -> BTreeSet<String> {
    dependencies.filter_map(|it| it.get("name")?.as_str().map(str::to_owned)).collect()
}

/// The names that a package depends on: those of its tests too, if asked.
fn knows(metadata: &Value, package: &str, tests_too: bool) -> BTreeSet<String> {
    names(
        dependencies(metadata, package).filter(|it| tests_too || it.get("kind").is_some_and(Value::is_null)),
    )
}

/// The names that a package depends on without any feature and without its tests.
fn always_knows(metadata: &Value, package: &str) -> BTreeSet<String> {
    let is_optional = |it: &Value| it.get("optional").and_then(Value::as_bool) == Some(true);
    names(
        dependencies(metadata, package)
            .filter(|it| it.get("kind").is_some_and(Value::is_null) && !is_optional(it)),
    )
}

/// The arrows between rooms that go the wrong way.
fn strays(metadata: &Value) -> Vec<Stray> {
    // The dev org shares no types with what it tests, not even in its own tests.
    const OURS: [&str; 4] = ["latchkey-idx", "latchkey-contract", "latchkey", "latchkey-frontend"];
    const ALL: [&str; 5] =
        ["latchkey-idx", "latchkey-contract", "latchkey", "latchkey-frontend", "latchkey-devorg"];
    let forbidden: [(&str, bool, &[&str]); 9] = [
        ("latchkey-devorg", true, &OURS),
        (
            "latchkey-idx",
            false,
            &["latchkey-contract", "latchkey-devorg", "latchkey", "axum", "tower-sessions", "leptos"],
        ),
        ("latchkey-frontend", true, &["latchkey-idx", "latchkey-devorg", "latchkey"]),
        ("latchkey", false, &["latchkey-devorg", "latchkey-frontend", "leptos", "wasm-bindgen"]),
        (
            "latchkey-vault",
            true,
            &["latchkey-contract", "latchkey-devorg", "latchkey-idx", "latchkey", "axum", "tower-sessions"],
        ),
        ("latchkey-contract", true, &["latchkey-idx", "latchkey-devorg", "latchkey", "latchkey-frontend"]),
        // The tools know the programs from outside, and `xtask` runs before anything else is built.
        ("latchkey-harness", true, &ALL),
        ("latchkey-bench", true, &ALL),
        ("xtask", true, &ALL),
    ];
    let mut found = Vec::new();
    for (package, tests_too, others) in forbidden {
        let known = knows(metadata, package, tests_too);
        found.extend(
            others.iter().filter(|other| known.contains(**other)).map(|other| format!("{package} → {other}")),
        );
    }
    // The contract is serde and nothing else, unless its schemas are asked for; they never reach the client program.
    let contract = always_knows(metadata, "latchkey-contract");
    found.extend(contract.iter().filter(|it| *it != "serde").map(|it| format!("latchkey-contract → {it}")));
    found.extend(knows(metadata, "xtask", true).get("latchkey-bench").map(|it| format!("xtask → {it}")));
    found
}

#[test]
fn the_arrows_between_rooms_point_one_way() {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output();
    let metadata: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    assert!(knows(&metadata, "latchkey", false).contains("latchkey-idx"), "the rooms are not found");
    assert_eq!(strays(&metadata), Vec::<Stray>::new());
}

#[test]
fn an_arrow_that_points_the_wrong_way_is_found() {
    let metadata = json!({ "packages": [
        { "name": "latchkey-devorg", "dependencies": [{ "name": "latchkey-idx", "kind": "dev" }] },
        { "name": "latchkey-contract", "dependencies": [{ "name": "serde", "kind": null }, { "name": "http", "kind": null },
            { "name": "schemars", "kind": null, "optional": true }] },
        { "name": "latchkey", "dependencies": [{ "name": "latchkey-devorg", "kind": "dev" }] },
    ] });
    assert_eq!(strays(&metadata), ["latchkey-devorg → latchkey-idx", "latchkey-contract → http"]);
}
