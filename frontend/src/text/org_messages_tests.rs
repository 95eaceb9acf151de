//! Our words for the org's messages, counted against Okta's keys; and the table of all messages in `docs/wording.md`.

use super::super::counted::{COUNTED, Counted};
use super::super::phrase::PHRASES;
use super::*;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

/// The keys of Okta's catalogue that an org can send at sign-in. `e2e/okta/catalogue.test.mjs` compares them with it.
const OKTA_KEYS: &str = include_str!("okta_keys.txt");
/// How many of them have words of ours. The rest has the org's text. The number may only grow.
const OKTA_KEYS_IN_OUR_WORDS: usize = 148;
/// Set it to update the tables after a message has changed.
const WRITE: &str = "WRITE_WORDING";

fn keys() -> impl Iterator<Item = &'static str> {
    SENTENCES.iter().flat_map(|(_, keys)| keys.split(' '))
}

#[test]
fn a_key_has_one_sentence_and_a_sentence_stands_once() {
    let distinct: BTreeSet<&str> = keys().collect();
    assert_eq!(distinct.len(), keys().count());
    let distinct: BTreeSet<&str> = sentences().collect();
    assert_eq!(distinct.len(), SENTENCES.len());
    assert_eq!(OCCASIONS.len(), SENTENCES.len());
}

#[test]
fn every_key_of_okta_has_our_words_or_the_text_of_the_org() {
    let ours = OKTA_KEYS.lines().filter(|key| english(key).is_some()).count();
    assert_eq!(ours, OKTA_KEYS_IN_OUR_WORDS, "of {} keys", OKTA_KEYS.lines().count());
    assert_eq!(english("idx.a.key.of.next.year"), None);
    // The admin's own words.
    assert_eq!(english("security.access_denied_custom_message"), None);
}

#[test]
fn no_message_is_in_the_words_of_a_program() {
    for sentence in sentences() {
        for word in
            ["Authentication failed", "pattern", "property", "factor", "log in", "login", "Bad request"]
        {
            assert!(!sentence.contains(word), "{sentence}");
        }
        assert!(sentence.ends_with(['.', ':']) || sentence.contains("security requirements"), "{sentence}");
    }
    for (key, sentence) in [
        ("errors.E0000004", "Unable to sign in. Check your username and password, and try again."),
        (
            "registration.error.doesNotMatchPattern",
            "“{0}” is not in the expected format. Check it, and try again.",
        ),
        ("registration.error.invalidLoginEmail", "Enter an email address, such as name@example.com."),
    ] {
        assert_eq!(english(key), Some(sentence));
    }
}

#[test]
fn docs_wording_has_every_message_and_when_it_comes() {
    for (line, when) in PHRASES {
        let is_sentence = line.english().ends_with(['.', '…']);
        assert!(!is_sentence || !when.is_empty(), "say in a comment when this comes: {}", line.english());
    }
    let path = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../docs/wording.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut made = page.clone();
    for (name, table) in [("ours", ours()), ("counted", counted()), ("org", org())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let (before, rest) = made.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        made = [before, &begin, "\n", &table, "\n", &end, after].concat();
    }
    if env::var_os(WRITE).is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(made == page, "a message has changed: run this test once more with {WRITE}=1");
}

fn ours() -> String {
    let rows = PHRASES.iter().filter(|(_, when)| !when.is_empty());
    let rows = rows.map(|(line, when)| row(&[line.english(), when.trim()]));
    table(["message", "when"], rows)
}

fn counted() -> String {
    let rows = COUNTED.iter().map(|Counted { one, other }| row(&[one, other]));
    table(["for 1", "for other numbers"], rows)
}

fn org() -> String {
    let rows = SENTENCES.iter().zip(OCCASIONS);
    let rows = rows.map(|((english, keys), when)| {
        row(&[english, when, &keys.split(' ').map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")])
    });
    table(["message", "when", "keys of the org"], rows)
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = String>) -> String {
    let head = row(&head) + &row(&["---"; N]).replace(' ', "");
    rows.fold(head, |table, row| table + &row)
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('<', "&lt;")).collect();
    format!("| {} |\n", cells.join(" | "))
}
