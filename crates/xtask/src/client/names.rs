//! Names that change with the content, so that a browser may keep a file for ever.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// What each file is called in the sources, and what the browser calls it.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Gives a file its name, from what is in it.
    pub(super) fn give(&mut self, plain: &str, bytes: &[u8]) -> String {
        let name = hashed(plain, bytes);
        self.0.insert(plain.to_owned(), name.clone());
        name
    }

    /// The same text with the new names. A name counts where it stands alone, not as the end of a longer one.
    pub(super) fn rewrite(&self, text: &str) -> String {
        // Longer names first: `style/main.css` before a `main.css` of its own.
        let mut names: Vec<_> = self.0.iter().collect();
        names.sort_by_key(|(plain, _)| std::cmp::Reverse(plain.len()));
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(character) = rest.chars().next() {
            let found = names.iter().find(|(plain, _)| stands_alone(before, rest, plain));
            let (written, length) = match found {
                Some((plain, name)) => (name.as_str(), plain.len()),
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

/// `style/main.css` becomes `main-0123456789abcdef.css`: the folders of the sources are of no use to a browser.
fn hashed(plain: &str, bytes: &[u8]) -> String {
    let file = plain.rsplit('/').next().unwrap_or(plain);
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let hash = hash(bytes);
    format!("{stem}-{}.{extension}", hash.get(..16).unwrap_or(&hash))
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

    fn names() -> Names {
        let mut names = Names::default();
        names.give("app.js", b"one");
        names.give("style/main.css", b"two");
        names
    }

    #[test]
    fn a_name_changes_with_the_content_and_only_with_it() {
        assert_eq!(hashed("app.js", b"one"), hashed("app.js", b"one"));
        assert_ne!(hashed("app.js", b"one"), hashed("app.js", b"two"));
        assert!(hashed("style/main.css", b"one").starts_with("main-"));
    }

    #[test]
    fn every_reference_gets_the_new_name() {
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
    fn a_longer_name_that_ends_the_same_is_left_alone() {
        assert_eq!(names().rewrite("my-app.js app.js.map"), "my-app.js app.js.map");
    }
}
