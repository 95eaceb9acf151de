//! File names that contain a hash of the content, so that a browser may cache a file forever.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The hashed name of each file, by its name in the sources.
#[derive(Default)]
pub(super) struct HashedNames(BTreeMap<String, String>);

impl HashedNames {
    /// Gives a file its hashed name.
    pub(super) fn add(&mut self, source: &str, bytes: &[u8]) -> String {
        let name = hashed(source, bytes);
        self.0.insert(source.to_owned(), name.clone());
        name
    }

    /// Gives hashed names to files that refer to one another: each name has a hash of them all.
    pub(super) fn add_together(&mut self, files: &[(&str, &[u8])]) {
        let all: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
        for (source, _) in files {
            self.0.insert((*source).to_owned(), hashed(source, &all));
        }
    }

    /// The hashed name of a file.
    pub(super) fn get(&self, source: &str) -> Option<&str> {
        self.0.get(source).map(String::as_str)
    }

    /// The text with each source name replaced by its hashed name. The end of a longer name is not replaced.
    pub(super) fn rewrite(&self, text: &str) -> String {
        // Longer names first: `style/main.css` before a `main.css` of its own.
        let mut names: Vec<_> = self.0.iter().collect();
        names.sort_by_key(|(source, _)| std::cmp::Reverse(source.len()));
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(character) = rest.chars().next() {
            let found = names.iter().find(|(source, _)| stands_alone(before, rest, source));
            let (written, length) = match found {
                Some((source, name)) => (name.as_str(), source.len()),
                None => (rest.get(..character.len_utf8()).unwrap_or_default(), character.len_utf8()),
            };
            out.push_str(written);
            before = rest.get(..length).and_then(|passed| passed.chars().last());
            rest = rest.get(length..).unwrap_or_default();
        }
        out
    }
}

/// The first half of a file's SHA-256, in hex.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(bytes).iter().take(16) {
        // Writing to a string does not fail.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// The digits of a hash in a file's name: enough to tell the versions of one file apart, and they do not compress.
const DIGITS: usize = 8;

/// `style/main.css` becomes `main-01234567.css`, without the folder.
fn hashed(source: &str, bytes: &[u8]) -> String {
    let file = source.rsplit('/').next().unwrap_or(source);
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let hash = hash(bytes);
    format!("{stem}-{}.{extension}", hash.get(..DIGITS).unwrap_or(&hash))
}

fn stands_alone(before: Option<char>, text: &str, name: &str) -> bool {
    let part_of_a_name =
        |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    let Some(after) = text.strip_prefix(name) else { return false };
    !before.is_some_and(part_of_a_name) && !after.chars().next().is_some_and(part_of_a_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> HashedNames {
        let mut names = HashedNames::default();
        names.add("app.js", b"one");
        names.add("style/main.css", b"two");
        names
    }

    #[test]
    fn a_name_changes_with_the_content_and_only_with_it() {
        assert_eq!(hashed("app.js", b"one"), hashed("app.js", b"one"));
        assert_ne!(hashed("app.js", b"one"), hashed("app.js", b"two"));
        assert!(hashed("style/main.css", b"one").starts_with("main-"));
    }

    #[test]
    fn every_reference_is_replaced() {
        let page = names().rewrite(r#"<link href="/style/main.css"><script src="/app.js">"#);
        assert_eq!(
            page,
            format!(
                r#"<link href="/{}"><script src="/{}">"#,
                hashed("style/main.css", b"two"),
                hashed("app.js", b"one")
            )
        );
    }

    #[test]
    fn a_longer_name_with_the_same_end_is_not_replaced() {
        assert_eq!(names().rewrite("my-app.js app.js.map"), "my-app.js app.js.map");
    }
}
