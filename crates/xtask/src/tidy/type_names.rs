//! A type that other files can use has a name of its own in the whole workspace.

use std::collections::{BTreeMap, BTreeSet};

use super::rust::code;
use super::{Source, sources};

/// Names that stand for one thing in two shapes, or belong to each crate by custom.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "the words of the wire are the same on both sides of `translate`",
        &[
            "Authenticator",
            "Captcha",
            "Choice",
            "Feature",
            "Idp",
            "Input",
            "Message",
            "Poll",
            "Profile",
            "Status",
            "Step",
            "Transaction",
        ],
    ),
    ("each crate has its own", &["Cli", "Command", "Config", "Error"]),
    ("the flow of the protocol: as the server stores it, and as the page shows it", &["Flow"]),
    ("a test's stand-in has the name of what it plays", &["Answer", "Browser"]),
];

/// The files in which each type is declared with some `pub`.
fn declared(sources: &[Source]) -> BTreeMap<String, BTreeSet<&str>> {
    let mut declared: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.ends_with(".rs")) {
        for name in code(&source.text).lines().filter_map(type_name) {
            declared.entry(name.to_owned()).or_default().insert(&source.path);
        }
    }
    declared
}

/// The name in `pub struct Name`, `pub(crate) enum Name<T>` and so on.
fn type_name(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = rest.strip_prefix('(').map_or(Some(rest), |rest| Some(rest.split_once(')')?.1))?.trim_start();
    let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
    let rest = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

fn is_allowed(name: &str) -> bool {
    ALLOWED.iter().any(|(_, names)| names.contains(&name))
}

#[test]
fn a_type_name_stands_once_in_the_workspace() {
    let sources = sources();
    let twice = declared(&sources).into_iter().filter(|(name, files)| files.len() > 1 && !is_allowed(name));
    let found: Vec<String> = twice.map(|(name, _)| name).collect();
    assert!(found.is_empty(), "each of these stands in more than one file: {found:?}");
}

#[test]
fn a_type_is_found_with_any_visibility() {
    let names = ["pub struct A;", "    pub(crate) enum B<T> {", "pub(super) trait C: D {", "pub type E = F;"]
        .map(type_name);
    assert_eq!(names, [Some("A"), Some("B"), Some("C"), Some("E")]);
    assert_eq!(["struct A;", "pub fn a() {", "pub use b::C;"].map(type_name), [None; 3]);
    let file =
        |path: &str| Source { path: path.to_owned(), text: "pub struct A;\n// pub struct B;".to_owned() };
    assert_eq!(
        declared(&[file("a.rs"), file("b.rs")]).into_iter().collect::<Vec<_>>(),
        [("A".to_owned(), BTreeSet::from(["a.rs", "b.rs"]))]
    );
}
