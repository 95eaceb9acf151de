//! The image: its build stage has what `dist` needs.

use super::sources;

/// What `dist --static` takes from the machine that it runs on.
const NEEDED: [&str; 5] =
    ["musl-tools", "nodejs", "npm", "wasm32-unknown-unknown", "cargo xtask dist --static"];

/// What the first stage of a Containerfile lacks.
fn lacking(containerfile: &str) -> Vec<&'static str> {
    let stage = containerfile.split("\nFROM ").nth(1).unwrap_or_default();
    let is_there = |needed: &str| {
        let lines = stage.lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(|line| line.match_indices(needed).map(move |(at, _)| (line, at))).any(|(line, at)| {
            let next = line.get(at + needed.len()..).and_then(|rest| rest.chars().next());
            next.is_none_or(|next| next.is_whitespace() || next == '"')
        })
    };
    NEEDED.into_iter().filter(|needed| !is_there(needed)).collect()
}

#[test]
fn sec_224_the_image_is_built_with_what_a_release_needs() {
    let sources = sources();
    let text = |path: &str| {
        sources.iter().find(|source| source.path == path).map_or("", |source| source.text.as_str())
    };
    assert_eq!(lacking(text("deploy/Containerfile")), <[&str; 0]>::default());
    let left_out: Vec<&str> = text(".dockerignore").lines().collect();
    assert!(!left_out.contains(&"e2e"), "e2e names the packages of the optimisers");
}

#[test]
fn sec_224_a_build_stage_without_node_is_noticed() {
    let stage = "# The image.\n\nFROM rust AS build\nRUN apt-get install musl-tools\n\
                 RUN rustup target add wasm32-unknown-unknown\nRUN cargo xtask dist --static && cp a b\nFROM scratch\n";
    assert_eq!(lacking(stage), ["nodejs", "npm"]);
    assert_eq!(lacking(&stage.replace("musl-tools", "musl-tools nodejs npm")), <[&str; 0]>::default());
}
