//! The rules of the house, as tests: each rule is a function from a file to what is wrong with it.

mod boundaries;
mod crate_dependencies;
mod every_file;
mod image;
mod import_cycles;
mod lock_files;
mod plain_words;
mod promises;
mod rust;
mod style;
mod type_names;
mod versions;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of the checkout.
struct Source {
    /// From the top level, with slashes.
    path: String,
    text: String,
}

impl Source {
    fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    fn within(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// What a rule finds in a file: lines, counted from 1, and what is wrong there.
type Findings = Vec<(usize, String)>;

/// A rule for one file.
type Rule = fn(&Source) -> Findings;

/// Folders of generated files.
const GENERATED: [&str; 7] =
    ["target", "dist", "node_modules", "test-results", "playwright-report", "shots", ".git"];

fn root() -> PathBuf {
    // Asked when it runs: another checkout may have compiled it.
    Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..").canonicalize().unwrap()
}

/// Every text file of the checkout that is not generated.
fn sources() -> Vec<Source> {
    let root = root();
    let mut sources = Vec::new();
    gather(&root, &root, &mut sources);
    assert!(sources.len() > 40, "this is not the whole checkout");
    sources
}

fn gather(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if GENERATED.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            gather(root, &path, sources);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            sources.push(Source { path, text });
        }
    }
}

/// Asserts that no file breaks the rule, and lists every line that does.
fn holds_everywhere(rule: Rule) {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|source| {
            rule(source).into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path))
        })
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Asserts that the rule finds something in a file that breaks it: a rule that finds nothing guards nothing.
fn catches(rule: Rule, path: &str, text: &str) {
    let source = Source { path: path.to_owned(), text: text.to_owned() };
    assert!(!rule(&source).is_empty(), "{path} would go unnoticed: {text}");
}

/// Asserts that the rule leaves a file alone that does not break it.
fn spares(rule: Rule, path: &str, text: &str) {
    let source = Source { path: path.to_owned(), text: text.to_owned() };
    assert_eq!(rule(&source), []);
}

/// The lines that hold one of the words.
fn lines_with(text: &str, words: &[&str]) -> Findings {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered
        .filter_map(|(number, line)| {
            words.iter().find(|word| line.contains(**word)).map(|word| (number, word))
        })
        .map(|(number, word)| (number, format!("`{word}` has no place here")))
        .collect()
}

/// The part of a Rust file that ships: its tests, comments and examples are empty lines.
fn shipped(text: &str) -> String {
    let mut part = Part::Shipped;
    let lines = text.lines().map(|line| {
        let (ships, next) = part.after(line);
        part = next;
        if ships && !line.trim_start().starts_with("//") { line } else { "" }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The part of a file that a line belongs to.
enum Part {
    Shipped,
    /// After `#[cfg(test)]`, before the item it is about.
    TestAttributes,
    /// In an item of a test, which ends with this line.
    Test(String),
}

impl Part {
    /// Whether the line ships, and the part after it.
    fn after(&self, line: &str) -> (bool, Self) {
        let content = line.trim_start();
        match self {
            Self::Shipped if content.trim_end() == "#[cfg(test)]" => (false, Self::TestAttributes),
            Self::Shipped => (true, Self::Shipped),
            Self::TestAttributes if content.starts_with("#[") => (false, Self::TestAttributes),
            Self::TestAttributes if line.ends_with([';', '}']) => (false, Self::Shipped),
            Self::TestAttributes => {
                let indentation = line.len() - content.len();
                (false, Self::Test(format!("{}}}", " ".repeat(indentation))))
            }
            Self::Test(end) if line == end => (false, Self::Shipped),
            Self::Test(end) => (false, Self::Test(end.clone())),
        }
    }
}

#[test]
fn code_after_a_test_module_of_its_own_file_ships() {
    let text = "use a;\n#[cfg(test)]\n#[path = \"b.rs\"]\nmod tests;\nuse c;\n#[cfg(test)]\nmod d {\n    use e;\n}\nuse f;";
    assert_eq!(shipped(text), "use a;\n\n\n\nuse c;\n\n\n\n\nuse f;");
}
