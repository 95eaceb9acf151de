//! Names and sentences are plain: no word that means something to its author only.

use super::rust::{code, identifiers, words};
use super::{Findings, Source, holds_everywhere};

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

/// Words that make a sentence a riddle: name the person, program or value instead.
const RIDDLES: &[&str] = &[
    "anybody",
    "everybody",
    "heart",
    "nobody",
    "patience",
    "roster",
    "somebody",
    "tempo",
    "that which",
    "told",
    "tongue",
    "what is there",
    "whoever",
    "whomever",
];

/// The private words in a file's name and in its identifiers, with the line of each; 0 for the file's name.
fn private_words(source: &Source) -> Findings {
    if !source.ends_with(".rs") || source.ends_with("plain_words.rs") {
        return Vec::new();
    }
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

/// The riddles in the comments, test titles and documents of a file.
fn riddles(source: &Source) -> Findings {
    let is_markdown = source.ends_with(".md");
    if source.ends_with("plain_words.rs") {
        return Vec::new();
    }
    if !is_markdown && ![".rs", ".mjs", ".js", ".css"].iter().any(|ending| source.ends_with(ending)) {
        return Vec::new();
    }
    let mut is_example = false;
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        is_example ^= is_markdown && line.starts_with("```");
        if !is_example && let Some(sentence) = sentence(line, is_markdown) {
            let padded = padded(&sentence);
            let riddle = RIDDLES.iter().find(|riddle| padded.contains(&format!(" {riddle} ")));
            found.extend(riddle.map(|riddle| (index + 1, format!("a riddle: {riddle}"))));
        }
    }
    found
}

/// The part of a line that is written for people: a comment, a test title or, in Markdown, all but the code.
fn sentence(line: &str, is_markdown: bool) -> Option<String> {
    if is_markdown {
        return Some(line.split('`').step_by(2).collect::<Vec<_>>().join(" "));
    }
    let start = line.trim_start();
    let title = ["test(", "test.describe(", "describe("].iter().find_map(|call| start.strip_prefix(call));
    title.map(str::to_owned).or_else(|| {
        let at = ["// ", "//! ", "/*"].iter().find_map(|comment| line.find(comment));
        at.map(|at| line[at..].to_owned())
    })
}

/// Lower-case words with one blank before and after each.
fn padded(sentence: &str) -> String {
    let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '@').filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |padded, word| format!("{padded}{} ", word.to_lowercase()))
}

#[test]
fn sentences_are_no_riddles() {
    holds_everywhere(riddles);
}

#[test]
fn a_riddle_is_found_in_sentences_and_not_in_code() {
    let found =
        |path: &str, text: &str| riddles(&Source { path: path.to_owned(), text: text.to_owned() }).len();
    assert_eq!(found("a.rs", "/// Whoever waits is told."), 1);
    assert_eq!(found("a.rs", "let told = \"nobody\"; // a heartbeat"), 0);
    assert_eq!(found("a.mjs", "test('nobody waits', () => {});"), 1);
    assert_eq!(found("a.css", "/* That which\n   moves. */"), 1);
    assert_eq!(found("a.md", "`nobody` and nobody@example.com\n```\nnobody\n```"), 0);
    assert_eq!(found("a.md", "Nobody waits."), 1);
    assert_eq!(found("a.toml", "# nobody"), 0);
}

#[test]
fn names_are_plain_words() {
    holds_everywhere(private_words);
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
