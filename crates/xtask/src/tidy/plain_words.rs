//! Names are plain: no word that means something to its author only.

use std::collections::BTreeSet;

use super::rust::{code, identifiers, words};
use super::{Source, known_only, sources};

/// Words that a stranger would have to be told the meaning of, and what to say instead.
const PRIVATE: &[(&str, &str)] = &[
    ("beat", "heartbeat, reply"),
    ("crowd", "clients, connection limit"),
    ("hears", "listens, on"),
    ("heart", "lease"),
    ("lap", "round, screen id"),
    ("nobody", "none"),
    ("patience", "timeout"),
    ("pulse", "heartbeat"),
    ("roster", "session index"),
    ("seldom", "…_INTERVAL"),
    ("sketch", "count-min sketch by its full name"),
    ("snip", "remove"),
    ("somebody", "client, user"),
    ("squeeze", "compress"),
    ("tempo", "pacing"),
    ("told", "warned, shown"),
    ("tongue", "language"),
    ("trouble", "error"),
    ("whoever", "client, caller"),
    ("whose", "owner"),
];

/// The folders in which such words are still used. Each goes when its room is renamed.
const KNOWN: &[&str] = &[
    "backend/src",
    "backend/src/api",
    "backend/src/session",
    "backend/src/session/index",
    "backend/tests/router",
    "frontend/src",
    "frontend/src/flow",
    "frontend/src/form",
    "frontend/src/screens",
];

/// The private words in a file's name and in its identifiers, with the line of each; 0 for the file's name.
fn private_words(source: &Source) -> Vec<(usize, String)> {
    let code = code(&source.text);
    let file = source.path.rsplit('/').next().unwrap_or_default();
    let names = identifiers(&code).chain([(0, file)]);
    let found = names.filter_map(|(line, name)| {
        let private =
            words(name).into_iter().find(|word| PRIVATE.iter().any(|(private, _)| private == word))?;
        Some((line, format!("{name}: {private}")))
    });
    found.collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[test]
fn names_are_plain_words() {
    let sources = sources();
    let rust: Vec<&Source> = sources
        .iter()
        .filter(|source| source.ends_with(".rs") && !source.ends_with("plain_words.rs"))
        .collect();
    let folders: BTreeSet<String> = rust
        .iter()
        .filter(|source| !private_words(source).is_empty())
        .map(|source| folder(&source.path).to_owned())
        .collect();
    for source in rust.iter().filter(|source| !KNOWN.contains(&folder(&source.path))) {
        for (line, name) in private_words(source) {
            println!("{}:{line}: {name}", source.path);
        }
    }
    known_only("plain_words.rs", &folders.into_iter().collect::<Vec<_>>(), KNOWN);
}

#[test]
fn a_private_word_is_found_in_names_and_not_in_sentences() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    assert_eq!(private_words(&source("a/heart.rs", "")), [(0, "heart.rs: heart".to_owned())]);
    assert_eq!(
        private_words(&source("a/b.rs", "\nfn nobody_waits() {}")),
        [(2, "nobody_waits: nobody".to_owned())]
    );
    assert_eq!(private_words(&source("a/b.rs", "// nobody\nfn heartbeat() { \"told\"; }")), []);
}
